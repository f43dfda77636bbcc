"""Register, cancel and a change of the size at the same moment: as if one came after the other."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Enrollment, RegistrationNumber
from tests.factories import explicit_year
from tests.registrations.parallel import at_once, statuses
from tests.registrations.year_pages import CONTACT, YearPages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def windows(
    june_2022: object,
    transactional_db: None,
    jane: User,
    practice: Organization,
    sign_in: Callable[[User], Client],
) -> list[YearPages]:
    """Three windows in which Jane is at her practice, which is ready to be registered."""
    explicit_year()
    windows = [YearPages(sign_in(jane), practice) for _ in range(3)]
    windows[0].choose("25-99")
    windows[0].add_contact()
    return windows


def audited(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


def test_register_at_once_registers_once(windows: list[YearPages]) -> None:
    for window in windows:
        window.open("cahps/")
    answers = at_once(*(lambda window=window: window.send("cahps/") for window in windows))
    assert statuses(answers) == [302, 302, 302]
    assert Enrollment.objects.get().status == "complete"
    assert RegistrationNumber.objects.count() == audited("registration.registered") == 1


def test_cancel_register_and_size_leave_nothing_that_the_size_doesnt_allow(
    windows: list[YearPages],
) -> None:
    windows[0].register("web-interface")
    windows[1].open("size/").fill(size="2-24", confirm="1", accepts="web_interface")
    windows[2].open("web-interface/")
    answers = at_once(
        lambda: windows[0].post("web-interface/cancel/"),
        lambda: windows[1].send("size/"),
        lambda: windows[2].post("web-interface/"),
    )
    assert all(not isinstance(answer, Exception) for answer in answers), answers
    size, status = windows[0].registration.size, windows[0].status("web_interface")
    assert size == "2-24"
    assert status == "cancelled"
    ended = audited("registration.cancelled")
    assert ended == audited("registration.registered")
    assert RegistrationNumber.objects.count() == 1


def test_adding_one_contact_at_once_adds_it_once(windows: list[YearPages]) -> None:
    page = "contacts/add/"
    windows[0].open(page).fill(**CONTACT | {"first_name": "Maria"})
    for window in windows:
        window.values = windows[0].values
    answers = at_once(*(lambda window=window: window.send(page) for window in windows))
    assert statuses(answers) == [302, 302, 302]
    assert [contact.first_name for contact in windows[0].contacts] == ["Daniel", "Maria"]
