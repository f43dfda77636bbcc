"""`manage.py send_reminders`: who is reminded of an incomplete registration, and when."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.actors import official
from accounts.enums import MessageStatus, RoleName
from accounts.messages import delivery
from accounts.models import Message
from qpp_registration.clock import from_eastern_wall_time
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.save import save
from registrations.enums import Completion, Product
from registrations.policy.registration import REMINDERS, reminder_step
from registrations.registering.delete import delete_registration
from tests.factories import (
    CLOSES,
    DURING,
    OPENS,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
)
from tests.registrations.reminder_steps import DAY, HOUR, PERSON, extend, recipients, run, started

pytestmark = pytest.mark.django_db


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
