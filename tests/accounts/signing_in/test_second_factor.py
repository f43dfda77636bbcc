"""2023 guide, III.4: Two-Factor Authentication."""

import re

import pytest
import time_machine
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Session
from tests.accounts.steps import (
    START,
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
    phone_of,
    up_to_code,
    walk_in,
    wrong_code,
)
from tests.factories import DeviceFactory

pytestmark = pytest.mark.django_db


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


def test_signing_in_again_asks_for_a_code_again(client):
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        walk_in(client, user)
        client.post("/sign-out/")
        clock.shift(60)
        give_password(client, user.user_id)
        assert not is_signed_in(client)
