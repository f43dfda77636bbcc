"""Several registrations in one go, as in `journeys`."""

from collections.abc import Iterator
from typing import Any

from registrations.models import Contact
from tests.browser.visitor import Visitor
from tests.browser.world import (
    PRACTICES,
    address,
    close,
    contact,
    open_offering,
    person,
    practices,
    registered,
)

Stops = Iterator[tuple[str, str]]


def many_at_once(visitor: Visitor) -> Stops:
    """Registering several practices, copying and applying contacts, changing a person."""
    jane = person()
    offering = open_offering()
    made = practices(jane, 5)
    incomplete = registered(jane, made[0], offering, size="")
    complete = registered(jane, made[1], offering, contact(), contact("Alex"))
    page = visitor.page
    visitor.signed_in(jane)
    visitor.go(PRACTICES)
    page.get_by_label("Select all on this page").check()
    yield "list", "all selected"
    visitor.press("Register selected for CAHPS")
    yield "register_many", "sizes"
    visitor.press("Review", exact=True)
    yield "register_many", "errors"
    page.get_by_role("group", name="The same size for all").get_by_label("25-99").check()
    page.get_by_label("E-mail").fill("jane@example.org")
    page.get_by_label("Phone").fill("(202) 555-0123")
    visitor.press("Add another contact")
    yield "register_many", "another contact"
    visitor.press("Review", exact=True)
    yield "register_many", "review"
    for number in range(50):
        Contact.objects.create(registration=incomplete, position=number + 1, first_name="P")
    visitor.press("Register 4 practices")
    yield "register_many", "outcome"
    visitor.go(address(complete, "contacts/copy/"))
    yield "copy_contacts", "choice"
    visitor.go(address(complete, "contacts/copy/?q=nothing+like+it"))
    yield "copy_contacts", "none match"
    visitor.go(address(complete, "contacts/copy/"))
    visitor.follow("Preview Practice 003")
    yield "copy_contacts", "preview"
    first = complete.contacts.earliest("position")
    visitor.go(address(complete, f"contacts/{first.pk}/apply/"))
    yield "apply_contact", "choice"
    visitor.press("Review", exact=True)
    yield "apply_contact", "nothing ticked"
    page.get_by_label("Select all on this page").check()
    visitor.press("Review", exact=True)
    yield "apply_contact", "review"
    visitor.press("Apply to")
    yield "apply_contact", "outcome"
    visitor.go("/registration/2023/cahps/people/")
    yield "change_person", "empty"
    visitor.press("Search")
    yield "change_person", "nothing entered"
    page.get_by_label("E-mail of the contact").fill("nobody@example.org")
    visitor.press("Search")
    yield "change_person", "nobody"
    visitor.go(f"/registration/2023/cahps/people/?contact={first.pk}")
    yield "change_person", "found"
    visitor.press("Review", exact=True)
    yield "change_person", "nothing new"
    page.get_by_label("New phone").fill("(202) 555-0188")
    visitor.press("Review", exact=True)
    yield "change_person", "review"
    close(offering)
    visitor.press("Change 4 registrations")
    yield "change_person", "closed meanwhile"
    visitor.go(address(complete, "contacts/copy/"))
    yield "copy_contacts", "closed"


MANY_JOURNEYS: list[Any] = [many_at_once]
