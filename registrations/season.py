"""An offering's dates as pages tell them."""

from dataclasses import dataclass
from datetime import datetime

from qpp_registration.clock import show_day_and_time, show_with_weekday
from registrations.enums import Product, WindowState
from registrations.models import Offering, PerformanceYear
from registrations.policy import window_state
from registrations.wording import time_left


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A time as people read it, and as a browser does."""

    text: str
    iso: str


@dataclass(frozen=True, kw_only=True)
class Season:
    """The window of an offering, seen from the moment `now` (ISO 8601).

    `left` is empty unless it is open.
    """

    year: int
    product: Product
    state: WindowState
    now: str
    opens: Moment
    closes: Moment
    opens_long: str
    closes_long: str
    left: str

    @property
    def is_open(self) -> bool:
        """Whether something can be registered at the moment."""
        return self.state in {WindowState.OPEN, WindowState.LAST_DAY}

    @property
    def sentence(self) -> str:
        """The window in a sentence."""
        match self.state:
            case WindowState.NOT_OPEN:
                return f"Registration opens on {self.opens_long}."
            case WindowState.CLOSED:
                return (
                    f"Registration closed on {self.closes_long}. Nothing can be changed any more; "
                    f"everything can still be viewed and printed."
                )
            case WindowState.LAST_DAY:
                return f"Registration closes on {self.closes_long}."
            case _:
                return f"Registration is open until {self.closes_long}."


def moment(at: datetime) -> Moment:
    """A time for a page."""
    return Moment(text=show_day_and_time(at), iso=at.isoformat())


def season_of(offering: Offering, at: datetime, closes_at: datetime | None = None) -> Season:
    """The offering's window seen from `at`; `closes_at`: an organization's effective close."""
    closes_at = closes_at or offering.closes_at
    state = window_state(at, opens_at=offering.opens_at, closes_at=closes_at)
    is_open = state in {WindowState.OPEN, WindowState.LAST_DAY}
    return Season(
        year=offering.year_id,
        product=Product(offering.product),
        state=state,
        now=at.isoformat(),
        opens=moment(offering.opens_at),
        closes=moment(closes_at),
        opens_long=show_with_weekday(offering.opens_at),
        closes_long=show_with_weekday(closes_at),
        left=time_left(at, closes_at) if is_open else "",
    )


def current_season(
    years: list[PerformanceYear], product: Product, at: datetime
) -> tuple[PerformanceYear, Season] | None:
    """The year to begin with: an open one, else the next to open, else the last that closed.

    `years` come newest first, with their offerings prefetched.
    """
    rank = {
        WindowState.LAST_DAY: 0,
        WindowState.OPEN: 0,
        WindowState.NOT_OPEN: 1,
        WindowState.CLOSED: 2,
    }
    seasons = [
        (year, season_of(offering, at))
        for year in years
        for offering in year.offerings.all()
        if offering.product == product
    ]
    return min(seasons, key=lambda found: rank[found[1].state], default=None)
