"""What CMS staff does on the staff site about registrations, organizations and years."""

from collections.abc import Iterator
from typing import Any

from accounts.policy.rights import StaffGroup
from registrations.enums import Product
from registrations.models import PerformanceYear
from tests.browser.visitor import Visitor
from tests.browser.world import contact, open_offering, person, practice, registered
from tests.factories import DeviceFactory, UserFactory, VirtualGroupFactory, explicit_year
from tests.registrations.enrolled import enroll
from tests.registrations.year_pages import INFORMATION
from tests.staff.deed_pages import deed_of
from tests.staff.pages import page_of

Stops = Iterator[tuple[str, str]]


def manager(visitor: Visitor) -> None:
    """A Program manager who has just given password and code."""
    user = UserFactory(staff_group=StaffGroup.PROGRAM_MANAGER, first_name="Casey")
    DeviceFactory(user=user)
    visitor.signed_in(user)


def deeds_on_a_registration(visitor: Visitor) -> Stops:
    """Each form, a refusal, a size that ends a registration, and what isn't possible then."""
    here = practice(person(device=False))
    registration = enroll(here, explicit_year(), contacts=("Daniel", "Maria"), **INFORMATION)
    row = registration.enrollments.get(offering__product=Product.WEB_INTERFACE)
    manager(visitor)
    visitor.go(page_of(row))
    yield "registrations_enrollment_change", "registered"
    for deed in ("information", "add-contact", "delete-contact", "end"):
        visitor.go(deed_of(row, deed))
        yield f"registrations_enrollment_{deed}", "empty"
    visitor.go(deed_of(row, "change-contact", registration.contacts.first().pk))
    visitor.press("Change")
    yield "registrations_enrollment_change-contact", "without a reason"
    visitor.go(deed_of(row, "size"))
    visitor.page.get_by_label("2-24").check()
    visitor.page.get_by_label("Reason").fill("They called.")
    visitor.press("Change the size")
    yield "registrations_enrollment_size", "to be confirmed"
    visitor.press("Confirm: Change the size")
    yield "registrations_enrollment_change", "ended by the size"
    for deed in ("restore", "register"):
        visitor.go(deed_of(row, deed))
        yield f"registrations_enrollment_{deed}", "empty"


def deeds_on_an_organization(visitor: Visitor) -> Stops:
    """Registering with what is lacking, the window, and what is on record."""
    jane = person(device=False)
    here, group, offering = practice(jane), VirtualGroupFactory(), open_offering()
    registered(jane, practice(jane, "Another", "000765631"), offering, contact("Daniel", "Okafor"))
    manager(visitor)
    visitor.go(page_of(here))
    yield "organizations_organization_change", "nothing registered"
    visitor.go(deed_of(here, "register", offering.pk))
    visitor.page.get_by_label("Contact: first name").fill("Daniel")
    visitor.press("Register")
    yield "organizations_organization_register", "half a contact"
    visitor.go(deed_of(here, "extend", offering.pk))
    visitor.page.get_by_label("Open until").fill("2027-03-14 02:30")
    visitor.page.get_by_label("Reason").fill("An outage.")
    visitor.press("Extend the window")
    yield "organizations_organization_extend", "a time that doesn’t exist"
    visitor.page.get_by_label("Open until").fill("2027-03-14 20:00")
    visitor.press("Extend the window")
    yield "organizations_organization_change", "extended"
    for deed, of in (("end-extension", offering.pk), ("correct", "")):
        visitor.go(deed_of(here, deed, of))
        yield f"organizations_organization_{deed}", "empty"
    visitor.go(page_of(group))
    yield "organizations_organization_change", "not possible"
    visitor.go(deed_of(group, "participation", 2023))
    visitor.page.get_by_label("CMS-approved virtual group").check()
    visitor.page.get_by_label("Reason").fill("Approved on Monday.")
    visitor.press("Correct")
    yield "organizations_organization_participation", "to be confirmed"


def deeds_on_a_year(visitor: Visitor) -> Stops:
    """Copying it, its settings, and a window that is moved."""
    offerings = explicit_year()
    enroll(practice(person(device=False)), offerings, **INFORMATION)
    year = PerformanceYear.objects.get()
    manager(visitor)
    for deed in ("copy", "settings"):
        visitor.go(deed_of(year, deed))
        yield f"registrations_performanceyear_{deed}", "empty"
    visitor.go(deed_of(offerings[Product.CAHPS], "window"))
    visitor.page.get_by_label("Closes").fill("2022-07-08 20:00")
    visitor.page.get_by_label("Reason").fill("An outage.")
    visitor.press("Move the window")
    yield "registrations_offering_window", "to be confirmed"
    visitor.press("Confirm: Move the window")
    yield "registrations_offering_change", "moved"


DEED_JOURNEYS: list[Any] = [deeds_on_a_registration, deeds_on_an_organization, deeds_on_a_year]
