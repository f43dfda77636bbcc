"""The Registration Overview, Connected Organizations and the public pages of an explicit year."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from accounts.enums import RoleName
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Enrollment, Offering, ResourceLink, SamplingResult
from tests.browser.explicit_journeys import DAY, close_2022, open_2022
from tests.browser.visitor import Visitor
from tests.browser.world import all_kinds, person, practice, practices
from tests.factories import ParticipationFactory, UserFactory
from tests.registrations.enrolled import begun, enroll

Stops = Iterator[tuple[str, str]]
OVERVIEW = "/registration/2022/overview/practices/"
ACCESS = "/manage-access/practices/"
LONG_NAME = "Associated Gastroenterology and Hepatology Consultants of Greater Baltimore, P.A."
ADDRESS = {"address1": "123 Better Health Way", "city": "Baltimore", "state": "MD"}


def some_practices(jane: Any, offerings: dict[Product, Offering]) -> None:
    """One of each state."""
    both = practice(jane, "Bayview Practice", "000765631")
    enroll(both, offerings, contacts=("Daniel", "Erin"), zip_code="21239", **ADDRESS)
    fresh = practice(jane, "Lakeside Family Practice", "000765632")
    ParticipationFactory(organization=fresh, performance_year=2022, size="25-99")
    enroll(practice(jane, LONG_NAME, "000765633"), offerings, [Product.CAHPS], size="2-24")
    begun(practice(jane, "Northern Heart Center", "000765634"), offerings)
    automatic = practice(jane, "Upton Automatic Clinic", "000765635")
    web = [Product.WEB_INTERFACE]
    enroll(automatic, offerings, web, origin="automatic", carried_from=2021)
    looked_at = practice(jane, "Zebra Clinic", "000765636", RoleName.STAFF_USER)
    enroll(looked_at, offerings, [Product.CAHPS])


def overview_2022(visitor: Visitor) -> Stops:
    """The overview with every state, its tabs, search, and the window."""
    jane = person()
    offerings = open_2022()
    some_practices(jane, offerings)
    all_kinds(jane, 2022)
    visitor.signed_in(jane)
    visitor.go("/home/")
    yield "home", "2022"
    visitor.go("/registration/")
    yield "registration", "2022"
    visitor.go(OVERVIEW)
    yield "overview", "practices"
    for summary in visitor.page.get_by_text("Show Details").all():
        summary.click()
    yield "overview", "details unfolded"
    visitor.go("/registration/2022/overview/apm-entities/")
    yield "overview", "apm entities"
    visitor.go("/registration/2022/overview/virtual-groups/")
    yield "overview", "virtual groups"
    visitor.go(f"{OVERVIEW}?q=nothing+like+it")
    yield "overview", "none match"
    visitor.page.get_by_label("Search by name").fill("123")
    visitor.press("Search")
    yield "overview_search", "refused"
    now = clock.now()
    for enrollment in Enrollment.objects.filter(offering=offerings[Product.CAHPS]):
        SamplingResult.objects.create(
            enrollment=enrollment, outcome="minimum_not_met", loaded_at=now, loaded_by="Operations"
        )
    Offering.objects.filter(product=Product.WEB_INTERFACE).update(closes_at=now)
    visitor.go(OVERVIEW)
    yield "overview", "one of two closed"
    close_2022()
    visitor.go(OVERVIEW)
    yield "overview", "closed"


def connected_organizations(visitor: Visitor) -> Stops:
    """Connected Organizations, with and without the role, and their users."""
    jane, staff = person(), person("Staff", "User")
    visitor.signed_in(staff)
    visitor.go("/manage-access/")
    yield "manage_access", "no role"
    offerings = open_2022()
    some_practices(jane, offerings)
    visitor.signed_in(jane)
    visitor.go(ACCESS)
    yield "connected", "official"
    visitor.follow("View users of Zebra Clinic")
    yield "connected_users", "official"
    visitor.go(ACCESS)
    visitor.page.get_by_label("Search by name").fill("123")
    visitor.press("Search")
    yield "connected_search", "refused"
    url = "https://documents.example.org/how"
    ResourceLink.objects.create(year_id=2022, purpose="how_to_register", url=url)
    practice(staff, "Meadow Clinic", "000765650", RoleName.STAFF_USER)
    visitor.signed_in(staff)
    visitor.go(ACCESS)
    yield "connected", "staff user"
    visitor.go("/registration/")
    yield "registration", "2022, staff user"
    close_2022()
    visitor.go(ACCESS)
    yield "connected", "closed"


def empty_and_long_2022(visitor: Visitor) -> Stops:
    """Nobody's overview, before it opens, and one of several pages."""
    visitor.signed_in(UserFactory())
    open_2022()
    visitor.go("/registration/2022/overview/")
    yield "overview_first", "no role"
    many = person("Many", "Official")
    practices(many, 60)
    visitor.signed_in(many)
    visitor.go(f"{OVERVIEW}?page=2")
    yield "overview", "second page"
    Offering.objects.update(opens_at=clock.now() + 3 * DAY)
    visitor.go(OVERVIEW)
    yield "overview", "not open"


def public_pages_2022(visitor: Visitor) -> Stops:
    """What everybody can read of an explicit year."""
    open_2022()
    visitor.go("/")
    yield "front", "2022"
    visitor.go("/help/")
    yield "help", "2022"
    later = clock.now() + timedelta(days=60)
    Offering.objects.filter(product=Product.CAHPS).update(closes_at=later)
    visitor.go("/")
    yield "front", "2022, two windows"


OVERVIEW_JOURNEYS: list[Any] = [
    overview_2022,
    connected_organizations,
    empty_and_long_2022,
    public_pages_2022,
]
