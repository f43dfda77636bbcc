"""Accounts that nobody uses: paused after 60 days, warned before, enabled again by the person."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from accounts.models import AccountLink, AuditEvent, MailRequest, Message
from accounts.policy import account
from qpp_registration import clock as site_clock
from tests.accounts.steps import (
    NEW_PASSWORD,
    START,
    enter,
    give_password,
    is_signed_in,
    mails_to,
    newest_code,
    newest_link,
    person_with_phone,
    reset_link,
    set_new_password,
    walk_in,
)
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def warn(*options):
    out = io.StringIO()
    call_command("warn_idle_accounts", *options, stdout=out)
    return out.getvalue().strip()


def days(number, **more):
    return timedelta(days=number, **more)


@pytest.mark.parametrize(
    ("unused", "step"),
    [
        (days(29, hours=23), None),
        (days(30), 30),
        (days(44, hours=23), 30),
        (days(45), 45),
        (days(55), 55),
        (days(59, hours=23), 55),
        (days(60), None),
        (days(400), None),
    ],
)
def test_which_warning_is_due(unused, step):
    at = site_clock.now()
    assert account.idle_warning(last_used_at=at - unused, at=at) == step


def test_signed_in_59_days_ago_signs_in_and_61_days_ago_does_not(clock):
    user = person_with_phone()
    walk_in(Client(), user)
    clock.shift(days(59))
    assert walk_in(Client(), user).status_code == 302
    clock.shift(days(61))
    answer = give_password(Client(), user.user_id)
    assert answer.status_code == 200
    assert "isn’t right" in answer.content.decode()
    assert "60 days" not in answer.content.decode()


def test_account_that_was_never_used_is_paused_too(clock):
    user = person_with_phone()
    clock.shift(days(60))
    assert give_password(Client(), user.user_id).status_code == 200


def test_person_enables_it_by_mail_and_second_factor(clock, client):
    user = person_with_phone()
    clock.shift(days(365))
    client.get(reset_link(user))
    assert "wasn’t used for 60 days" in mails_to(user.email)[-1].body
    assert "your roles are as they were" in mails_to(user.email)[-1].body
    set_new_password(client)
    assert not is_signed_in(client)
    assert give_password(client, user.user_id, NEW_PASSWORD).url == "/sign-in/verify/"
    client.post("/sign-in/verify/", {"device": user.channeldevice_set.get().persistent_id})
    enter(client, newest_code())
    assert is_signed_in(client)


def test_account_in_use_is_not_told_that_it_is_paused(clock):
    user = person_with_phone()
    reset_link(user)
    assert "60 days" not in mails_to(user.email)[-1].body


def test_person_disabled_by_staff_stays_disabled(clock, client):
    user = person_with_phone(is_active=False)
    clock.shift(days(61))
    client.post("/recover/", {"what": "reset", "password-user_id": user.user_id})
    assert not AccountLink.objects.exists()
    assert give_password(client, user.user_id).status_code == 200


def test_each_warning_comes_once_and_says_that_nothing_is_lost(clock):
    user = person_with_phone()
    assert warn() == "0 warnings queued."
    counts = []
    for _ in range(61):
        clock.shift(days(1))
        warn()
        warn()
        counts.append(Message.objects.count())
    assert [day for day in range(2, 62) if counts[day - 1] > counts[day - 2]] == [30, 45, 55]
    mail = mails_to(user.email)[0]
    assert "for 30 days. From July 1, 2023 at 10:00 a.m. ET on its password is paused" in mail.body
    assert "Your account and your roles stay." in mail.body.replace("\n", " ")
    assert "/sign-in/" in mail.body
    assert mail.expires_at == user.created_at + days(60)


def test_signing_in_begins_the_days_anew(clock):
    user = person_with_phone()
    clock.shift(days(30))
    warn()
    walk_in(Client(), user)
    clock.shift(days(29))
    assert warn() == "0 warnings queued."
    clock.shift(days(1))
    assert warn() == "1 warning queued."


def test_missed_warning_is_not_made_up_for_beside_the_next(clock):
    person_with_phone()
    clock.shift(days(56))
    assert warn() == "1 warning queued."


def test_disabled_and_paused_people_are_not_warned(clock):
    person_with_phone(is_active=False)
    clock.shift(days(45))
    assert warn() == "0 warnings queued."
    person_with_phone()
    clock.shift(days(60))
    assert warn() == "0 warnings queued."


def test_dry_run_writes_nothing(clock):
    person_with_phone()
    clock.shift(days(30))
    assert warn("--dry-run").splitlines()[-1] == "1 warning queued."
    assert not Message.objects.exists()
    assert not AuditEvent.objects.exists()
    warn()
    assert warn("--dry-run").splitlines()[-1] == "0 warnings queued."


def test_run_is_audited_without_addresses(clock):
    person_with_phone()
    clock.shift(days(30))
    warn()
    warn()
    event = AuditEvent.objects.get(action="idle.warned")
    assert (event.details, event.actor_name) == ({"warned": 1}, "Operations")


def test_queries_follow_the_lots_not_the_people(clock, django_assert_max_num_queries):
    UserFactory.create_batch(40)
    clock.shift(days(30))
    with django_assert_max_num_queries(12):
        assert warn() == "40 warnings queued."


def test_ended_links_and_counted_requests_are_forgotten(clock):
    Client().post(
        "/register/",
        {
            "first_name": "Nell",
            "last_name": "Abara",
            "email": "nell@example.org",
            "phone": "2025550123",
        },
    )
    newest_link("nell@example.org")
    clock.shift(days(1))
    call_command("purge_expired", stdout=io.StringIO())
    assert AccountLink.objects.count() == 1
    clock.shift(timedelta(minutes=30))
    call_command("purge_expired", stdout=io.StringIO())
    assert not AccountLink.objects.exists()
    assert not MailRequest.objects.exists()


def test_right_password_of_a_paused_account_is_no_way_to_tell(clock):
    user = person_with_phone()
    clock.shift(days(61))
    answers = [give_password(Client(), user.user_id, PASSWORD).status_code for _ in range(7)]
    assert answers == [200] * 7
