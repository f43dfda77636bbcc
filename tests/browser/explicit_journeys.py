"""The pages of one organization in an explicit year, in every state that they have."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration
from tests.browser.visitor import Visitor
from tests.browser.world import person, practice
from tests.factories import RoleFactory, YearFactory, explicit_year

Stops = Iterator[tuple[str, str]]
DAY = timedelta(days=1)


def open_2022(*, closes_in: timedelta = 30 * DAY) -> dict[Product, Offering]:
    """Both offerings of 2022, open since ten days."""
    now = clock.now()
    return explicit_year(opens_at=now - 10 * DAY, closes_at=now + closes_in)


def close_2022() -> None:
    """Both windows close just now."""
    Offering.objects.filter(year=2022).update(closes_at=clock.now())


def place(organization: Any, page: str = "") -> str:
    """The address of a page of the organization in 2022."""
    return f"/registration/2022/organizations/{organization.pk}/{page}"


def choose_size(visitor: Visitor, size: str) -> None:
    """On Select Size."""
    visitor.page.get_by_role("radio", name=size).check()
    visitor.press("Continue", exact=True)


def type_contact(visitor: Visitor, first_name: str, last_name: str) -> None:
    """On the form of a contact; it isn't sent."""
    page = visitor.page
    page.get_by_label("First name").fill(first_name)
    page.get_by_label("Last name").fill(last_name)
    page.get_by_label("E-mail").fill(f"{first_name}@example.org".lower())
    page.get_by_label("Phone").fill("(202) 555-0144")


def registering_2022(visitor: Visitor) -> Stops:
    """From Select Size to Congratulations, the second offering, and cancelling."""
    jane = person()
    organization = practice(jane)
    visitor.signed_in(jane)
    open_2022(closes_in=20 * DAY)
    visitor.go(place(organization, "web-interface/"))
    yield "register_page", "no size"
    visitor.go(place(organization, "size/?back=web_interface"))
    yield "size", "none chosen"
    visitor.press("Continue", exact=True)
    yield "size", "nothing chosen"
    choose_size(visitor, "25-99")
    yield "register_page", "nothing but a size"
    visitor.press("Register", exact=True)
    yield "register_page", "gaps"
    visitor.follow("Edit Organization Information")
    yield "information", "filled in"
    visitor.page.get_by_label("City").fill("")
    visitor.page.get_by_label("ZIP code").fill("123")
    visitor.press("Update", exact=True)
    yield "information", "errors"
    visitor.page.get_by_label("City").fill("Baltimore")
    visitor.page.get_by_label("ZIP code").fill("21239")
    visitor.press("Update", exact=True)
    visitor.follow("Edit Jane Doe")
    yield "add_contact", "the official's name"
    visitor.press("Update", exact=True)
    yield "add_contact", "errors"
    type_contact(visitor, "Alexandria", "Wolfeschlegelsteinhausenbergerdorff")
    visitor.press("Update", exact=True)
    yield "register_page", "ready"
    for summary in visitor.page.locator("details > summary").all():
        summary.click()
    yield "register_page", "ready, help unfolded"
    only = Contact.objects.get()
    visitor.go(place(organization, f"contacts/{only.pk}/"))
    yield "edit_contact", "filled in"
    visitor.go(place(organization, f"contacts/{only.pk}/delete/"))
    yield "remove_contact", "last one"
    visitor.go(place(organization, "web-interface/"))
    visitor.press("Register", exact=True)
    yield "registered", "web interface"
    visitor.press("Register for CAHPS for MIPS Survey too")
    yield "registered", "survey"
    visitor.go(place(organization, "web-interface/"))
    yield "register_page", "registered"
    visitor.go(place(organization, "size/"))
    choose_size(visitor, "2-24")
    yield "size", "ends a registration"
    visitor.go(place(organization, "size/"))
    choose_size(visitor, "100 or greater")
    yield "size", "change"
    visitor.go(place(organization, "web-interface/cancel/"))
    yield "cancel_registration", "asks"
    visitor.press("Continue", exact=True)
    yield "cancelled", "web interface"
    registration = Registration.objects.get()
    for product, state in (("web-interface", "receipt of 2022"), ("cahps", "summary of 2022")):
        visitor.go(f"/registrations/{registration.pk}/{product}/summary/")
        yield "summary", state
    visitor.go(place(organization, "cahps/"))
    close_2022()
    visitor.go(place(organization, "cahps/"))
    yield "register_page", "closed"
    visitor.go(place(organization, "cahps/cancel/"))
    yield "cancel_registration", "closed"


def carried_over(visitor: Visitor) -> Stops:
    """Last year's details, and what an automatic registration took over."""
    jane = person()
    organization = practice(jane)
    open_2022()
    visitor.signed_in(jane)
    last = earlier(organization)
    visitor.go(place(organization, "size/?back=web_interface"))
    choose_size(visitor, "25-99")
    yield "register_page", "last year's details"
    visitor.press("Use these contacts")
    visitor.press("Use this address")
    yield "register_page", "last year's details used"
    visitor.press("Register", exact=True)
    Enrollment.objects.update(origin="automatic", completed_by=None)
    Registration.objects.filter(year=2022).update(carried_from=last.year_id)
    visitor.go(place(organization, "web-interface/"))
    yield "register_page", "automatic, to be confirmed"
    visitor.press("Confirm", exact=True)
    yield "register_page", "automatic, confirmed"


def earlier(organization: Any) -> Registration:
    """The organization's registration of 2021."""
    now = clock.now()
    registration = Registration.objects.create(
        organization=organization,
        year=YearFactory(year=2021, completion="explicit"),
        size="25-99",
        name=organization.name,
        address1="9 Old Road",
        city="Towson",
        state="MD",
        zip_code="21204",
        started_at=now,
        changed_at=now,
        changed_by="Jane Doe",
    )
    for number, first_name in enumerate(("Maria", "Daniel"), 1):
        Contact.objects.create(
            registration=registration,
            position=number,
            first_name=first_name,
            last_name="Lopez",
            email=f"{first_name}@example.org".lower(),
            phone="2025550144",
        )
    return registration


def refused_2022(visitor: Visitor) -> Stops:
    """What somebody else stored meanwhile, the close, and a Staff User."""
    jane, staff = person(), person("Staff", "User")
    organization = practice(jane)
    RoleFactory(user=staff, organization=organization, name="staff_user")
    open_2022()
    visitor.signed_in(jane)
    visitor.go(place(organization, "size/?back=cahps"))
    choose_size(visitor, "25-99")
    visitor.follow("Edit Jane Doe")
    type_contact(visitor, "Pat", "Example")
    visitor.press("Update", exact=True)
    Registration.objects.update(size="100+", version=9, changed_by="Ken Ito")
    visitor.press("Register", exact=True)
    yield "register_page", "changed by another"
    visitor.follow("Edit Pat Example")
    Contact.objects.update(phone="2025550177", changed_by="Ken Ito")
    visitor.page.get_by_label("Phone").fill("(202) 555-0188")
    visitor.press("Update", exact=True)
    yield "edit_contact", "changed by another"
    visitor.page.get_by_label("E-mail").fill("late@example.org")
    close_2022()
    visitor.press("Update", exact=True)
    yield "edit_contact", "closed while typing"
    Offering.objects.update(closes_at=clock.now() + DAY / 2)
    visitor.signed_in(staff)
    visitor.go(place(organization, "cahps/"))
    yield "register_page", "staff user"
    visitor.go(place(organization, "information/"))
    yield "information", "staff user"
    visitor.signed_in(jane)
    visitor.go(place(organization, "cahps/"))
    yield "register_page", "last day"


EXPLICIT_JOURNEYS: list[Any] = [registering_2022, carried_over, refused_2022]
