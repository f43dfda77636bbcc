"""The only place where the clock is read, and how times are shown.

Everything that decides takes its time as an argument: a request counts by when the server received
it (see `middleware.ReceivedAt`), a command passes the time explicitly.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

EASTERN = ZoneInfo("America/New_York")
YEARS = range(2000, 2200)  # those in which a window can be


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A time as people read it, and as a browser does."""

    at: datetime

    @property
    def text(self) -> str:
        """As people read it, in Eastern time."""
        return show_day_and_time(self.at)

    @property
    def iso(self) -> str:
        """As a browser does."""
        return self.at.isoformat()


def now() -> datetime:
    """The current time, aware, in UTC. For middleware, commands and model defaults only."""
    return timezone.now()


def show_day_and_time(moment: datetime) -> str:
    """A moment as people read it, for example `June 30, 2023 at 8:00 p.m. ET`."""
    eastern = moment.astimezone(EASTERN)
    return f"{eastern:%B} {eastern.day}, {eastern.year} at {_time_of_day(eastern)} ET"


def show_to_the_second(moment: datetime) -> str:
    """A moment to the second, for receipts: `June 2, 2023 at 2:31:05 p.m. ET`."""
    eastern = moment.astimezone(EASTERN)
    day = f"{eastern:%B} {eastern.day}, {eastern.year}"
    return f"{day} at {_time_of_day(eastern, seconds=True)} ET"


def show_time_of_day(moment: datetime) -> str:
    """Only the time of the day, to the minute: `2:31 p.m. ET`."""
    return f"{_time_of_day(moment.astimezone(EASTERN))} ET"


def show_with_weekday(moment: datetime) -> str:
    """With the day of the week, as the guides write it: `Friday, June 30, 2023 at 8:00 p.m. ET`."""
    return f"{moment.astimezone(EASTERN):%A}, {show_day_and_time(moment)}"


def moment(at: datetime) -> Moment:
    """A time for a page."""
    return Moment(at=at)


def days_before(moment: datetime, days: int) -> datetime:
    """The same time of the day in the East, that many days earlier; 23 to 25 hours each."""
    return (moment.astimezone(EASTERN) - timedelta(days=days)).astimezone(UTC)


def from_eastern_wall_time(text: str) -> datetime:
    """Read an Eastern wall time such as `2023-06-30 20:00`.

    Raises ValueError, with text fit for the person who typed it, when the text is no time, when
    the clocks skip that time in spring, or when it comes twice in autumn.
    """
    try:
        naive = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'"{text}" is not a time like 2023-06-30 20:00.') from None
    if naive.tzinfo is not None:
        raise ValueError(f'"{text}" names a time zone; give Eastern wall time without one.')
    if naive.year not in YEARS:
        raise ValueError(f"{text} is in no year from {YEARS.start} to {YEARS.stop - 1}.")
    first, second = (naive.replace(tzinfo=EASTERN, fold=fold) for fold in (0, 1))
    if first.astimezone(UTC).astimezone(EASTERN).replace(tzinfo=None) != naive:
        raise ValueError(f"{text} doesn't exist: Eastern clocks skip that hour in spring.")
    if first.utcoffset() != second.utcoffset():
        raise ValueError(f"{text} is ambiguous: Eastern clocks show it twice in autumn.")
    return first.astimezone(UTC)


def _time_of_day(eastern: datetime, *, seconds: bool = False) -> str:
    half = "a.m." if eastern.hour < 12 else "p.m."
    tail = f":{eastern.second:02}" if seconds else ""
    return f"{eastern.hour % 12 or 12}:{eastern.minute:02}{tail} {half}"
