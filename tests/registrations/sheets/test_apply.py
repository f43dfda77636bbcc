"""Applying a confirmed sheet: once, row by row, by the rules of the moment it was confirmed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from organizations.models import Organization
from qpp_registration import clock
from registrations.models import Contact, Enrollment, Registration, SheetUpload
from registrations.sheets import apply
from tests.factories import CLOSES, DURING
from tests.registrations.conftest import RegisterPage
from tests.registrations.sheet_steps import (
    PAT,
    TIN,
    applied,
    confirm,
    download,
    more_practices,
    row,
    states,
    upload,
    uploaded,
    work,
)


def outcome(made: SheetUpload) -> str:
    return str(made.sheet_rows.get().outcome)


def test_confirmed_row_registers_and_completes(client: Client, practice: Organization) -> None:
    (done,) = applied(client, row(TIN, size="25 to 99") | PAT)
    registration = Registration.objects.get(organization=practice)
    assert registration.size == "25-99"
    assert registration.changed_by == "Jane Doe"
    assert Enrollment.objects.get().status == "complete"
    assert Contact.objects.get().phone == "2025550144"
    number = practice.registration_number.number
    assert done.state == "applied"
    assert done.outcome == (
        f"Registered, registration ID {number}, size 25 to 99, 1 contact added, now Complete."
    )


def test_row_counts_as_received_when_the_sheet_was_confirmed(client: Client, june: Any) -> None:
    made = uploaded(client, row(TIN, size="25 to 99") | PAT)
    june.shift(60)
    confirm(client, made)
    june.shift(600)
    work()
    assert Enrollment.objects.get().completed_at == DURING + timedelta(seconds=60)


def test_same_sheet_again_changes_nothing(client: Client) -> None:
    rows = [row(TIN, size="25 to 99") | PAT]
    applied(client, *rows)
    events = AuditEvent.objects.filter(action__startswith="registration").count()
    again = uploaded(client, *rows)
    assert states(again) == ["nothing"]
    assert Contact.objects.count() == 1
    assert AuditEvent.objects.filter(action__startswith="registration").count() == events


def test_list_downloaded_afterwards_comes_back_without_changes(client: Client, jane: User) -> None:
    others = more_practices(jane, 5)
    applied(client, *(row(other.identifier, size="100+") | PAT for other in others))
    content = download(client).encode("utf-8-sig")
    upload(client, content)
    assert states(SheetUpload.objects.get(status="checked")) == ["nothing"] * 6


def test_changes_of_a_row_are_stored_and_the_rest_stays(
    client: Client, complete_page: RegisterPage
) -> None:
    cells = {
        "contact_1_email": "daniel.okafor@example.org",
        "contact_1_phone": "(202) 555-0199",
        "contact_2_first_name": "Pat",
        "contact_2_last_name": "Example",
        "contact_2_email": "pat@example.org",
        "contact_2_phone": "(202) 555-0144",
    }
    (done,) = applied(client, row(TIN, **cells))
    first, second = Contact.objects.order_by("position")
    assert (first.first_name, first.phone, first.extension) == ("Daniel", "2025550199", "14")
    assert second.email == "pat@example.org"
    assert done.outcome == "1 contact added, 1 contact changed."
    assert Registration.objects.get().size == "25-99"


def test_deleted_registration_is_registered_again_with_its_id_and_contacts(
    client: Client, complete_page: RegisterPage
) -> None:
    number = complete_page.registration.organization.registration_number.number
    client.post(f"{complete_page.url}delete/")
    (done,) = applied(client, row(TIN, size="2-24"))
    assert done.outcome == (
        f"Registered again, registration ID {number}, size 2 to 24, now Complete."
    )
    assert complete_page.enrollment.status == "complete"


def test_rows_with_errors_are_left_out(client: Client) -> None:
    made = uploaded(client, row("00-1234567", size="2-24"), row(TIN, size="2-24"))
    confirm(client, made)
    work()
    assert states(made) == ["error", "applied"]


def test_confirming_twice_applies_once(client: Client) -> None:
    made = uploaded(client, row(TIN, size="25 to 99") | PAT)
    for _ in range(2):
        assert confirm(client, made).url == f"/sheets/{made.pk}/"
    work()
    assert confirm(client, made).status_code == 302
    work()
    assert AuditEvent.objects.filter(action="sheet.confirmed").count() == 1
    assert AuditEvent.objects.filter(action="contact.added").count() == 1
    assert Contact.objects.count() == 1


def test_nothing_is_written_before_the_worker_comes_and_the_page_says_how_far_it_is(
    client: Client, jane: User
) -> None:
    others = more_practices(jane, 30)
    made = uploaded(client, *(row(other.identifier, size="2-24") for other in others))
    html = client.get(confirm(client, made).url).content.decode()
    assert "<strong>0</strong> of 30 rows done" in html
    assert ">Refresh</a>" in html
    assert "http-equiv" not in html
    taken = apply.claim(at=clock.now())
    assert taken
    for key in apply.next_rows(taken):
        apply.apply_row(taken, key)
    apply.release(taken, at=clock.now())
    html = client.get(f"/sheets/{made.pk}/").content.decode()
    assert "<strong>25</strong> of 30 rows done" in html
    work()
    html = client.get(f"/sheets/{made.pk}/").content.decode()
    assert "30 rows applied" in html
    assert "Being applied" not in client.get("/registration/2023/cahps/sheet/").content.decode()


def test_applied_rows_keep_no_personal_data(client: Client) -> None:
    (done,) = applied(client, row(TIN, size="25 to 99") | PAT)
    assert done.plan == {}
    assert "pat@" not in done.outcome
    assert "0144" not in done.outcome


def test_events_of_the_audit_lead_to_the_sheet(client: Client) -> None:
    made = uploaded(client, row(TIN, size="25 to 99") | PAT)
    confirm(client, made)
    work()
    event = AuditEvent.objects.get(action="registration.completed")
    assert (event.request_id, event.source_address) == (made.pk.hex, "registration sheet")
    assert event.actor_name == "Jane Doe"


# --- What has changed meanwhile -----------------------------------------------------------------


def test_window_that_closes_before_confirming_refuses_the_confirmation(
    client: Client, june: Any, jane: User, sign_in: Callable
) -> None:
    june.move_to(CLOSES - timedelta(minutes=5))
    client = sign_in(jane)
    made = uploaded(client, row(TIN, size="2-24"))
    june.move_to(CLOSES)
    answer = confirm(client, made)
    assert answer.status_code == 403
    assert "Registration closed on June 30, 2023 at 8:00 p.m. ET." in answer.content.decode()
    made.refresh_from_db()
    assert (made.status, made.confirmed_at) == ("checked", None)
    work()
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "state", "text"),
    [
        (29, "applied", "Registered, registration ID"),
        (31, "refused", "Registration closed on June 30, 2023 at 8:00 p.m. ET."),
    ],
)
def test_what_was_confirmed_in_time_is_stored_until_30_seconds_after_the_close(
    client: Client, june: Any, jane: User, sign_in: Callable, seconds: int, state: str, text: str
) -> None:
    june.move_to(CLOSES - timedelta(seconds=1))
    client = sign_in(jane)
    made = uploaded(client, row(TIN, size="2-24"))
    confirm(client, made)
    june.move_to(CLOSES + timedelta(seconds=seconds))
    work()
    assert states(made) == [state]
    assert text in outcome(made)
    assert Registration.objects.exists() is (state == "applied")


def test_last_day_says_what_happens_to_rows_that_are_too_late(
    client: Client, june: Any, jane: User, sign_in: Callable
) -> None:
    june.move_to(CLOSES - timedelta(hours=2))
    client = sign_in(jane)
    made = uploaded(client, row(TIN, size="2-24"))
    html = client.get(f"/sheets/{made.pk}/").content.decode()
    assert "30 seconds after the close are not applied" in html


@pytest.mark.parametrize("end", ["role gone", "role changed", "person inactive"])
def test_role_that_ended_meanwhile_refuses_the_row(client: Client, jane: User, end: str) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    confirm(client, made)
    if end == "role gone":
        jane.roles.all().delete()
    elif end == "role changed":
        jane.roles.update(name="staff_user")
    else:
        User.objects.update(is_active=False)
    work()
    assert states(made) == ["refused"]
    assert ("Staff User" in outcome(made)) is (end == "role changed")
    assert ("no longer have" in outcome(made)) is (end != "role changed")
    assert not Registration.objects.exists()


def test_row_that_somebody_else_overtook_is_left_alone_as_a_whole(
    client: Client, complete_page: RegisterPage
) -> None:
    made = uploaded(client, row(TIN, size="2-24") | PAT)
    confirm(client, made)
    complete_page.type(size="100+").save()
    work()
    assert states(made) == ["refused"]
    assert "Organization Size" in outcome(made)
    assert Registration.objects.get().size == "100+"
    assert Contact.objects.count() == 1


def test_row_whose_changes_somebody_else_made_already_says_so(
    client: Client, complete_page: RegisterPage
) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    confirm(client, made)
    complete_page.type(size="2-24").save()
    work()
    assert outcome(made) == "Somebody had made the same changes meanwhile; nothing was left to do."


def test_registration_that_was_deleted_meanwhile_is_not_revived_by_a_change(
    client: Client, complete_page: RegisterPage
) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    confirm(client, made)
    client.post(f"{complete_page.url}delete/")
    work()
    assert states(made) == ["refused"]
    assert complete_page.enrollment.status == "cancelled"
