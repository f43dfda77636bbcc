"""The register page with each line that it shows while it saves by itself."""

from collections.abc import Iterator

from playwright.sync_api import Route, expect

from accounts.models import Session
from qpp_registration import clock
from registrations.models import Enrollment
from tests.browser.typing import RETRYING, SAVED, Typist, is_save
from tests.browser.visitor import Visitor
from tests.browser.world import change, close, contact, open_offering, person, practice, registered
from tests.factories import RoleFactory


def saving_by_itself(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """Saving, saved, not saved and why, retrying, changed by somebody else, signed out, closed."""
    jane, ken = person(), person("Ken", "Ito")
    offering = open_offering(year__sampling_notices="fall of 2023")
    organization = practice(jane)
    RoleFactory(user=ken, organization=organization)
    registration = registered(jane, organization, offering, contact(), contact("Alex"), size="")
    first, second = registration.contacts.order_by("position")
    typist = Typist(visitor, registration).open(jane)
    visitor.disturbed = True

    with typist.saves("Registration complete. Saved at"):
        typist.size("2-24").check()
    yield "register", "completed by itself"
    with typist.saves("Phone of contact 1 not saved"):
        typist.type("Phone", "202-555")
    typist.field("Extension").focus()
    yield "register", "not saved and why"
    with typist.saves():
        typist.type("Phone", "2025550133")
    yield "register", "saved by itself"

    change(ken, registration, contact_id=first.pk, last_name=("Example", "Ito"), size="25-99")
    with typist.saves("Changed by someone else"):
        typist.type("Last name", "Doe")
        typist.size("100 or greater").check()
    expect(visitor.page.get_by_role("button", name="Keep mine")).to_have_count(2)
    yield "register", "changed by someone else"
    for button, reads in (("Last name", "Changed by someone else"), ("Organization Size", SAVED)):
        with typist.saves(reads):
            visitor.page.get_by_role("button", name=f"Keep mine {button}").click()
    second.delete()
    with typist.saves("This contact was deleted meanwhile"):
        typist.type("Extension", "5", number=2)
    yield "register", "contact deleted meanwhile"

    typist.open()
    held: list[Route] = []
    visitor.page.route(
        "**/cahps/",
        lambda route: held.append(route) if is_save(route.request) else route.continue_(),
    )
    typist.type("Phone", "2025550155")
    typist.reads("Saving…")
    yield "register", "saving"
    visitor.page.context.set_offline(True)
    held[0].abort()
    visitor.page.unroute_all()
    typist.reads(RETRYING)
    yield "register", "retrying"
    visitor.page.context.set_offline(False)
    typist.reads(SAVED)
    Session.objects.all().delete()
    with typist.saves("Signed out"):
        typist.type("Phone", "2025550166")
    yield "register", "signed out while typing"
    visitor.signed_in(jane)
    with typist.saves():
        typist.type("Extension", "7")
    change(jane, registration, contact_id=first.pk, extension=("7", "8"))
    with typist.saves("Changed in another window"):
        typist.type("Extension", "9")
        typist.field("Phone").focus()
    yield "register", "changed in another window"
    deleted = Enrollment.objects.filter(registration=registration)
    before = deleted.values("status", "cancelled_at").get()
    deleted.update(status="cancelled", cancelled_at=clock.now())
    with typist.saves("This registration was deleted"):
        typist.type("Phone", "2025550188")
    yield "register", "deleted while typing by itself"
    deleted.update(**before)
    typist.open()
    close(offering)
    with typist.saves("Registration closed on"):
        typist.type("Phone", "2025550177")
    yield "register", "closed while typing by itself"
