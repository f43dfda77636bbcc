"""The window: half-open, the same on every page and for every write, by when it was received."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.actors import official
from accounts.models import User
from organizations.models import Organization
from qpp_registration.clock import from_eastern_wall_time, show_day_and_time
from registrations.errors import WindowClosed
from registrations.models import (
    Contact,
    Offering,
    Registration,
    WindowExtension,
)
from registrations.registering.start import start_registration
from tests.factories import CLOSES, DURING, OPENS, OrganizationFactory, RoleFactory
from tests.registrations.conftest import CONTACT, RegisterPage
from tests.registrations.late import slow, stored

SECOND = timedelta(seconds=1)
LIST = "/registration/2023/cahps/practices/"
Clock = time_machine.Traveller


def text(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


@pytest.fixture
def fresh(jane: User) -> Organization:
    """Jane's second practice, not started."""
    organization = OrganizationFactory(name="Fresh Start Clinic")
    RoleFactory(user=jane, organization=organization)
    return organization


@pytest.fixture
def two_contacts(complete_page: RegisterPage) -> RegisterPage:
    complete_page.open("?add=1").type(1, **{**CONTACT, "first_name": "Maria"}).save()
    return complete_page.open()


@pytest.fixture
def at(
    june: Clock, two_contacts: RegisterPage, jane: User, sign_in: Callable[[User], Client]
) -> Callable[[datetime], RegisterPage]:
    """Jane's page of her complete registration, opened in time, at some other moment."""

    def move(moment: datetime) -> RegisterPage:
        june.move_to(moment)
        two_contacts.client = sign_in(jane)
        return two_contacts

    return move


# --- What the pages show ------------------------------------------------------------------------

NOT_OPEN = "Registration opens on Monday, April 3, 2023 at 10:00 a.m. ET."
CLOSED = "Registration closed on Friday, June 30, 2023 at 8:00 p.m. ET."
LAST_DAY = "The last day to register"
DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("moment", "told", "buttons"),
    [
        (OPENS - SECOND, NOT_OPEN, False),
        (OPENS, "", True),
        (OPENS + SECOND, "", True),
        (CLOSES - DAY - SECOND, "", True),
        (CLOSES - DAY, LAST_DAY, True),
        (CLOSES - DAY + SECOND, LAST_DAY, True),
        (CLOSES - SECOND, LAST_DAY, True),
        (CLOSES, CLOSED, False),
        (CLOSES + SECOND, CLOSED, False),
    ],
)
def test_each_page_tells_where_the_window_stands(
    at: Callable, fresh: Organization, moment: datetime, told: str, buttons: bool
) -> None:
    page = at(moment)
    listed = text(page.client.get(LIST))
    for sentence in (NOT_OPEN, CLOSED, LAST_DAY):
        assert (sentence in listed) == (sentence == told)
    assert ("Register Group for CAHPS" in listed) == buttons
    assert ("Delete Registration" in listed) == buttons
    assert ("Edit<span" in listed) == buttons
    assert ("View<span" in listed) != buttons
    assert ("Upload a registration sheet" in listed) == buttons
    form = text(page.client.get(page.url))
    assert ('name="size"' in form) == buttons
    assert ("Delete Contact" in form) == buttons
    assert "Daniel Okafor" in form, "everything stays readable"
    assert page.client.get(f"{page.url}summary/").status_code == 200
    for step in ("delete/", f"contacts/{page.contact_ids[0]}/delete/"):
        asked = text(page.client.get(f"{page.url}{step}"))
        assert ("can’t be deleted" in asked) != buttons
    for address in ("/", "/home/", "/registration/"):
        shown = text(page.client.get(address))
        assert "June 30, 2023 at 8:00 p.m. ET" in shown or "April 3, 2023 at 10:00 a.m. ET" in shown


# --- Every write --------------------------------------------------------------------------------

WRITES: dict[str, Callable[[RegisterPage, Organization], Any]] = {
    "start": lambda page, fresh: page.client.post(
        f"/registration/2023/cahps/organizations/{fresh.pk}/start/"
    ),
    "register": lambda page, fresh: page.type(size="100+", phone="202-555-0188").save(),
    "delete_contact": lambda page, fresh: page.client.post(
        f"{page.url}contacts/{page.contact_ids[0]}/delete/"
    ),
    "delete_registration": lambda page, fresh: page.client.post(f"{page.url}delete/"),
}


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (OPENS - SECOND, False),
        (OPENS, True),
        (CLOSES - SECOND / 1000, True),
        (CLOSES, False),
        (CLOSES + SECOND, False),
        (CLOSES + timedelta(days=200), False),
    ],
)
def test_every_write_counts_by_when_it_was_received(
    at: Callable, fresh: Organization, name: str, moment: datetime, open_: bool
) -> None:
    page = at(moment)
    before = stored()
    answer = WRITES[name](page, fresh)
    assert answer.status_code == (302 if open_ else 403)
    assert (stored() != before) == open_
    if not open_:
        edge = OPENS if moment < OPENS else CLOSES
        assert show_day_and_time(edge) in text(answer)


def test_typed_text_is_kept_on_a_page_left_open_over_the_close(at: Callable) -> None:
    page = at(CLOSES)
    page.type(size="100+", first_name="Typed", email="typed@example.org", phone="bad")
    answer = page.save()
    assert answer.status_code == 403
    for typed in ("Typed", "typed@example.org", "bad"):
        assert f'value="{typed}"' in text(answer)
    assert "Registration closed on June 30, 2023 at 8:00 p.m. ET." in text(answer)
    assert "What you typed is still in the fields below" in text(answer)
    checked = text(answer).split('value="100+"')[1].split(">")[0]
    assert "checked" in checked


def test_failed_try_in_time_doesnt_make_its_retry_in_time(at: Callable) -> None:
    page = at(CLOSES - SECOND)
    assert page.type(phone="bad").save().status_code == 422
    before = stored()
    assert at(CLOSES).type(phone="202-555-0188").save().status_code == 403
    assert stored() == before


def test_repeat_of_what_was_saved_in_time_is_told_that_it_closed_and_writes_nothing(
    at: Callable,
) -> None:
    assert at(CLOSES - SECOND).type(phone="202-555-0188").save().status_code == 302
    before = stored()
    assert at(CLOSES).save().status_code == 403
    assert stored() == before
    assert Contact.objects.get(first_name="Daniel").phone == "2025550188"


# --- Received in time, done late ----------------------------------------------------------------


@pytest.mark.parametrize("name", WRITES)
@pytest.mark.parametrize(
    ("late", "in_time"),
    [(timedelta(seconds=30), True), (timedelta(seconds=30, microseconds=1), False)],
)
def test_what_was_received_in_time_may_be_written_until_30_seconds_after_the_close(
    at: Callable, june: Clock, fresh: Organization, name: str, late: timedelta, in_time: bool
) -> None:
    page = at(CLOSES - SECOND)
    before = stored()
    with slow(june, CLOSES + late):
        answer = WRITES[name](page, fresh)
    assert answer.status_code == (302 if in_time else 403)
    assert (stored() != before) == in_time
    assert answer["X-Received-At"] == "2023-06-30T23:59:59Z"
    if not in_time:
        assert "Registration closed on June 30, 2023 at 8:00 p.m. ET." in text(answer)


# --- An extension -------------------------------------------------------------------------------


@pytest.fixture
def extension(offering: Offering, practice: Organization) -> WindowExtension:
    return WindowExtension.objects.create(
        organization=practice,
        offering=offering,
        until=CLOSES + DAY * 3,
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )


def test_extension_lengthens_the_window_of_one_organization_only(
    at: Callable, fresh: Organization, extension: WindowExtension
) -> None:
    page = at(CLOSES + DAY)
    assert WRITES["start"](page, fresh).status_code == 403
    assert WRITES["register"](page, fresh).status_code == 302
    assert "July 3, 2023 at 8:00 p.m. ET" in text(page.client.get(page.url))
    listed = text(page.client.get(LIST))
    assert "Register Group for CAHPS" not in listed
    assert "Edit<span" in listed
    assert "Only organizations with an extension can still be changed" in listed
    assert "Nothing can be changed any more" not in listed
    assert "Upload a registration sheet" in listed


@pytest.mark.parametrize("name", ["register", "delete_contact", "delete_registration"])
def test_extension_ends_at_its_second_too(
    at: Callable, fresh: Organization, extension: WindowExtension, name: str
) -> None:
    before = stored()
    assert WRITES[name](at(extension.until), fresh).status_code == 403
    assert stored() == before
    assert WRITES[name](at(extension.until - SECOND), fresh).status_code == 302


def test_extension_before_the_close_shortens_nothing(
    at: Callable, fresh: Organization, extension: WindowExtension
) -> None:
    WindowExtension.objects.update(until=OPENS)
    assert WRITES["register"](at(CLOSES - SECOND), fresh).status_code == 302


# --- A window that is moved ---------------------------------------------------------------------


def test_window_moved_while_a_page_is_open_counts_at_once(
    at: Callable, fresh: Organization
) -> None:
    page = at(DURING)
    Offering.objects.update(closes_at=DURING)
    for write in WRITES.values():
        assert write(page, fresh).status_code == 403


def test_window_is_read_anew_in_the_transaction_of_a_start(
    june: Clock, offering: Offering, practice: Organization, jane: User
) -> None:
    Offering.objects.update(closes_at=DURING)
    with pytest.raises(WindowClosed):
        start_registration(
            organization_id=practice.pk,
            offering=offering,
            actor=official(jane),
            received_at=DURING,
        )
    assert not Registration.objects.exists()


# --- Zones --------------------------------------------------------------------------------------


def test_evening_of_the_last_day_is_already_the_next_day_in_utc(at: Callable) -> None:
    page = at(CLOSES - SECOND)
    assert datetime(2023, 6, 30, 23, 59, 59, tzinfo=UTC) == CLOSES - SECOND
    assert page.type(size="100+").save().status_code == 302
    summary = text(page.client.get(f"{page.url}summary/"))
    assert "June 30, 2023 at 7:59:59 p.m. ET" in summary
    assert "July 1" not in summary
    closed = text(at(CLOSES).client.get(page.url))
    assert "June 30, 2023 at 8:00 p.m. ET" in closed
    assert "July 1" not in closed


@pytest.fixture
def server_zone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    def choose(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        settings.TIME_ZONE = name
        time.tzset()

    yield choose
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_zone_of_the_server_changes_nothing(
    at: Callable, fresh: Organization, server_zone: Callable, zone: str
) -> None:
    server_zone(zone)
    assert WRITES["register"](at(OPENS - SECOND), fresh).status_code == 403
    assert WRITES["register"](at(CLOSES), fresh).status_code == 403
    page = at(CLOSES - SECOND)
    assert WRITES["register"](page, fresh).status_code == 302
    shown = text(page.client.get(page.url)) + text(page.client.get(LIST))
    assert "June 30, 2023 at 8:00 p.m. ET" in shown
    assert "Saved at 7:59 p.m. ET" in shown
    assert WRITES["start"](page, fresh).status_code == 302


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2023-04-03 10:00", "2023-04-03T14:00:00+00:00"),
        ("2023-06-30 20:00", "2023-07-01T00:00:00+00:00"),
        ("2023-12-31 20:00", "2024-01-01T01:00:00+00:00"),
        ("2028-02-29 20:00", "2028-03-01T01:00:00+00:00"),
        # The spring Sunday: 2:00 to 3:00 doesn't exist.
        ("2026-03-08 01:59:59", "2026-03-08T06:59:59+00:00"),
        ("2026-03-08 02:00", "doesn't exist"),
        ("2026-03-08 02:30", "doesn't exist"),
        ("2026-03-08 02:59:59", "doesn't exist"),
        ("2026-03-08 03:00", "2026-03-08T07:00:00+00:00"),
        ("2026-03-08 20:00", "2026-03-09T00:00:00+00:00"),
        # The autumn Sunday: 1:00 to 2:00 comes twice.
        ("2026-11-01 00:59:59", "2026-11-01T04:59:59+00:00"),
        ("2026-11-01 01:00", "ambiguous"),
        ("2026-11-01 01:30", "ambiguous"),
        ("2026-11-01 01:59:59", "ambiguous"),
        ("2026-11-01 02:00", "2026-11-01T07:00:00+00:00"),
        ("2026-11-01 20:00", "2026-11-02T01:00:00+00:00"),
        # No times
        ("2027-02-29 20:00", "is not a time"),
        ("2023-06-30 24:00", "is not a time"),
        ("2023-06-30 20:00Z", "names a time zone"),
        ("2023-06-30T20:00-04:00", "names a time zone"),
        ("tomorrow", "is not a time"),
        ("", "is not a time"),
    ],
)
def test_eastern_wall_time_is_read_or_refused_with_the_reason(wall: str, utc: str) -> None:
    if utc.startswith("20"):
        moment = from_eastern_wall_time(wall)
        assert moment.isoformat() == utc
        assert moment.tzinfo is UTC
    else:
        with pytest.raises(ValueError, match=utc):
            from_eastern_wall_time(wall)
