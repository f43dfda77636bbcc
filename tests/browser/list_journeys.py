"""The way to the list of CAHPS in 2023 and the list itself, as in `journeys`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from accounts.enums import RoleName
from qpp_registration import clock
from registrations.models import WindowExtension
from tests.browser.visitor import Visitor
from tests.browser.world import (
    HOURS,
    PRACTICES,
    address,
    all_kinds,
    close,
    contact,
    move,
    open_offering,
    person,
    practice,
    practices,
    registered,
    unopened_offering,
)
from tests.factories import RoleFactory

Stops = Iterator[tuple[str, str]]
LONG_NAME = "Associated Gastroenterology and Hepatology Consultants of Greater Baltimore, P.A."


def without_a_role(visitor: Visitor) -> Stops:
    """A person who can't register anything yet."""
    visitor.signed_in(person("New", "User"))
    visitor.go("/home/")
    yield "home", "without a year"
    visitor.go("/registration/")
    yield "registration", "without a year"
    open_offering()
    visitor.go("/home/")
    yield "home", "no role"
    visitor.go("/registration/")
    yield "registration", "no role"
    visitor.go("/registration/2023/cahps/")
    yield "first_tab", "no role"
    visitor.go("/nowhere/")
    yield "", "404 signed in"


def official_on_the_list(visitor: Visitor) -> Stops:
    """The list with every status, its tabs, search, and the window."""
    jane = person()
    offering = open_offering()
    all_kinds(jane)
    complete = practice(jane, "Lakeside Family Practice", "000765632")
    registered(jane, complete, offering, contact())
    incomplete = practice(jane, LONG_NAME, "000765633")
    registered(jane, incomplete, offering, contact(phone=""), size="")
    looked_at = practice(jane, "Northern Heart Center", "000765634", RoleName.STAFF_USER)
    WindowExtension.objects.create(
        organization=complete,
        offering=offering,
        until=clock.now() + timedelta(days=60),
        reason="Flood",
        granted_by="Operations",
        granted_at=clock.now(),
    )
    visitor.signed_in(jane)
    visitor.go("/home/")
    yield "home", "open"
    visitor.go("/registration/")
    yield "registration", "official"
    visitor.go(PRACTICES)
    yield "list", "practices"
    for summary in visitor.page.get_by_text("Don’t see an organization").all():
        summary.click()
    yield "list", "practices, help unfolded"
    visitor.go("/registration/2023/cahps/virtual-groups/")
    yield "list", "virtual groups"
    visitor.go("/registration/2023/cahps/apm-entities/")
    yield "list", "apm entities"
    visitor.go(f"{PRACTICES}?q=nothing+like+it")
    yield "list", "none match"
    visitor.go(f"{PRACTICES}?organization={looked_at.pk}")
    yield "list", "one found"
    visitor.page.get_by_role("searchbox").or_(visitor.page.get_by_role("textbox")).first.fill("123")
    visitor.press("Search")
    yield "search", "refused"
    move(offering, closes_at=HOURS)
    visitor.go(PRACTICES)
    yield "list", "last day"
    visitor.go("/home/")
    yield "home", "last day"
    visitor.go("/registration/")
    yield "registration", "last day"
    close(offering)
    visitor.go(PRACTICES)
    yield "list", "closed"
    visitor.go("/home/")
    yield "home", "closed"
    visitor.go("/registration/")
    yield "registration", "closed"


def before_it_opens(visitor: Visitor) -> Stops:
    """An official who comes too early."""
    jane = person()
    practice(jane)
    unopened_offering()
    visitor.signed_in(jane)
    visitor.go(PRACTICES)
    yield "list", "not open"
    visitor.go("/home/")
    yield "home", "not open"
    visitor.go("/registration/")
    yield "registration", "not open"


def many_practices(visitor: Visitor) -> Stops:
    """A list of several pages."""
    many = person("Many", "Official")
    practices(many, 150)
    open_offering()
    visitor.signed_in(many)
    visitor.go(f"{PRACTICES}?page=3")
    yield "list", "third page"


def staff_user(visitor: Visitor) -> Stops:
    """Somebody who may look but not change."""
    jane, staff = person(), person("Staff", "User")
    offering = open_offering()
    organization = practice(jane)
    not_started = practice(jane, "Lakeside Family Practice", "000765632")
    for known in (organization, not_started):
        RoleFactory(user=staff, organization=known, name=RoleName.STAFF_USER)
    registration = registered(jane, organization, offering, contact())
    visitor.signed_in(staff)
    visitor.go("/registration/")
    yield "registration", "staff user"
    visitor.go(PRACTICES)
    yield "list", "staff user"
    visitor.go(address(registration))
    yield "register", "staff user"
    visitor.go(address(registration, "summary/"))
    yield "summary", "staff user"
    visitor.go(address(registration, "delete/"))
    yield "delete_registration", "staff user"


LIST_JOURNEYS: list[Any] = [
    without_a_role,
    official_on_the_list,
    before_it_opens,
    many_practices,
    staff_user,
]
