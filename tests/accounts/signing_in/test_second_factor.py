"""2023 guide, III.4: Two-Factor Authentication."""

import re
import threading

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import AuditAction
from accounts.models import AuditEvent, OneTimeCode, Session
from tests.accounts.steps import (
    START,
    ask_for_code,
    enter,
    error,
    give_password,
    is_signed_in,
    messages,
    newest_code,
    person,
    person_with_phone,
    phone_of,
    up_to_code,
    walk_in,
    wrong_code,
)
from tests.factories import DeviceFactory

pytestmark = pytest.mark.django_db

DEAD = "This code no longer works. Send a new code and enter that one."
NOT_THIS = "This isn’t the code that we sent."


def app_of(user, **more):
    return TOTPDevice.objects.create(user=user, confirmed=True, **more)


def app_code(app, *, steps=0):
    """The code that an authenticator app shows, some steps of 30 seconds from now."""
    return f"{totp(app.bin_key, drift=steps):06}"


def choose(client, device_id):
    return client.post("/sign-in/verify/", {"device": device_id})


def test_dropdown_shows_devices_with_masked_numbers(client):
    user = person()
    DeviceFactory(user=user, address="2025558563")
    app_of(user)
    give_password(client, user.user_id)
    page = client.get("/sign-in/verify/").content.decode()
    assert "Two-Factor Authentication</h1>" in page
    options = [text.strip() for text in re.findall(r"<option[^>]*>([^<]*)</option>", page)]
    assert options == ["Text message to ***-***-8563", "Authenticator app"]
    assert "202555" not in page
    assert "Send Code" in page


def test_without_a_phone_no_button_promises_to_send_a_code(client):
    user = person()
    app_of(user)
    give_password(client, user.user_id)
    page = client.get("/sign-in/verify/").content.decode()
    assert "Send Code" not in page
    assert re.search(r'<button[^>]*type="submit">Continue</button>', page)
    assert "Select the device that completes your sign-in." in page


def test_code_is_sent_to_the_chosen_phone_and_lets_in(client):
    user = person_with_phone()
    give_password(client, user.user_id)
    response = ask_for_code(client, user)
    page = client.get(response.url).content.decode()
    assert f"Code sent to ***-***-{phone_of(user).address[-4:]}." in page
    assert "use a different device" in page
    assert "10 minutes" in page
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    assert enter(client, newest_code()).url == "/home/"
    assert is_signed_in(client)


def test_message_says_code_life_and_never_to_share(client):
    user = person_with_phone()
    code = up_to_code(client, user)
    (message,) = messages()
    assert set(message) == {"at", "channel", "to", "subject", "body", "html"}
    assert message["channel"] == "text"
    assert message["to"] == phone_of(user).address
    assert message["body"].startswith(f"{code} is your QPP Registration code.")
    assert "10 minutes" in message["body"]
    assert "Never share it" in message["body"]


@pytest.mark.parametrize("shape", ["{0} {1}", " {0}{1}\t", "{0}-{1}", "{0}\u00a0{1}"])
def test_spaces_in_the_code_do_not_matter(client, shape):
    code = up_to_code(client, person_with_phone())
    assert enter(client, shape.format(code[:3], code[3:])).status_code == 302


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34 5x", "\x00"])
def test_what_is_no_code_is_said_at_the_field_and_not_counted(client, text):
    user = person_with_phone()
    up_to_code(client, user)
    assert error(enter(client, text), "code")
    user.refresh_from_db()
    assert user.code_failures == 0


def test_password_alone_opens_nothing(client):
    user = person_with_phone()
    up_to_code(client, user)
    response = client.get("/home/")
    assert response.url == "/sign-in/?next=%2Fhome%2F"
    assert "_auth_user_id" not in client.session


def test_code_pages_need_a_password_first(client):
    for address in ("verify/", "verify/code/", "set-up/", "set-up/text-message/"):
        assert client.get(f"/sign-in/{address}").url == "/sign-in/"
    assert client.post("/sign-in/verify/send-again/").url == "/sign-in/"


def test_password_step_ends_after_fifteen_minutes(client):
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        give_password(client, user.user_id)
        clock.shift(15 * 60 - 1)
        assert client.get("/sign-in/verify/").status_code == 200
        clock.shift(1)
        response = client.get("/sign-in/verify/", follow=True)
    assert "longer than 15 minutes" in response.content.decode()


def test_disabled_meanwhile_ends_the_sign_in(client):
    user = person_with_phone()
    code = up_to_code(client, user)
    user.is_active = False
    user.save()
    assert enter(client, code).url.startswith("/sign-in/")
    assert not is_signed_in(client)


def test_password_changed_meanwhile_ends_the_sign_in(client):
    user = person_with_phone()
    code = up_to_code(client, user)
    user.set_password("another few words entirely")
    user.save()
    assert enter(client, code).url.startswith("/sign-in/")


def test_session_key_changes_at_each_step_and_old_ones_are_dead():
    user, client = person_with_phone(), Client()
    keys = []
    give_password(client, user.user_id)
    keys.append(client.cookies["session"].value)
    ask_for_code(client, user)
    enter(client, newest_code())
    keys.append(client.cookies["session"].value)
    assert len(set(keys)) == 2
    assert not Session.objects.filter(session_key=keys[0]).exists()
    old = Client()
    old.cookies["session"] = keys[0]
    assert not is_signed_in(old)
    assert old.get("/sign-in/verify/").headers["Location"] == "/sign-in/"


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


def test_device_of_another_person_is_answered_like_a_missing_one(client):
    user, other = person_with_phone(), person_with_phone()
    app = app_of(other)
    give_password(client, user.user_id)
    missing = choose(client, "accounts.channeldevice/999999")
    expected = error(missing, "device")
    for device_id in (
        phone_of(other).persistent_id,
        app.persistent_id,
        "accounts.channeldevice/-1",
        "accounts.channeldevice/x",
        "auth.permission/1",
        "../../x",
        "\x00",
        "x" * 5000,
        "",
    ):
        answer = choose(client, device_id)
        assert answer.status_code == 200
        if device_id:
            assert error(answer, "device") == expected
    assert messages() == []


def test_unconfirmed_device_of_a_person_with_another_one_is_not_offered(client):
    user = person_with_phone()
    unconfirmed = DeviceFactory(user=user, confirmed=False)
    give_password(client, user.user_id)
    assert unconfirmed.address[-4:] not in client.get("/sign-in/verify/").content.decode()
    assert error(choose(client, unconfirmed.persistent_id), "device")


def test_only_an_authenticator_app_goes_straight_to_enter_code(client):
    user = person()
    app = app_of(user)
    assert give_password(client, user.user_id).url == "/sign-in/verify/code/"
    page = client.get("/sign-in/verify/code/").content.decode()
    assert "Code sent" not in page
    assert "Send a new code" not in page
    assert client.post("/sign-in/verify/send-again/").url == "/sign-in/verify/"
    assert enter(client, app_code(app)).status_code == 302


def test_authenticator_code_is_refused_a_second_time():
    user = person()
    app = app_of(user)
    with time_machine.travel(START, tick=False):
        for answer in (302, 200):
            client = Client()
            give_password(client, user.user_id)
            assert enter(client, app_code(app)).status_code == answer


@pytest.mark.parametrize(("steps", "answer"), [(-2, 200), (-1, 302), (1, 302), (2, 200)])
def test_authenticator_may_be_one_step_off(steps, answer):
    user = person()
    app = app_of(user)
    with time_machine.travel(START, tick=False):
        client = Client()
        give_password(client, user.user_id)
        assert enter(client, app_code(app, steps=steps)).status_code == answer


def test_channel_without_backend_is_not_offered(client, settings):
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "text": ""}
    user = person_with_phone()
    give_password(client, user.user_id)
    page = client.get("/sign-in/verify/").content.decode()
    assert "Codes can’t be sent to your devices at present." in page
    assert error(ask_for_code(client, user), "device")
    assert client.get("/sign-in/set-up/").url == "/sign-in/verify/"


def test_failure_to_send_is_told(client, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "a file"
    settings.VAR_DIR.write_text("so no folder")
    user = person_with_phone()
    give_password(client, user.user_id)
    assert "couldn't send the code" in error(ask_for_code(client, user), "device")
    assert AuditEvent.objects.filter(action=AuditAction.CODE_NOT_SENT).exists()


def test_steps_are_audited_without_code_or_phone(client):
    user = person_with_phone()
    up_to_code(client, user)
    enter(client, wrong_code())
    enter(client, newest_code())
    events = AuditEvent.objects.order_by("pk")
    assert [event.action for event in events] == [
        AuditAction.STATEMENT_ACCEPTED,
        AuditAction.CODE_SENT,
        AuditAction.CODE_REFUSED,
        AuditAction.SIGNED_IN,
    ]
    assert {event.actor_id for event in events} == {str(user.pk)}
    assert phone_of(user).address not in str(list(events.values()))


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


def test_signing_in_again_asks_for_a_code_again(client):
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        walk_in(client, user)
        client.post("/sign-out/")
        clock.shift(60)
        give_password(client, user.user_id)
        assert not is_signed_in(client)
