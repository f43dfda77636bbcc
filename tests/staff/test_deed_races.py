"""Two members of CMS staff press at the same moment: one effect, one event."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Message, User
from accounts.policy.rights import StaffGroup
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import (
    Enrollment,
    PerformanceYear,
    RegistrationNumber,
    WindowExtension,
    WindowMove,
)
from registrations.years.window_moves import compose_moves
from tests.factories import (
    DURING_2022,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)
from tests.registrations.enrolled import enroll
from tests.registrations.parallel import at_once, statuses
from tests.registrations.year_pages import INFORMATION
from tests.staff.deed_pages import REASON, DeedPage, deed_of

pytestmark = pytest.mark.django_db(transaction=True)
CONTACT = {
    "first_name": "Daniel",
    "last_name": "Okafor",
    "email": "daniel.okafor@example.org",
    "phone": "2025550123",
}


@pytest.fixture
def pair(
    june_2022: object, transactional_db: None, sign_in: Callable[[User], Client]
) -> list[Client]:
    """Two Program managers."""
    return [
        sign_in(UserFactory(staff_group=StaffGroup.PROGRAM_MANAGER, last_name=name))
        for name in ("One", "Two")
    ]


@pytest.fixture
def practice(pair: list[Client]) -> Organization:
    practice = OrganizationFactory(name=INFORMATION["name"])
    RoleFactory(user=UserFactory(user_id="jane.doe"), organization=practice)
    return practice


def press_at_once(pair: list[Client], address: str, **typed: str) -> list[Any]:
    """Both have the page open, and send it at the same moment."""
    pages = [DeedPage(client, address).open().fill(**typed, reason=REASON) for client in pair]
    return at_once(*(lambda page=page: page.client.post(address, page.values) for page in pages))


def confirm_at_once(pages: list[DeedPage]) -> list[Any]:
    """Both have read what will happen, and confirm it at the same moment."""
    return at_once(
        *(lambda page=page: page.client.post(page.address, page.values) for page in pages)
    )


def audited() -> list[str]:
    found = AuditEvent.objects.exclude(action__startswith="session").order_by("id")
    return list(found.values_list("action", flat=True))


def told() -> int:
    return Message.objects.filter(to="jane.doe@example.org").count()


def test_registering_at_once_registers_once(pair: list[Client], practice: Organization) -> None:
    cahps = explicit_year()[Product.CAHPS]
    address = deed_of(practice, "register", cahps.pk)
    answers = press_at_once(pair, address, size="25-99", **CONTACT)
    assert statuses(answers) == [302, 302]
    assert Enrollment.objects.get().status == "complete"
    assert RegistrationNumber.objects.count() == 1
    assert audited() == ["registration.saved", "contact.added", "registration.registered"]
    assert told() == 1


@pytest.mark.parametrize(
    ("deed", "status", "event"),
    [
        ("end", "complete", "registration.cancelled"),
        ("restore", "cancelled", "registration.restored"),
    ],
)
def test_ending_and_restoring_at_once_happen_once(
    deed: str, status: str, event: str, pair: list[Client], practice: Organization
) -> None:
    registration = enroll(practice, explicit_year(), [Product.CAHPS], status=status, **INFORMATION)
    row = registration.enrollments.get()
    assert statuses(press_at_once(pair, deed_of(row, deed))) == [302, 302]
    row.refresh_from_db()
    assert row.status != status
    assert audited() == [event]
    assert told() == 1


def test_same_size_at_once_is_one_change(pair: list[Client], practice: Organization) -> None:
    row = enroll(practice, explicit_year(), [Product.CAHPS]).enrollments.get()
    assert statuses(press_at_once(pair, deed_of(row, "size"), size="100+")) == [302, 302]
    assert audited() == ["registration.saved"]
    assert told() == 1


def test_same_contact_at_once_is_one_contact(pair: list[Client], practice: Organization) -> None:
    registration = enroll(practice, explicit_year(), [Product.CAHPS])
    row = registration.enrollments.get()
    typed = CONTACT | {"first_name": "Maria"}
    assert statuses(press_at_once(pair, deed_of(row, "add-contact"), **typed)) == [302, 302]
    assert registration.contacts.filter(first_name="Maria").count() == 1
    assert audited() == ["contact.added"]
    assert told() == 1


def test_two_sizes_at_once_are_one_change_and_one_refusal(
    pair: list[Client], practice: Organization
) -> None:
    row = enroll(practice, explicit_year(), [Product.CAHPS]).enrollments.get()
    address = deed_of(row, "size")
    pages = [DeedPage(client, address).open().fill(reason=REASON) for client in pair]
    answers = at_once(
        *(
            lambda page=page, size=size: page.client.post(address, page.values | {"size": size})
            for page, size in zip(pages, ("2-24", "100+"), strict=True)
        )
    )
    assert statuses(answers) == [302, 422]
    assert audited() == ["registration.saved"]


def test_window_is_extended_once(pair: list[Client], practice: Organization) -> None:
    cahps = explicit_year()[Product.CAHPS]
    address = deed_of(practice, "extend", cahps.pk)
    assert statuses(press_at_once(pair, address, until="2022-07-08 20:00")) == [302, 302]
    assert WindowExtension.objects.count() == 1
    assert audited() == ["extension.granted"]
    assert told() == 1


def test_organization_and_participation_are_corrected_once(
    pair: list[Client], practice: Organization
) -> None:
    explicit_year()
    assert statuses(press_at_once(pair, deed_of(practice, "correct"), city="Towson")) == [302, 302]
    address = deed_of(practice, "participation", 2022)
    pages = [DeedPage(client, address).open().fill(size="25-99").send() for client in pair]
    assert all("Nothing is done yet" in page.says for page in pages)
    assert statuses(confirm_at_once(pages)) == [302, 302]
    assert audited() == ["organization.corrected", "participation.corrected"]


def test_window_is_moved_once_and_each_is_told_once(
    pair: list[Client], practice: Organization
) -> None:
    offerings = explicit_year()
    enroll(practice, offerings, [Product.CAHPS])
    address = deed_of(offerings[Product.CAHPS], "window")
    pages = [
        DeedPage(client, address).open().fill(closes_at="2022-07-08 20:00").send()
        for client in pair
    ]
    assert statuses(confirm_at_once(pages)) == [302, 302]
    assert audited() == ["window.changed"]
    at_once(*(lambda: compose_moves(at=DURING_2022) for _ in range(3)))
    assert told() == 1
    assert not WindowMove.objects.exists()


def test_year_is_copied_once(pair: list[Client]) -> None:
    explicit_year()
    year = PerformanceYear.objects.get()
    assert statuses(press_at_once(pair, deed_of(year, "copy"))) == [302, 422]
    assert PerformanceYear.objects.count() == 2
    assert audited() == ["year.added"]


def test_settings_are_changed_once(pair: list[Client]) -> None:
    explicit_year()
    year = PerformanceYear.objects.get()
    answers = press_at_once(pair, deed_of(year, "settings"), notice="Call us.")
    assert statuses(answers) == [302, 302]
    assert audited() == ["year.changed"]
