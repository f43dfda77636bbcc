"""Codes that are sent: how long one lives, how often it may be tried, and how many are sent."""

import re
import threading

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, OneTimeCode, Session
from tests.accounts.steps import (
    START,
    app_code,
    app_of,
    ask_for_code,
    choose,
    enter,
    error,
    give_password,
    is_signed_in,
    messages,
    newest_code,
    person,
    person_with_phone,
    up_to_code,
    wrong_code,
)
from tests.factories import DeviceFactory

pytestmark = pytest.mark.django_db
DEAD = "This code no longer works. Send a new code and enter that one."
NOT_THIS = "This isn’t the code that we sent."


def test_code_is_kept_only_as_keyed_hash_and_nowhere_else(client):
    code = up_to_code(client, person_with_phone())
    kept = OneTimeCode.objects.get()
    assert re.fullmatch(r"[0-9a-f]{64}", kept.digest)
    assert code not in str(list(AuditEvent.objects.values()))
    assert code not in str([session.get_decoded() for session in Session.objects.all()])


def test_code_works_until_ten_minutes_are_over():
    user = person_with_phone()
    for seconds, answer in ((10 * 60 - 1, 302), (10 * 60, 200)):
        with time_machine.travel(START, tick=False) as clock:
            OneTimeCode.objects.all().delete()
            client = Client()
            code = up_to_code(client, user)
            clock.shift(seconds)
            assert enter(client, code).status_code == answer


def test_code_works_once():
    user, client = person_with_phone(), Client()
    with time_machine.travel(START, tick=False):
        code = up_to_code(client, user)
        cookie = client.cookies["session"].value
        other = Client()
        other.cookies["session"] = cookie
        assert enter(client, code).status_code == 302
        # The session that the code was bound to is gone; nothing else may use it.
        assert enter(other, code).url.startswith("/sign-in/")


def test_code_of_another_sign_in_is_refused():
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        first, second = Client(), Client()
        code = up_to_code(first, user)
        clock.shift(31)
        other_code = up_to_code(second, user)
        assert error(enter(first, other_code), "code")
        assert error(enter(second, code), "code")
        assert not is_signed_in(first)
        assert not is_signed_in(second)


def test_newer_code_kills_the_older(client):
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        old = up_to_code(client, user)
        clock.shift(31)
        client.post("/sign-in/verify/send-again/")
        new = newest_code()
        if old != new:
            assert NOT_THIS in error(enter(client, old), "code")
        assert enter(client, new).status_code == 302


def test_code_of_one_phone_is_not_taken_for_another(client):
    user = person()
    first, second = DeviceFactory(user=user), DeviceFactory(user=user)
    give_password(client, user.user_id)
    choose(client, first.persistent_id)
    code = newest_code()
    choose(client, second.persistent_id)
    assert error(enter(client, code), "code") != ""
    assert enter(client, newest_code()).status_code == 302


def test_five_wrong_tries_kill_the_code(client):
    code = up_to_code(client, person_with_phone())
    for _ in range(4):
        assert NOT_THIS in error(enter(client, wrong_code()), "code")
    assert error(enter(client, wrong_code()), "code") == DEAD
    assert error(enter(client, code), "code") == DEAD


def test_ten_wrong_in_a_row_lock_over_sign_ins_and_devices():
    user = person_with_phone()
    app = app_of(user)
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        up_to_code(client, user)
        for _ in range(5):
            enter(client, wrong_code())
        other = Client()
        give_password(other, user.user_id)
        choose(other, app.persistent_id)
        wrong = f"{(int(app_code(app)) + 1) % 1_000_000:06}"
        for _ in range(4):
            assert "your app shows" in error(enter(other, wrong), "code")
        assert "locked until 10:10 a.m. ET" in error(enter(other, wrong), "code")
        # A right one isn't looked at while locked, and trying doesn't lengthen the lock.
        clock.shift(9 * 60 + 59)
        assert "locked until 10:10 a.m. ET" in error(enter(other, app_code(app)), "code")
        clock.shift(1)
        assert enter(other, app_code(app)).status_code == 302
    assert AuditEvent.objects.filter(action=AuditAction.CODES_LOCKED).count() == 1


def test_right_code_starts_the_count_anew():
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            client = Client()
            code = up_to_code(client, user)
            for _ in range(4):
                enter(client, wrong_code())
            assert enter(client, code).status_code == 302
            clock.shift(6 * 60)


def test_next_code_may_be_sent_after_thirty_seconds(client):
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        up_to_code(client, user)
        clock.shift(29)
        page = client.post("/sign-in/verify/send-again/").content.decode()
        assert "A code was sent just now. You can send another one in 1 second." in page
        assert len(messages()) == 1
        assert "in 1 second." in error(ask_for_code(client, user), "device")
        clock.shift(1)
        assert client.post("/sign-in/verify/send-again/").url == "/sign-in/verify/code/"
    assert len(messages()) == 2


def test_waiting_does_not_stop_the_code_already_sent(client):
    user = person_with_phone()
    code = up_to_code(client, user)
    client.post("/sign-in/verify/send-again/")
    assert enter(client, code).status_code == 302


def test_five_codes_in_fifteen_minutes_and_twenty_a_day():
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(50):
            client = Client()
            give_password(client, user.user_id)
            ask_for_code(client, user)
            clock.shift(10)
        assert len(messages()) == 5
        assert "Too many codes were sent" in error(ask_for_code(client, user), "device")
        clock.shift(7 * 60)
        for _ in range(20):
            client = Client()
            give_password(client, user.user_id)
            ask_for_code(client, user)
            clock.shift(16 * 60)
        assert len(messages()) == 20
        client = Client()
        give_password(client, user.user_id)
        problem = error(ask_for_code(client, user), "device")
        assert "on May 3, 2023 at 10:00 a.m. ET" in problem
        clock.move_to("2023-05-03 14:00:00Z")
        give_password(client, user.user_id)
        assert ask_for_code(client, user).status_code == 302


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_of_many_parallel_uses_of_a_code_succeeds():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    user, client = person_with_phone(), Client()
    for _ in range(5):
        OneTimeCode.objects.all().delete()
        code = up_to_code(client, user)
        assert _answers_in_parallel(client, code).count(302) == 1


def _answers_in_parallel(client, code):
    """The status codes of eight posts of a code at once; those after the first find no session."""
    barrier, answers = threading.Barrier(8), []
    cookie = client.cookies["session"].value

    def post():
        own = Client()
        own.cookies["session"] = cookie
        barrier.wait()
        response = enter(own, code)
        answers.append(response.status_code if response.status_code != 302 else response.url)
        connections.close_all()

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [302 if answer == "/home/" else answer for answer in answers]
