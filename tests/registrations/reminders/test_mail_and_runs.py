"""`manage.py send_reminders`: the mail, dry runs, the audit, runs at the same time."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts.actors import operations
from accounts.enums import AuditAction
from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from qpp_registration.clock import from_eastern_wall_time
from registrations.mails import reminders
from registrations.mails.reminders import queue_reminders
from registrations.policy.registration import REMINDERS, reminder_step
from tests.factories import CLOSES, ApmEntityFactory, OrganizationFactory, RoleFactory
from tests.registrations.reminder_steps import DAY, recipients, run, started

pytestmark = pytest.mark.django_db


# --- What it says


def test_the_mail_says_what_is_missing_until_when_and_how_to_get_help(
    jane, practice, offering, incomplete, settings
):
    settings.SITE_URL = "https://registration.example.org"
    half, entity = OrganizationFactory(name="Alder Practice"), ApmEntityFactory(name="An Entity")
    for organization in (half, entity):
        RoleFactory(user=jane, organization=organization)
    started(jane, half, offering, size="2-24", phone="")
    started(jane, entity, offering, phone="2025550123")
    run(CLOSES - DAY)

    mail = Message.objects.get()
    numbers = {o.name: o.registration_number.number for o in Organization.objects.all()}
    assert mail.subject == (
        "3 registrations for the 2023 CAHPS for MIPS Survey are incomplete: "
        "complete them by June 30, 2023 at 8:00 p.m. ET"
    )
    assert (
        mail.body
        == f"""Jane Doe,

registration for the 2023 CAHPS for MIPS Survey closes on Friday, June 30, 2023 at 8:00 p.m. ET. \
The registration of these 3 organizations, of which you are a Security Official, is incomplete:

- An Entity (registration ID {numbers["An Entity"]}). Missing: Organization Size
- Alder Practice (registration ID {numbers["Alder Practice"]}). Missing: one complete contact
- Better Business Health (registration ID {numbers["Better Business Health"]}). \
Missing: Organization Size and one complete contact

A registration that is incomplete at the close doesn't count, and nothing can be changed \
afterwards. Sign in to complete it:

https://registration.example.org/registration/2023/cahps/apm-entities/?status=incomplete
https://registration.example.org/registration/2023/cahps/practices/?status=incomplete

If it was completed or deleted meanwhile, there is nothing to do.

Questions? Contact the Quality Payment Program, Monday through Friday between 8 a.m. and 8 p.m. \
ET: 1-866-288-8292 (TRS: 711), QPP@cms.hhs.gov.

This is sent 14, 3 and 1 days before the close, as long as a registration is incomplete.
"""
    )
    assert practice.identifier not in mail.body


def test_the_links_of_the_mail_lead_to_the_incomplete_ones(
    jane, sign_in: Callable, incomplete, settings
):
    run(CLOSES - DAY)
    link = next(line for line in Message.objects.get().body.splitlines() if line.startswith("http"))
    answer = sign_in(jane).get(link.removeprefix(settings.SITE_URL))
    assert "Better Business Health" in answer.content.decode()


def test_long_lists_are_cut(jane, offering, monkeypatch):
    for _ in range(reminders.LISTED + 2):
        organization = OrganizationFactory()
        RoleFactory(user=jane, organization=organization)
        started(jane, organization, offering)
    run(CLOSES - DAY)

    body = Message.objects.get().body
    assert body.count("(registration ID ") == reminders.LISTED
    assert "- and 2 more\n" in body
    assert "these 22 organizations" in body


# --- Running it


def test_a_dry_run_says_the_same_and_writes_nothing(incomplete):
    line = "CAHPS for MIPS Survey 2023: 1 reminder queued (3 days before the close: 1).\n"
    events = AuditEvent.objects.count()
    assert run(CLOSES - 2 * DAY, "--dry-run") == f"Dry run, nothing is written. Would be:\n{line}"
    assert not Message.objects.exists()
    assert AuditEvent.objects.count() == events
    assert run(CLOSES - 2 * DAY) == line
    assert run(CLOSES - 2 * DAY) == (
        "CAHPS for MIPS Survey 2023: 0 reminders queued; 1 reminded by an earlier run.\n"
    )


def test_a_run_is_audited_when_it_queued_something(incomplete, offering):
    run(CLOSES - 2 * DAY)
    run(CLOSES - 2 * DAY)
    event = AuditEvent.objects.get(action=AuditAction.REMINDERS_QUEUED)
    assert (event.actor_name, event.object_id) == ("Operations", str(offering.pk))
    assert event.details == {
        "offering": "CAHPS for MIPS Survey 2023",
        "days_before": 3,
        "people": 1,
    }


def test_people_come_in_lots_whose_queries_do_not_grow(offering, monkeypatch):
    monkeypatch.setattr(reminders, "LOT", 2)

    def with_people(number: int) -> int:
        for _ in range(number):
            role = RoleFactory()
            for organization in (role.organization, OrganizationFactory()):
                if organization != role.organization:
                    RoleFactory(user=role.user, organization=organization)
                started(role.user, organization, offering)
        Message.objects.all().delete()
        lots: list[int] = []
        with CaptureQueriesContext(
            connection,
        ) as queries:
            queue_reminders(actor=operations(), received_at=CLOSES - DAY, on_people=lots.append)
        assert sum(lots) == Message.objects.count() == User.objects.count()
        assert max(lots) == 2
        return len(queries)

    assert with_people(2) == 10
    assert with_people(2) == 18


@pytest.mark.django_db(transaction=True)
def test_runs_at_the_same_time_tell_everybody_once(offering):
    people = [RoleFactory() for _ in range(20)]
    for role in people:
        started(role.user, role.organization, offering)
    barrier = threading.Barrier(4)
    queued: list[int] = []

    def work() -> None:
        barrier.wait()
        results = queue_reminders(actor=operations(), received_at=CLOSES - DAY)
        queued.append(sum(result.queued.total() for result in results))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(queued) == 4
    assert sum(queued) == len(people)
    assert sorted(recipients()) == sorted(role.user.email for role in people)


def test_the_horizon_reaches_over_the_longest_step():
    closes_at = datetime(2023, 11, 11, 1, tzinfo=UTC)
    first = from_eastern_wall_time("2023-10-27 20:00")
    assert reminder_step(first, closes_at) == max(REMINDERS)
    assert closes_at - first < reminders.HORIZON
