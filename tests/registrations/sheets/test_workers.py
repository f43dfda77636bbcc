"""The workers that apply confirmed sheets: faults, leases, several at once, long sheets."""

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
from registrations.models import Contact, Registration, SheetUpload
from registrations.sheets import apply
from registrations.sheets.check import purge
from tests.factories import (
    DURING,
    DeviceFactory,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
)
from tests.registrations.sheet_steps import (
    PAT,
    TIN,
    confirm,
    more_practices,
    row,
    sheet,
    states,
    upload,
    uploaded,
    work,
)


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
