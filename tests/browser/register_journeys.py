"""A registration of CAHPS in 2023 from Start to its deletion, as in `journeys`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from registrations.models import Contact
from registrations.policy.registration import MAX_CONTACTS
from tests.browser.visitor import Visitor
from tests.browser.world import (
    HOURS,
    PRACTICES,
    address,
    change,
    close,
    contact,
    move,
    open_offering,
    person,
    practice,
    registered,
)
from tests.factories import RoleFactory

Stops = Iterator[tuple[str, str]]


def registering(visitor: Visitor) -> Stops:
    """The Register for CAHPS page from its first form to the last contact, and deleting."""
    jane = person()
    offering = open_offering(year__sampling_notices="fall of 2023")
    organization = practice(jane)
    registration = registered(jane, organization, offering, size="")
    here = address(registration)
    visitor.signed_in(jane)
    visitor.go(here)
    yield "register", "started"
    change(jane, registration, contact(phone=""))
    visitor.go(here)
    yield "register", "unfinished contact"
    mails = visitor.page.get_by_label("E-mail")
    mails.fill("no address")
    visitor.page.get_by_label("Phone").fill("555-010")
    visitor.page.get_by_label("Extension").fill("x")
    visitor.press("Save", exact=True)
    yield "register", "errors"
    mails.fill("pat@example.org")
    visitor.page.get_by_label("Phone").fill("(202) 555-0144")
    visitor.page.get_by_label("Extension").fill("42")
    visitor.page.get_by_role("radio", name="2-24").check()
    visitor.press("Save", exact=True)
    yield "register", "just completed"
    visitor.go(here)
    yield "register", "complete"
    visitor.page.get_by_text("Edit", exact=True).click()
    visitor.page.get_by_text("Help with selecting").click()
    yield "register", "complete, unfolded"
    visitor.press("Add another contact")
    yield "register", "another contact"
    only = Contact.objects.get(registration=registration)
    visitor.go(address(registration, f"contacts/{only.pk}/delete/"))
    yield "delete_contact", "last one"
    change(jane, registration, contact("Alexandria", "Wolfeschlegelsteinhausenbergerdorff"))
    visitor.go(address(registration, f"contacts/{only.pk}/delete/"))
    yield "delete_contact", "asks"
    visitor.go(here)
    yield "register", "two contacts"
    visitor.go(address(registration, "summary/"))
    yield "summary", "official"
    visitor.go(address(registration, "delete/"))
    yield "delete_registration", "asks"
    visitor.press("Delete", exact=True)
    yield "list", "just deleted"
    visitor.go(address(registration, "summary/"))
    yield "summary", "receipt of deletion"
    visitor.go(PRACTICES)
    yield "list", "deleted some time ago"
    visitor.go(here)
    yield "register", "deleted"
    close(offering)
    visitor.go(here)
    yield "register", "deleted and closed"


def new_year(visitor: Visitor) -> Stops:
    """A registration of an organization that was registered the year before; and its last hour."""
    jane = person()
    offering = open_offering()
    organization = practice(jane)
    last = open_offering(year__year=2022)
    registered(jane, organization, last, contact(), contact("Alexandria"), size="25-99")
    registration = registered(jane, organization, offering, size="")
    visitor.signed_in(jane)
    visitor.go(address(registration))
    yield "register", "last year's contacts"
    visitor.press("Use these contacts")
    yield "register", "last year's contacts used"
    move(offering, closes_at=HOURS)
    visitor.go(address(registration))
    yield "register", "last day"
    move(offering, closes_at=timedelta(minutes=40))
    visitor.go(address(registration))
    yield "register", "last hour"
    visitor.go(PRACTICES)
    yield "list", "last hour"
    visitor.go("/")
    yield "front", "last hour"
    move(offering, closes_at=timedelta(seconds=8))
    visitor.go(address(registration))
    visitor.page.get_by_text("Registration has closed").wait_for()
    yield "register", "closed while looking"


def too_late(visitor: Visitor) -> Stops:
    """Pages that were left open over the close."""
    jane = person()
    offering = open_offering()
    organization = practice(jane)
    registration = registered(jane, organization, offering, contact(), contact("Alex"))
    practice(jane, "Lakeside Family Practice", "000765632")
    visitor.signed_in(jane)
    visitor.go(PRACTICES)
    close(offering)
    visitor.press("Register Group for CAHPS Lakeside")
    yield "start", "closed"
    move(offering, closes_at=HOURS)
    visitor.go(address(registration))
    visitor.page.get_by_text("Edit", exact=True).first.click()
    visitor.page.get_by_label("First name").first.fill("Typed too late")
    close(offering)
    visitor.press("Save", exact=True)
    yield "register", "closed while typing"
    visitor.go(address(registration))
    yield "register", "read after the close"
    visitor.go(address(registration, "delete/"))
    yield "delete_registration", "closed"
    first = registration.contacts.order_by("position")[0]
    visitor.go(address(registration, f"contacts/{first.pk}/delete/"))
    yield "delete_contact", "closed"


def changed_by_another(visitor: Visitor) -> Stops:
    """What somebody else stored while the page was open."""
    jane, ken = person(), person("Ken", "Ito")
    offering = open_offering()
    organization = practice(jane)
    RoleFactory(user=ken, organization=organization)
    registration = registered(jane, organization, offering, contact(), contact("Alex"))
    first, second = registration.contacts.order_by("position")
    visitor.signed_in(jane)
    # As it is without the script, which shows it beside the fields.
    visitor.disturbed = True
    visitor.page.route("**/autosave*.js", lambda route: route.abort())
    visitor.go(address(registration))
    change(ken, registration, contact_id=first.pk, last_name=("Example", "Ito"), size="25-99")
    second.delete()
    visitor.page.get_by_role("radio", name="100 or greater").check()
    for fold in visitor.page.get_by_text("Edit", exact=True).all():
        fold.click()
    for field in visitor.page.get_by_label("Last name").all():
        field.fill("Doe")
    visitor.press("Save", exact=True)
    yield "register", "changed by another"


def fifty_contacts(visitor: Visitor) -> Stops:
    """A registration that has no room for another contact."""
    jane = person()
    offering = open_offering()
    organization = practice(jane)
    many = (contact(f"Pat{chr(97 + place % 26)}") for place in range(MAX_CONTACTS))
    registration = registered(jane, organization, offering, *many)
    visitor.signed_in(jane)
    visitor.go(address(registration))
    yield "register", "fifty contacts"


REGISTER_JOURNEYS: list[Any] = [
    registering,
    new_year,
    too_late,
    changed_by_another,
    fifty_contacts,
]
