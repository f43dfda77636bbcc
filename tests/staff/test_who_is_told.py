"""The answer of a deed names the contacts exactly when mail goes to them."""

import pytest
import time_machine
from django.test import Client

from registrations.enums import Product
from registrations.models import Enrollment, Offering, PerformanceYear
from tests.factories import OrganizationFactory, RoleFactory
from tests.registrations.enrolled import enroll
from tests.registrations.year_pages import INFORMATION
from tests.staff.deed_pages import mails, press

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
ALL = "The contacts and the Security Officials are told by e-mail, without the reason."
OFFICIALS = "The Security Officials are told by e-mail, without the reason."


@pytest.fixture
def row(offerings: Offerings) -> Enrollment:
    """A registration with one contact, and an official."""
    practice = RoleFactory(organization=OrganizationFactory()).organization
    return enroll(practice, offerings, [Product.CAHPS], **INFORMATION).enrollments.get()


def told_contacts() -> int:
    return sum(to.startswith("daniel") for to, _subject in mails())


@pytest.mark.parametrize("tells_contacts", [True, False])
def test_ended_restored_and_registered_again(
    tells_contacts: bool,
    row: Enrollment,
    service_center: Client,
    june_2022: time_machine.Traveller,
) -> None:
    PerformanceYear.objects.update(mails_contacts=tells_contacts)
    says = ALL if tells_contacts else OFFICIALS
    for number, (deed, done) in enumerate(
        (
            ("end", "The registration is ended."),
            ("restore", "Restored."),
            ("end", "The registration is ended."),
            ("register", "Registered."),
        ),
        start=1,
    ):
        june_2022.shift(60)
        assert f"{done} {says}" in press(service_center, row, deed).says
        assert told_contacts() == (number if tells_contacts else 0)


def test_contacts_do_not_hear_of_what_was_never_complete(
    row: Enrollment, service_center: Client
) -> None:
    Enrollment.objects.update(status="incomplete", completed_at=None)
    page = press(service_center, row, "end")
    assert f"The registration is ended. {OFFICIALS}" in page.says
    assert told_contacts() == 0
    page = press(service_center, row, "restore")
    assert f"Restored. {OFFICIALS}" in page.says
    assert told_contacts() == 0
