"""`manage.py send_reminders`: who is reminded of an incomplete registration, and when."""

import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from accounts import delivery
from accounts.actors import official, operations
from accounts.enums import AuditAction, MessageStatus, RoleName
from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from qpp_registration.clock import from_eastern_wall_time
from registrations import reminders
from registrations.delete import delete_registration
from registrations.edits import ContactEdit, FieldEdit
from registrations.enums import Completion, Product
from registrations.models import Offering, Registration, WindowExtension
from registrations.policy import REMINDERS, reminder_step
from registrations.reminders import queue_reminders
from registrations.save import save
from registrations.start import start_registration
from tests.factories import (
    CLOSES,
    DURING,
    OPENS,
    ApmEntityFactory,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERSON = {"first_name": "Daniel", "last_name": "Okafor", "email": "d@example.org"}


@pytest.fixture(autouse=True)
def window(offering: Offering) -> Offering:
    """2023's, for every test."""
    return offering


def started(
    user: User,
    organization: Organization,
    offering: Offering,
    *,
    size: str = "",
    phone: str | None = None,
    at: datetime = DURING,
) -> Registration:
    """A registration that the person began; a phone gives it a complete contact."""
    actor = official(user)
    registration = start_registration(
        organization_id=organization.pk, offering=offering, actor=actor, received_at=at
    )
    with time_machine.travel(at, tick=False):
        contact = {**PERSON, "phone": phone} if phone is not None else {}
        save(
            registration_id=registration.pk,
            product=Product.CAHPS,
            size=FieldEdit(was="", now=size) if size else None,
            contacts={
                uuid4(): ContactEdit(
                    is_new=True,
                    fields={name: FieldEdit(was="", now=value) for name, value in contact.items()},
                )
            },
            actor=actor,
            received_at=at,
        )
    return registration


@pytest.fixture(autouse=True)
def _in_june(june: Any) -> None:
    """Registrations are made in June; runs say themselves when they are."""


@pytest.fixture
def incomplete(jane: User, practice: Organization, offering: Offering) -> Registration:
    """Jane's practice, begun and left."""
    return started(jane, practice, offering)


def extend(organization: Organization, offering: Offering, until: datetime) -> None:
    WindowExtension.objects.create(
        organization=organization,
        offering=offering,
        until=until,
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )


def run(at: datetime, *options: str) -> str:
    """A run of the command at that moment: what it printed."""
    out = io.StringIO()
    with time_machine.travel(at, tick=False):
        call_command("send_reminders", *options, stdout=out)
    return out.getvalue()


def recipients() -> list[str]:
    return list(Message.objects.order_by("to").values_list("to", flat=True))


# --- When


@pytest.mark.parametrize(
    ("closes", "step", "first", "last"),
    [
        ("2023-06-30 20:00", 14, "2023-06-16 20:00", "2023-06-27 19:59:59"),
        ("2023-06-30 20:00", 3, "2023-06-27 20:00", "2023-06-29 19:59:59"),
        ("2023-06-30 20:00", 1, "2023-06-29 20:00", "2023-06-30 19:59:59"),
        # The clocks go back on November 5: the same time of the day, an hour more between.
        ("2023-11-10 20:00", 14, "2023-10-27 20:00", "2023-11-07 19:59:59"),
        ("2023-11-05 20:00", 1, "2023-11-04 20:00", "2023-11-05 19:59:59"),
        # And forward on March 12.
        ("2023-03-12 20:00", 1, "2023-03-11 20:00", "2023-03-12 19:59:59"),
        ("2023-03-20 20:00", 14, "2023-03-06 20:00", "2023-03-17 19:59:59"),
    ],
)
def test_a_step_lasts_from_its_time_of_the_day_to_the_next_step(closes, step, first, last):
    closes_at = from_eastern_wall_time(closes)
    begins, ends = from_eastern_wall_time(first), from_eastern_wall_time(last)

    assert reminder_step(begins, closes_at) == reminder_step(ends, closes_at) == step
    assert reminder_step(begins - timedelta(microseconds=1), closes_at) != step
    assert reminder_step(ends + timedelta(seconds=1), closes_at) != step


def test_each_step_comes_once_however_often_it_is_run(incomplete):
    at = CLOSES - 20 * DAY
    queued = []
    while at < CLOSES + DAY:
        run(at)
        queued += [at] * (Message.objects.count() - len(queued))
        at += 6 * HOUR

    assert queued == [CLOSES - days * DAY for days in REMINDERS]
    assert recipients() == ["jane.doe@example.org"] * 3


def test_missed_days_are_caught_up_by_one_mail(incomplete):
    run(CLOSES - 2 * DAY)
    run(CLOSES - 2 * DAY + HOUR)
    assert Message.objects.count() == 1
    run(CLOSES - HOUR)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("at", [OPENS, CLOSES - 15 * DAY, CLOSES, CLOSES + DAY])
def test_nobody_is_reminded_too_early_or_from_the_close_on(incomplete, at):
    run(at)
    assert recipients() == []


def test_what_is_not_sent_by_the_close_is_not_sent(incomplete):
    run(CLOSES - HOUR)
    message = delivery.claim(at=CLOSES)
    assert message
    assert delivery.deliver(message, at=CLOSES) is MessageStatus.FAILED
    message.refresh_from_db()
    assert message.last_error == "Too late to be of use."


def test_a_reminder_that_is_in_time_is_sent(incomplete):
    run(CLOSES - HOUR)
    message = delivery.claim(at=CLOSES - HOUR)
    assert message
    assert delivery.deliver(message, at=CLOSES - timedelta(seconds=1)) is MessageStatus.SENT


def test_an_extended_organization_is_reminded_before_its_own_close(jane, practice, offering):
    extended = OrganizationFactory(name="Extended Practice")
    RoleFactory(user=jane, organization=extended)
    for organization in (practice, extended):
        started(jane, organization, offering)
    extend(extended, offering, CLOSES + 10 * DAY)

    run(CLOSES - DAY)
    first, second = Message.objects.order_by("expires_at")
    assert first.expires_at == CLOSES
    assert "Better Business Health" in first.body
    assert "Extended Practice" not in first.body
    assert "June 30, 2023 at 8:00 p.m. ET" in first.subject
    # Eleven days before its close: the first step of that one.
    assert second.expires_at == CLOSES + 10 * DAY
    assert "Extended Practice" in second.body
    assert "July 10, 2023 at 8:00 p.m. ET" in second.subject

    run(CLOSES + 9 * DAY)
    assert Message.objects.filter(expires_at=CLOSES).count() == 1
    assert Message.objects.filter(expires_at=CLOSES + 10 * DAY).count() == 2


def test_an_extension_that_ends_before_the_close_shortens_nothing(jane, practice, offering):
    started(jane, practice, offering)
    extend(practice, offering, CLOSES - 5 * DAY)
    run(CLOSES - 14 * DAY)
    assert Message.objects.get().expires_at == CLOSES


def test_a_moved_close_is_told_at_its_own_steps(incomplete, offering):
    run(CLOSES - DAY)
    offering.closes_at = CLOSES + 7 * DAY
    offering.save()
    run(CLOSES - HOUR)
    assert list(Message.objects.order_by("expires_at").values_list("expires_at", flat=True)) == [
        CLOSES,
        CLOSES + 7 * DAY,
    ]


def test_nobody_is_reminded_while_at_work(jane, practice, offering):
    registration = started(jane, practice, offering, at=CLOSES - 10 * DAY)
    said = run(CLOSES - 10 * DAY + timedelta(minutes=59))
    assert "1 at work within the last hour, reminded later" in said
    assert recipients() == []
    run(registration.changed_at + HOUR)
    assert recipients() == ["jane.doe@example.org"]


# --- Who


def test_what_is_not_started_complete_or_deleted_reminds_nobody(jane, practice, offering):
    complete, deleted = OrganizationFactory(), OrganizationFactory()
    for organization in (complete, deleted):
        RoleFactory(user=jane, organization=organization)
    started(jane, complete, offering, size="2-24", phone="2025550123")
    delete_registration(
        registration_id=started(jane, deleted, offering).pk,
        product=Product.CAHPS,
        actor=official(jane),
        received_at=DURING,
    )
    Message.objects.all().delete()
    run(CLOSES - DAY)
    assert recipients() == []


def test_each_active_security_official_is_told_once_for_all_organizations(
    jane, practice, offering, incomplete
):
    ken = UserFactory(user_id="ken.ito")
    RoleFactory(user=ken, organization=practice)
    RoleFactory(user=UserFactory(), organization=practice, name=RoleName.STAFF_USER)
    RoleFactory(user=UserFactory(is_active=False), organization=practice)
    RoleFactory(organization=OrganizationFactory())
    other = OrganizationFactory()
    RoleFactory(user=jane, organization=other)
    started(jane, other, offering)

    run(CLOSES - 3 * DAY)
    assert recipients() == ["jane.doe@example.org", "ken.ito@example.org"]


def test_who_completed_it_meanwhile_is_left_alone(jane, practice, offering, incomplete):
    run(CLOSES - 3 * DAY)
    incomplete.refresh_from_db()
    save(
        registration_id=incomplete.pk,
        product=Product.CAHPS,
        size=FieldEdit(was="", now="2-24"),
        contacts={
            uuid4(): ContactEdit(
                is_new=True,
                fields={
                    name: FieldEdit(was="", now=value)
                    for name, value in {**PERSON, "phone": "2025550123"}.items()
                },
            )
        },
        actor=official(jane),
        received_at=DURING,
    )
    run(CLOSES - DAY)
    assert Message.objects.count() == 1


def test_a_year_can_be_quiet(incomplete, offering):
    offering.year.reminds_officials = False
    offering.year.save()
    assert run(CLOSES - DAY) == "Nothing is open that reminds.\n"
    assert recipients() == []


def test_a_year_whose_pages_do_not_complete_by_themselves_is_quiet(incomplete, offering):
    offering.year.completion = Completion.EXPLICIT
    offering.year.save()
    run(CLOSES - DAY)
    assert recipients() == []


def test_years_are_told_apart(jane, practice, offering, incomplete):
    next_year = OfferingFactory(
        year__year=2024, opens_at=OPENS + 10 * DAY, closes_at=CLOSES + 3 * DAY
    )
    started(jane, practice, next_year)
    run(CLOSES - HOUR)
    assert sorted(Message.objects.values_list("subject", flat=True)) == [
        f"1 registration for the {year} CAHPS for MIPS Survey is incomplete: complete it by {close}"
        for year, close in (
            (2023, "June 30, 2023 at 8:00 p.m. ET"),
            (2024, "July 3, 2023 at 8:00 p.m. ET"),
        )
    ]


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
