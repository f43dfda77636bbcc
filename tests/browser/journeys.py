"""Every page of the site in every state that it has, as journeys that stop at each.

A journey is a generator: it brings a visitor to a page and yields the name of its address and the
state, while whoever runs the journey inspects the page.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from accounts.enums import RoleName
from qpp_registration import clock
from registrations.models import Contact, Offering, ResourceLink, WindowExtension
from registrations.policy.registration import MAX_CONTACTS
from tests.browser.autosave_journey import saving_by_itself
from tests.browser.caller_journeys import CALLER_JOURNEYS
from tests.browser.deed_journeys import DEED_JOURNEYS
from tests.browser.device_journeys import DEVICE_JOURNEYS
from tests.browser.explicit_journeys import EXPLICIT_JOURNEYS
from tests.browser.export_journeys import EXPORT_JOURNEYS
from tests.browser.history_journeys import HISTORY_JOURNEYS
from tests.browser.overview_journeys import OVERVIEW_JOURNEYS
from tests.browser.people_journeys import PEOPLE_JOURNEYS
from tests.browser.rights_journeys import RIGHTS_JOURNEYS
from tests.browser.role_journeys import ROLE_JOURNEYS
from tests.browser.session_journeys import SESSION_JOURNEYS
from tests.browser.sheet_journeys import sheet_too_late, uploading_sheets
from tests.browser.sign_in_journeys import SIGN_IN_JOURNEYS
from tests.browser.staff_journeys import STAFF_JOURNEYS
from tests.browser.trouble_journeys import TROUBLE_JOURNEYS
from tests.browser.visitor import Visitor
from tests.browser.world import (
    PRACTICES,
    address,
    all_kinds,
    change,
    close,
    contact,
    open_offering,
    person,
    practice,
    practices,
    registered,
    unopened_offering,
)
from tests.factories import RoleFactory, UserFactory

Stops = Iterator[tuple[str, str]]
HOURS = timedelta(hours=5)
LONG_NAME = "Associated Gastroenterology and Hepatology Consultants of Greater Baltimore, P.A."


def move(offering: Offering, **dates: timedelta) -> None:
    """Lay the window anew: opens_at and closes_at, from now on."""
    for name, distance in dates.items():
        setattr(offering, name, clock.now() + distance)
    offering.save()


def public_pages(visitor: Visitor) -> Stops:
    """What everybody can read, at each time of the year."""
    visitor.go("/")
    yield "front", "without a year"
    offering = open_offering(
        year__minimum_sample_small=125,
        year__minimum_sample_medium=190,
        year__minimum_sample_large=255,
        year__notice="Registration was extended because of the hurricane.",
    )
    for purpose in ("fact_sheet", "access_guide", "mvp_registration", "mvp_overview"):
        url = f"https://documents.example.org/{purpose}"
        ResourceLink.objects.create(year=offering.year, purpose=purpose, url=url)
    visitor.go("/")
    yield "front", "open"
    visitor.go("/help/")
    yield "help", "open"
    visitor.go("/accessibility/")
    yield "accessibility", ""
    visitor.go("/privacy/")
    yield "privacy", ""
    move(offering, closes_at=HOURS)
    visitor.go("/")
    yield "front", "last day"
    close(offering)
    visitor.go("/")
    yield "front", "closed"
    visitor.go("/help/")
    yield "help", "closed"
    move(offering, opens_at=timedelta(days=3), closes_at=timedelta(days=30))
    visitor.go("/")
    yield "front", "not open"


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


def error_pages(visitor: Visitor) -> Stops:
    """Pages for when something goes wrong; the addresses are of `broken_pages`."""
    for status in ("400", "403", "404", "413", "500"):
        visitor.go(f"/{status}/")
        yield "", status
    visitor.go("/sign-in/")
    visitor.page.context.clear_cookies()
    visitor.press("Sign in", exact=True)
    yield "sign_in", "403, form too old"
    visitor.signed_in(UserFactory())
    visitor.go("/403/")
    yield "", "403 signed in"


JOURNEYS: list[Any] = [
    saving_by_itself,
    public_pages,
    without_a_role,
    official_on_the_list,
    before_it_opens,
    many_practices,
    many_at_once,
    registering,
    new_year,
    too_late,
    changed_by_another,
    fifty_contacts,
    staff_user,
    uploading_sheets,
    sheet_too_late,
    error_pages,
    *EXPLICIT_JOURNEYS,
    *OVERVIEW_JOURNEYS,
    *HISTORY_JOURNEYS,
    *RIGHTS_JOURNEYS,
    *ROLE_JOURNEYS,
    *SESSION_JOURNEYS,
    *SIGN_IN_JOURNEYS,
    *DEVICE_JOURNEYS,
    *PEOPLE_JOURNEYS,
    *DEED_JOURNEYS,
    *CALLER_JOURNEYS,
    *STAFF_JOURNEYS,
    *EXPORT_JOURNEYS,
    *TROUBLE_JOURNEYS,
]
