"""Staff at the phone: looking a caller up, and the officials' pages as that caller sees them."""

from collections.abc import Iterator
from typing import Any

from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from tests.browser.visitor import Visitor
from tests.browser.world import address, contact, open_offering, person, practice, registered
from tests.factories import UserFactory

Stops = Iterator[tuple[str, str]]


def looking_up_a_caller(visitor: Visitor) -> Stops:
    """From the field to what blocks the caller."""
    jane, casey = person(), person("Casey", "Moreau")
    put_into(casey, StaffGroup.ADMINISTRATOR)
    organization = practice(jane)
    registered(jane, organization, open_offering(), size="")
    UserFactory(first_name="Sam", phone="2025550177")
    UserFactory(first_name="Kim", phone="2025550177", is_active=False)
    visitor.signed_in(casey).go("/staff/")
    visitor.through(visitor.page.get_by_role("link", name="Look up a caller").first)
    yield "callers", "look up a caller"
    look_up(visitor, "")
    yield "callers", "look up a caller, nothing entered"
    look_up(visitor, "nobody.here")
    yield "callers", "look up a caller, nobody"
    look_up(visitor, "0177")
    yield "callers", "look up a caller, several"
    visitor.through(visitor.page.get_by_role("button", name="Kim"))
    yield "callers_person", "look up a caller, disabled person"
    visitor.through(visitor.page.get_by_role("link", name="Look up a caller").first)
    look_up(visitor, "00-0765630")
    yield "callers_organization", "look up a caller, organization"
    visitor.through(visitor.page.get_by_role("link", name="Jane Doe"))
    yield "callers_person", "look up a caller, person"
    visitor.through(visitor.page.get_by_role("link", name="The person’s page"))
    yield "accounts_user_change", "page of a person"
    visitor.through(visitor.page.get_by_role("link", name="Disable the account"))
    yield "accounts_user_disable", "disable the account"


def look_up(visitor: Visitor, text: str) -> None:
    visitor.page.get_by_label("What the caller says").fill(text)
    visitor.through(visitor.page.get_by_role("button", name="Look up"))


def viewing_as_an_official(visitor: Visitor) -> Stops:
    """What the person sees, what saving answers, and the way out."""
    jane, casey = person(), person("Casey", "Moreau")
    put_into(casey, StaffGroup.SERVICE_CENTER)
    registration = registered(jane, practice(jane), open_offering(), contact())
    visitor.signed_in(casey).go(f"/staff/accounts/user/{jane.pk}/view-as/")
    visitor.page.get_by_label("Reason").fill("Call 4711")
    visitor.through(visitor.page.get_by_role("button", name="View as this person"))
    yield "home", "viewing as somebody"
    visitor.go(address(registration))
    yield "register", "viewing as somebody"
    with visitor.page.expect_navigation():
        visitor.page.get_by_label("2-24").press("Enter")
    visitor.sees("Nothing was saved")
    yield "register", "nothing is saved while viewing"
    visitor.press("Exit view")
    yield "", "back from a view"


CALLER_JOURNEYS: list[Any] = [looking_up_a_caller, viewing_as_an_official]
