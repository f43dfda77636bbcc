"""Applying a confirmed sheet: once, row by row, by the rules of the moment it was confirmed."""

import threading
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, Role, User
from organizations.models import Organization
from qpp_registration import clock
from registrations.models import Contact, Enrollment, Offering, Registration, SheetUpload
from registrations.sheets import apply
from registrations.sheets.check import purge
from tests.factories import (
    CLOSES,
    DURING,
    DeviceFactory,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
)
from tests.registrations.conftest import RegisterPage
from tests.registrations.sheet_steps import (
    PAT,
    applied,
    confirm,
    download,
    row,
    sheet,
    states,
    upload,
    uploaded,
    work,
)

TIN = "00-0765630"


@pytest.fixture
def client(june: object, offering: Offering, jane: User, practice: object, sign_in: Callable):
    return sign_in(jane)


def more_practices(user: User, number: int) -> list[Organization]:
    organizations = OrganizationFactory.create_batch(number)
    for organization in organizations:
        RoleFactory(user=user, organization=organization)
    return organizations


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


def test_fault_in_one_row_stops_no_other(client: Client, jane: User) -> None:
    first, second = more_practices(jane, 2)
    made = uploaded(client, *(row(one.identifier, size="2-24") for one in (first, second)))
    broken = made.sheet_rows.get(line=2)
    broken.plan = {"start": True}
    broken.save()
    confirm(client, made)
    work()
    assert states(made) == ["refused", "applied"]
    html = client.get(f"/sheets/{made.pk}/").content.decode()
    assert "A fault in the system: nothing of this row was stored." in html
    assert "1 row applied, 1 not applied" in html


# --- Workers ------------------------------------------------------------------------------------


def test_sheet_of_a_killed_worker_is_taken_over_after_its_lease(
    client: Client, june: Any, jane: User
) -> None:
    others = more_practices(jane, 10)
    made = uploaded(client, *(row(one.identifier, size="2-24") | PAT for one in others))
    confirm(client, made)
    killed = apply.claim(at=clock.now())
    assert killed
    for key in apply.next_rows(killed)[:4]:
        apply.apply_row(killed, key)
    work()
    assert states(made).count("applied") == 4
    june.shift(apply.LEASE)
    work()
    assert states(made) == ["applied"] * 10
    assert Contact.objects.count() == 10
    made.refresh_from_db()
    assert made.status == "done"


def test_row_that_was_stored_and_not_yet_marked_is_not_done_twice(client: Client) -> None:
    """As when the power goes between the row and its mark: here both are one transaction."""
    made = uploaded(client, row(TIN, size="2-24") | PAT)
    confirm(client, made)
    taken = apply.claim(at=clock.now())
    assert taken
    (key,) = apply.next_rows(taken)
    with transaction.atomic():
        apply.apply_row(taken, key)
        transaction.set_rollback(True)
    assert not Registration.objects.exists()
    assert apply.apply_row(taken, key) == "applied"
    assert apply.apply_row(taken, key) is None
    assert Contact.objects.count() == 1


def test_worker_that_lost_its_lease_cannot_end_the_sheet(client: Client, june: Any) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    confirm(client, made)
    slow = apply.claim(at=clock.now())
    june.shift(apply.LEASE)
    other = apply.claim(at=clock.now())
    assert slow
    assert other
    apply.release(slow, at=clock.now())
    made.refresh_from_db()
    assert made.lease_until == other.lease_until


@pytest.mark.django_db(transaction=True)
def test_two_workers_apply_each_row_once(sign_in: Callable) -> None:
    with time_machine.travel(DURING, tick=True):
        jane = UserFactory(first_name="Jane", last_name="Doe")
        DeviceFactory(user=jane)
        OfferingFactory()
        others = more_practices(jane, 40)
        client = sign_in(jane)
        made = uploaded(client, *(row(one.identifier, size="2-24") | PAT for one in others))
        confirm(client, made)
        keys = list(made.sheet_rows.values_list("pk", flat=True))
        barrier = threading.Barrier(2)
        failures: list[Exception] = []

        def run() -> None:
            try:
                upload = SheetUpload.objects.get(pk=made.pk)
                barrier.wait()
                for key in keys:
                    apply.apply_row(upload, key)
            except Exception as error:  # noqa: BLE001 - told below
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    assert states(made) == ["applied"] * 40
    assert Contact.objects.count() == 40
    assert AuditEvent.objects.filter(action="registration.completed").count() == 40


@pytest.mark.django_db(transaction=True)
def test_confirming_at_the_same_time_confirms_once(sign_in: Callable) -> None:
    with time_machine.travel(DURING, tick=True):
        jane = UserFactory()
        OfferingFactory()
        (practice,) = more_practices(jane, 1)
        made = uploaded(sign_in(jane), row(practice.identifier, size="2-24"))
        barrier = threading.Barrier(4)

        def run() -> None:
            barrier.wait()
            apply.confirm_sheet(upload_id=made.pk, user=jane, received_at=clock.now())
            connections.close_all()

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert AuditEvent.objects.filter(action="sheet.confirmed").count() == 1


def test_worker_tells_what_it_did(client: Client) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    confirm(client, made)
    out = StringIO()
    call_command("apply_sheets", "--once", stdout=out)
    assert out.getvalue() == "Rows: 1 applied, 0 not applied.\n"


def test_database_that_is_away_leaves_the_row_for_later(client: Client) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    confirm(client, made)

    def away(execute: Callable, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "registrations_enrollment"'):
            raise OperationalError("gone")
        return execute(sql, *rest)

    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        work()
    assert states(made) == ["planned"]


# --- What is kept -------------------------------------------------------------------------------


def test_old_sheets_are_forgotten_and_one_that_is_being_applied_never(
    client: Client, june: Any
) -> None:
    done = uploaded(client, row(TIN, size="2-24"))
    confirm(client, done)
    work()
    running = uploaded(client, row(TIN, size="25-99"))
    confirm(client, running)
    waiting = uploaded(client, row(TIN, size="25-99"))
    assert purge(at=DURING + timedelta(days=6)) == 0
    assert purge(at=DURING + timedelta(days=8)) == 1
    assert not SheetUpload.objects.filter(pk=waiting.pk).exists()
    assert purge(at=DURING + timedelta(days=31)) == 1
    assert list(SheetUpload.objects.all()) == [running]


def test_applying_takes_the_same_queries_for_each_row(client: Client, jane: User) -> None:
    others = more_practices(jane, 20)
    made = uploaded(client, *(row(one.identifier, size="2-24") | PAT for one in others))
    confirm(client, made)
    taken = apply.claim(at=clock.now())
    assert taken
    counts = set()
    for key in apply.next_rows(taken):
        with CaptureQueriesContext(connection) as found:
            apply.apply_row(taken, key)
        counts.add(len(found))
    assert len(counts) == 1
    assert counts.pop() <= 40  # savepoints and audit included


def test_long_sheet_takes_hardly_more_memory(client: Client, jane: User) -> None:
    """Rows are planned, stored and applied in batches. What grows is the file in the request."""

    def peak(number: int) -> int:
        organizations = Organization.objects.bulk_create(OrganizationFactory.build_batch(number))
        Role.objects.bulk_create(
            RoleFactory.build(user=jane, organization=one) for one in organizations
        )
        content = sheet(*(row(one.identifier, size="2-24") | PAT for one in organizations))
        tracemalloc.start()
        made = SheetUpload.objects.get(pk=upload(client, content).url.split("/")[2])
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert made.planned == number
        assert len(apply.next_rows(made)) == apply.BATCH
        return size

    peak(30)  # what is loaded once
    assert peak(750) < peak(250) + 500 * 2_000
