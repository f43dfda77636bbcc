"""The dates of offerings and of years as pages tell them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from organizations.enums import OrganizationKind, OrganizationSize
from qpp_registration.clock import Moment, moment, show_with_weekday
from registrations.enums import Completion, Product, WindowState
from registrations.models import Offering, PerformanceYear
from registrations.policy.registration import window_state
from registrations.words.reasons import time_left


@dataclass(frozen=True, kw_only=True)
class Season:
    """The window of an offering, seen from the moment `now` (ISO 8601).

    `left` is empty unless it is open. `lowest`: the fewest clinicians that may register.
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
    lowest: int

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

    @property
    def extended_sentence(self) -> str:
        """The same after the close, above organizations of which some have an extension."""
        return (
            f"Registration closed on {self.closes_long}. Only organizations with an extension can "
            f"still be changed; everything can be viewed and printed."
        )


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
        lowest=OrganizationSize(offering.minimum_size).lowest,
    )


@dataclass(frozen=True, kw_only=True)
class YearSeason:
    """A performance year with the windows of what can be registered in it, Web Interface first.

    `main` is the window that speaks for all: the open one that closes last, else the next to open,
    else the last that closed.
    """

    row: PerformanceYear
    offerings: Sequence[Offering]
    seasons: Sequence[Season]
    main: Season

    @property
    def year(self) -> int:
        """The performance year."""
        return self.row.year

    @property
    def year_before(self) -> int:
        """The performance year whose submitters are registered automatically."""
        return self.row.year - 1

    @property
    def is_explicit(self) -> bool:
        """Whether *Register* is pressed in this year."""
        return self.row.completion == Completion.EXPLICIT

    @property
    def is_open(self) -> bool:
        """Whether something can be registered at the moment."""
        return self.main.is_open

    @property
    def windows(self) -> list[Season]:
        """The seasons whose dates have to be told: one for all where they are the same."""
        times = {(season.opens.iso, season.closes.iso) for season in self.seasons}
        return [self.main] if len(times) == 1 else list(self.seasons)

    @property
    def names(self) -> str:
        """What can be registered: *CMS Web Interface and CAHPS for MIPS Survey*."""
        return " and ".join(season.product.label for season in self.seasons)

    @property
    def short_names(self) -> str:
        """The same as buttons say it: *CMS Web Interface and CAHPS*."""
        return " and ".join(season.product.short for season in self.seasons)

    @property
    def box_title(self) -> str:
        """The same as *Connected Organizations* says it (2022 guide, III.5)."""
        return " & ".join(season.product.in_box for season in self.seasons)

    @property
    def either_name(self) -> str:
        """The same where one is enough: *CMS Web Interface or the CAHPS for MIPS Survey*."""
        return " or the ".join(season.product.label for season in self.seasons)

    @property
    def web_interface(self) -> Season | None:
        """The Web Interface's window, in a year that has it."""
        return self._season(Product.WEB_INTERFACE)

    @property
    def cahps(self) -> Season | None:
        """The survey's window, in a year that has it."""
        return self._season(Product.CAHPS)

    def _season(self, product: Product) -> Season | None:
        return next((found for found in self.seasons if found.product == product), None)

    @property
    def list_url(self) -> str:
        """The list of organizations of the year."""
        if self.is_explicit:
            return reverse("overview_first", args=[self.year])
        return reverse("first_tab", args=[self.year, self.main.product])

    def place_of(self, kind: OrganizationKind, organization_id: UUID) -> str:
        """Where the organization stands on the list of its kind."""
        if self.is_explicit:
            here = reverse("overview", kwargs={"year": self.year, "kind": kind})
            return f"{here}?at={organization_id}#organization-{organization_id}"
        here = reverse(
            "list", kwargs={"year": self.year, "product": self.main.product, "kind": kind}
        )
        return f"{here}?organization={organization_id}"

    def of(self, product: Product) -> Offering | None:
        """The offering of that product, if the year has it."""
        return next((found for found in self.offerings if found.product == product), None)


def year_season(row: PerformanceYear, offerings: Sequence[Offering], at: datetime) -> YearSeason:
    """The year, seen from `at`. It has at least one offering."""
    seasons = [season_of(offering, at) for offering in offerings]
    return YearSeason(row=row, offerings=offerings, seasons=seasons, main=min(seasons, key=_first))


def current_year(years: Sequence[YearSeason]) -> YearSeason | None:
    """The year to begin with: the newest open one, else the next to open, else the last closed.

    `years` come newest first.
    """
    return min(years, key=lambda year: _first(year.main)[:2], default=None)


def _first(season: Season) -> tuple[int, float, float]:
    """The order in which windows matter; the close decides among a year's own."""
    rank = {WindowState.NOT_OPEN: 1, WindowState.CLOSED: 2}.get(season.state, 0)
    opens, closes = season.opens.at.timestamp(), season.closes.at.timestamp()
    return rank, opens if season.state == WindowState.NOT_OPEN else 0, -closes
