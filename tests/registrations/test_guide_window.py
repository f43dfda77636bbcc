"""The window of the guide (III, V and VII), to the second, on every page and for every write.

It opens on April 3, 2023 at 10:00:00 a.m. Eastern and closes on June 30 at 8:00:00 p.m.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from qpp_registration import clock
from registrations.models import Enrollment, Offering, Registration, WindowExtension
from tests.factories import CLOSES, OPENS
from tests.registrations.conftest import CONTACT, RegisterPage, hidden_and_typed

SECOND = timedelta(seconds=1)
LIST = "/registration/2023/cahps/practices/"
BEFORE = "Registration opens on Monday, April 3, 2023 at 10:00 a.m. ET."
AFTER = "Registration closed on Friday, June 30, 2023 at 8:00 p.m. ET."

SignIn = Callable[[User], Client]


def text(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def start(client: Client, practice: Organization) -> Any:
    return client.post(f"/registration/2023/cahps/organizations/{practice.pk}/start/")


@pytest.fixture
def at(june: time_machine.Traveller, jane: User, sign_in: SignIn) -> Callable[[datetime], Client]:
    """Jane's browser at a moment, signed in just then."""

    def make(moment: datetime) -> Client:
        june.move_to(moment)
        return sign_in(jane)

    return make


def test_window_of_the_tests_is_the_guides() -> None:
    assert clock.show_to_the_second(OPENS) == "April 3, 2023 at 10:00:00 a.m. ET"
    assert clock.show_to_the_second(CLOSES) == "June 30, 2023 at 8:00:00 p.m. ET"
    assert datetime(2023, 6, 30, 23, 59, 59, tzinfo=UTC) + SECOND == CLOSES


def test_registering_begins_with_the_first_second(
    at: Callable[[datetime], Client], practice: Organization, offering: Offering
) -> None:
    early = start(at(OPENS - SECOND), practice)
    assert early.status_code == 403
    assert "Registration opens on April 3, 2023 at 10:00 a.m. ET." in text(early)
    assert not Registration.objects.exists()
    assert start(at(OPENS), practice).status_code == 302


def test_registering_ends_with_the_last_second(
    at: Callable[[datetime], Client], practice: Organization, offering: Offering
) -> None:
    late = start(at(CLOSES), practice)
    assert late.status_code == 403
    assert "Registration closed on June 30, 2023 at 8:00 p.m. ET." in text(late)
    assert not Registration.objects.exists()
    assert start(at(CLOSES - SECOND), practice).status_code == 302


def test_modifying_ends_with_the_last_second(
    at: Callable[[datetime], Client], started: RegisterPage
) -> None:
    started.client = at(CLOSES - SECOND)
    started.open().type(size="2-24")
    assert started.save().status_code == 302
    started.open().type(size="25-99", **CONTACT)
    started.client = at(CLOSES)
    late = started.save()
    assert late.status_code == 403
    assert Registration.objects.get().size == "2-24"
    assert "Registration closed on June 30, 2023 at 8:00 p.m. ET." in text(late)
    kept = hidden_and_typed(late.content.decode())
    assert kept["size"] == "25-99"
    assert CONTACT["email"] in kept.values()


def test_deleting_ends_with_the_last_second(
    at: Callable[[datetime], Client], complete_page: RegisterPage
) -> None:
    contact = complete_page.registration.contacts.get()
    client = at(CLOSES)
    for page in ("delete/", f"contacts/{contact.pk}/delete/"):
        assert client.post(f"{complete_page.url}{page}").status_code == 403
    assert Enrollment.objects.get().status == "complete"
    assert complete_page.registration.contacts.exists()
    assert at(CLOSES - SECOND).post(f"{complete_page.url}delete/").status_code == 302
    assert Enrollment.objects.get().status == "cancelled"


@pytest.mark.parametrize("path", ["/home/", "/registration/", LIST])
def test_pages_before_the_opening_say_when_it_opens(
    at: Callable[[datetime], Client], practice: Organization, offering: Offering, path: str
) -> None:
    page = text(at(OPENS - SECOND).get(path))
    assert BEFORE in page
    assert "Register Group for CAHPS" not in page
    assert "Register and Edit" not in page
    assert "Start Registration" not in page


@pytest.mark.parametrize("path", ["/home/", "/registration/", LIST])
def test_pages_of_the_last_24_hours_say_how_long_it_is(
    at: Callable[[datetime], Client], practice: Organization, offering: Offering, path: str
) -> None:
    page = text(at(CLOSES - timedelta(hours=3, minutes=20)).get(path))
    assert "June 30, 2023 at 8:00 p.m. ET" in page
    assert ">3 hours 20 minutes left<" in page


@pytest.mark.parametrize("path", ["/home/", "/registration/", LIST])
def test_pages_after_the_close_say_when_it_closed(
    at: Callable[[datetime], Client], practice: Organization, offering: Offering, path: str
) -> None:
    page = text(at(CLOSES).get(path))
    assert AFTER in page
    assert "Register Group for CAHPS" not in page
    assert "Register and Edit" not in page


def test_after_the_close_everything_can_still_be_read(
    at: Callable[[datetime], Client], complete_page: RegisterPage
) -> None:
    client = at(CLOSES)
    listed = text(client.get(LIST))
    assert "View" in listed
    assert "Delete Registration" not in listed
    for page in ("", "summary/"):
        assert CONTACT["email"] in text(client.get(f"{complete_page.url}{page}"))


def test_front_page_says_where_the_window_stands(
    june: time_machine.Traveller, client: Client, offering: Offering
) -> None:
    for moment, words in {
        OPENS - SECOND: "Not open yet",
        OPENS: "88 days left",
        CLOSES - SECOND: "1 minute left",
        CLOSES: "Registration is closed",
    }.items():
        june.move_to(moment)
        assert words in text(client.get("/"))


def test_extension_lets_one_organization_write_longer(
    at: Callable[[datetime], Client], complete_page: RegisterPage, practice: Organization
) -> None:
    WindowExtension.objects.create(
        organization=practice,
        offering=Offering.objects.get(),
        until=CLOSES + timedelta(days=7),
        reason="Flood",
        granted_by="Operations",
        granted_at=CLOSES - timedelta(days=1),
    )
    complete_page.client = at(CLOSES + timedelta(days=6))
    assert "July 7, 2023 at 8:00 p.m. ET" in text(complete_page.client.get(LIST))
    assert complete_page.open().type(size="25-99").save().status_code == 302
    complete_page.type(size="100+").client = at(CLOSES + timedelta(days=7))
    assert complete_page.save().status_code == 403
    assert Registration.objects.get().size == "25-99"
