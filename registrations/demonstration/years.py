"""The performance years of the two guides, with windows that are open now."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from accounts.actors import Actor, operations
from organizations.enums import OrganizationSize
from qpp_registration.clock import EASTERN
from registrations.enums import Completion, LinkPurpose, Product
from registrations.models import Offering, PerformanceYear
from registrations.years.changes import OfferingRules, YearRules, add_year, change_window

YEARS = (2022, 2023)
CLOSED_YEAR = 2021  # whose details a year with Register takes over
OPEN_SINCE = timedelta(days=7)
OPEN_FOR = timedelta(days=30)
OPENS = time(10)  # Eastern, as in both guides
CLOSES = time(20)

_CONTENT = "https://qpp-cm-prod-content.s3.amazonaws.com/uploads"
_ACCESS_GUIDE = f"{_CONTENT}/335/QPP+Access+User+Guide.zip"
_MVP_REGISTRATION = f"{_CONTENT}/2328/2023%20MVP%20Registration%20Form%20and%20Fact%20Sheet.zip"


def open_window(now: datetime) -> tuple[datetime, datetime]:
    """A window that is open now and closes 30 days from now at 8 p.m. on an Eastern clock."""
    today = now.astimezone(EASTERN).date()
    return (
        datetime.combine(today - OPEN_SINCE, OPENS, EASTERN),
        datetime.combine(today + OPEN_FOR, CLOSES, EASTERN),
    )


def load_years(now: datetime) -> None:
    """Add the years that aren't there, and set the windows of those that are."""
    opens_at, closes_at = open_window(now)
    actor = operations("Demonstration")
    existing = Offering.objects.filter(year__in=YEARS).values_list("year", "product")
    years = {year for year, _ in existing}
    for rules in _rules(opens_at, closes_at):
        if rules.year not in years:
            add_year(rules, actor=actor)
    _load_closed_year(actor)
    for year, product in existing:
        change_window(
            year=year,
            product=Product(product),
            opens_at=opens_at,
            closes_at=closes_at,
            actor=actor,
            received_at=now,
            tells=False,
        )


def _load_closed_year(actor: Actor) -> None:
    """The year before the guides', as the earlier guide of the Web Interface had it."""
    if PerformanceYear.objects.filter(year=CLOSED_YEAR).exists():
        return
    opens_at, closes_at = (
        datetime.combine(date(CLOSED_YEAR, month, day), hour, EASTERN)
        for month, day, hour in ((4, 1, OPENS), (6, 30, CLOSES))
    )
    offerings = [
        OfferingRules(
            product=product, minimum_size=minimum_size, opens_at=opens_at, closes_at=closes_at
        )
        for product, minimum_size in (
            (Product.WEB_INTERFACE, OrganizationSize.MEDIUM),
            (Product.CAHPS, OrganizationSize.SMALL),
        )
    ]
    rules = YearRules(
        year=CLOSED_YEAR,
        completion=Completion.EXPLICIT,
        offerings=offerings,
        mails_contacts=True,
        sampling_notices="fall of 2021",
    )
    add_year(rules, actor=actor)


def _rules(opens_at: datetime, closes_at: datetime) -> Iterator[YearRules]:
    """What the guides say of their years. The minimum samples are not in them."""

    def offering(product: Product, minimum_size: OrganizationSize) -> OfferingRules:
        return OfferingRules(
            product=product, minimum_size=minimum_size, opens_at=opens_at, closes_at=closes_at
        )

    cahps = offering(Product.CAHPS, OrganizationSize.SMALL)
    web_interface = offering(Product.WEB_INTERFACE, OrganizationSize.MEDIUM)
    yield YearRules(
        year=2022,
        completion=Completion.EXPLICIT,
        offerings=[web_interface, cahps],
        mails_contacts=True,
        omb_control_number="0938-1314",
        burden_hours=Decimal("0.25"),
        sampling_notices="fall of 2022",
        links={LinkPurpose.ACCESS_GUIDE: _ACCESS_GUIDE},
    )
    yield YearRules(
        year=2023,
        completion=Completion.AUTOMATIC,
        offerings=[cahps],
        omb_control_number="0938-1222",
        burden_hours=Decimal("0.25"),
        sampling_notices="fall of 2023",
        links={
            LinkPurpose.ACCESS_GUIDE: _ACCESS_GUIDE,
            LinkPurpose.MVP_REGISTRATION: _MVP_REGISTRATION,
            LinkPurpose.MVP_OVERVIEW: "https://qpp.cms.gov/mips/mips-value-pathways",
        },
    )
