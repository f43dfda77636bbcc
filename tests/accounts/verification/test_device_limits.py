"""Limits of one device: a hundred wrong codes in a row, and sends by text and voice together."""

import pytest
import time_machine
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Message
from tests.accounts.steps import (
    START,
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

USELESS = "wrong codes in a row for this device. It can’t be used any more."


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def choose(client, device):
    return client.post("/sign-in/verify/", {"device": device.persistent_id})


def app_of(user, wrong):
    return TOTPDevice.objects.create(user=user, throttling_failure_count=wrong)


def test_hundredth_wrong_code_disables_a_phone_and_never_the_account(client, travel):
    user = person_with_phone()
    phone = phone_of(user)
    phone.wrong_codes = 98
    phone.save()
    other = DeviceFactory(user=user, address="3015550142")
    give_password(client, user.user_id)
    choose(client, phone)
    right = newest_code()
    assert USELESS not in error(enter(client, wrong_code()), "code")
    assert USELESS in error(enter(client, wrong_code()), "code")
    assert enter(client, right).url == "/sign-in/verify/"
    assert "was disabled" in Message.objects.get().subject
    assert AuditEvent.objects.filter(action=AuditAction.DEVICE_DISABLED).count() == 1
    assert error(choose(client, phone), "device")
    travel.shift(1)
    choose(client, other)
    enter(client, newest_code())
    assert is_signed_in(client)
    assert "Disabled after too many wrong codes" in client.get("/account/devices/").content.decode()


def test_hundredth_wrong_code_disables_an_app(client):
    user = person()
    app = app_of(user, wrong=99)
    give_password(client, user.user_id)
    wrong = f"{(totp(app.bin_key) + 1) % 1_000_000:06}"
    assert USELESS in error(enter(client, wrong), "code")
    assert enter(client, f"{totp(app.bin_key):06}").url == "/sign-in/verify/"
    assert not is_signed_in(client)


def test_ten_thousand_failures_break_no_page(client):
    user = person()
    app_of(user, wrong=10_000)
    phone = DeviceFactory(user=user, wrong_codes=10_000)
    give_password(client, user.user_id)
    for page in ("/sign-in/verify/", "/sign-in/verify/code/", "/sign-in/verification-settings/"):
        assert client.get(page).status_code in {200, 302}
    assert error(choose(client, phone), "device")


def test_disabled_only_device_doesnt_open_the_set_up_of_a_new_one(client):
    user = person()
    app_of(user, wrong=100)
    assert give_password(client, user.user_id).url == "/sign-in/verify/"
    for way in ("", "text-message/", "voice-call/", "authenticator-app/", "passkey/"):
        answer = client.post(f"/sign-in/set-up/{way}", {"method": "app", "phone": "2025550142"})
        assert answer.url == "/sign-in/verify/"
    page = client.get("/sign-in/verify/").content.decode()
    assert 'href="/sign-in/lost-devices/"' in page


def test_right_code_begins_the_count_anew(client):
    user = person_with_phone()
    phone = phone_of(user)
    phone.wrong_codes = 97
    phone.save()
    up_to_code(client, user)
    enter(client, wrong_code())
    enter(client, newest_code())
    phone.refresh_from_db()
    assert (phone.wrong_codes, phone.last_used_at.isoformat()) == (0, "2023-05-02T14:00:00+00:00")


def test_text_and_voice_to_one_number_share_its_limits(client, travel):
    user = person()
    text = DeviceFactory(user=user, address="2025550142")
    voice = DeviceFactory(user=user, address="2025550142", channel="voice")
    other = DeviceFactory(user=user, address="2025550143")
    give_password(client, user.user_id)
    choose(client, text)
    assert "You can send another one in 30 seconds." in error(choose(client, voice), "device")
    assert choose(client, other).status_code == 302
    for _ in range(6):
        travel.shift(31)
        choose(client, voice)
        choose(client, text)
    assert [line["to"] for line in messages()].count("2025550142") == 5


def test_code_of_a_call_is_dead_once_a_text_was_sent(client, travel):
    user = person()
    text = DeviceFactory(user=user, address="2025550142")
    voice = DeviceFactory(user=user, address="2025550142", channel="voice")
    give_password(client, user.user_id)
    choose(client, voice)
    called = newest_code()
    travel.shift(31)
    choose(client, text)
    assert error(enter(client, called), "code")
    assert enter(client, newest_code()).url == "/home/"


def test_page_says_how_long_until_the_next_code(client, travel):
    user = person_with_phone()
    up_to_code(client, user)
    travel.shift(12)
    page = client.get("/sign-in/verify/code/").content.decode()
    assert 'data-resend-in="18"' in page
    assert "Possible 30 seconds after the last one" in page


def test_code_is_asked_for_each_time(client, travel):
    user = person_with_phone()
    walk_in(client, user)
    client.post("/sign-out/")
    travel.shift(31)
    again = Client()
    again.cookies = client.cookies
    assert give_password(again, user.user_id).url == "/sign-in/verify/"
