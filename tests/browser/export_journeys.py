"""Files of lists on the staff site, big numbers, and what folds on a row's page."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.cache import cache

from accounts.models import Message
from organizations.models import DirectoryImport
from registrations.enums import Product
from registrations.models import Contact, Enrollment
from tests.browser.staff_journeys import administrator
from tests.browser.visitor import Visitor
from tests.factories import DURING_2022, OrganizationFactory, explicit_year
from tests.registrations.enrolled import enroll
from tests.staff.pages import page_of

Stops = Iterator[tuple[str, str]]
MESSAGES = "/staff/accounts/message/"
MANY = 1_234


def files_of_lists(visitor: Visitor) -> Stops:
    """A list without anything to take, a form that is sent back, and the way to a row and back."""
    administrator(visitor)
    visitor.go(f"{MESSAGES}export/")
    yield "accounts_message_changelist", "nothing to export"
    _lost_messages()
    visitor.go(f"{MESSAGES}?lost=yes&p=2")
    visitor.follow("Export this list")
    yield "accounts_message_export", "of more than is shown"
    visitor.press("Export")
    yield "accounts_message_export", "without a reason"
    visitor.follow("Cancel")
    visitor.through(visitor.page.locator("#result_list th a").first)
    yield "accounts_message_change", "come to from a list"
    visitor.through(visitor.page.get_by_role("link", name="Messages", exact=True).last)
    yield "accounts_message_changelist", "as it was left"


def big_numbers(visitor: Visitor) -> Stops:
    """The first page of a busy season, and an import of a whole directory."""
    cache.clear()
    offerings = explicit_year()
    _lost_messages()
    for day in range(3):
        enroll(OrganizationFactory(), offerings, [Product.CAHPS])
        last = Enrollment.objects.order_by("pk").last()
        Enrollment.objects.filter(pk=last.pk).update(
            completed_at=DURING_2022 - timedelta(days=9 * day)
        )
    DirectoryImport.objects.create(
        file_name="directory.csv",
        sha256="a" * 64,
        performance_year=2022,
        loaded_by="Operations",
        loaded_at=DURING_2022,
        created=1_234_567,
        changed=12_345,
        unchanged=0,
        refused=1_234,
    )
    administrator(visitor)
    visitor.go("/staff/")
    yield "index", "big numbers"
    visitor.go("/staff/organizations/directoryimport/")
    yield "organizations_directoryimport_changelist", "big numbers"


def fifty_contacts(visitor: Visitor) -> Stops:
    """A registration's page stays one screen; what is folded opens."""
    registration = enroll(OrganizationFactory(), explicit_year(), [Product.CAHPS])
    contact = registration.contacts.get().values()
    Contact.objects.bulk_create(
        Contact(
            registration=registration,
            position=position,
            changed_by="Jane Doe",
            **{**contact, "first_name": f"Daniel{position}"},
        )
        for position in range(2, 51)
    )
    administrator(visitor)
    visitor.go(page_of(registration.enrollments.get()))
    yield "registrations_enrollment_change", "fifty contacts"
    for summary in visitor.page.locator(".staff-folded summary").all():
        summary.click()
    yield "registrations_enrollment_change", "fifty contacts unfolded"


def _lost_messages() -> None:
    Message.objects.bulk_create(
        Message(
            channel="email",
            to="daniel.okafor@example.org",
            subject=f"Registered: {number}",
            body="Registered",
            dedupe_key=str(number),
            status="failed",
            due_at=DURING_2022,
        )
        for number in range(MANY)
    )


EXPORT_JOURNEYS: list[Any] = [files_of_lists, big_numbers, fifty_contacts]
