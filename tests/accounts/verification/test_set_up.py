"""2023 guide, III.4: the first time, people set up two-factor authentication."""

import re
from base64 import b32decode

import pytest
import time_machine
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import AuditAction
from accounts.models import AuditEvent, ChannelDevice
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
    wrong_code,
)
from tests.factories import DeviceFactory

pytestmark = pytest.mark.django_db


def give_phone(client, number="(202) 555-0142"):
    return client.post("/sign-in/set-up/text-message/", {"phone": number})


def choose_app(client):
    return client.post("/sign-in/set-up/", {"method": "app"})


def secret_on(page):
    return b32decode(page.context["secret"].replace(" ", ""))


def test_first_sign_in_leads_to_set_up(client):
    assert give_password(client, person().user_id).url == "/sign-in/set-up/"
    page = client.get("/sign-in/set-up/").content.decode()
    assert "Set Up Two-Factor Authentication</h1>" in page
    assert "Text message" in page
    assert "Authenticator app" in page
    assert client.get("/sign-in/verify/").url == "/sign-in/set-up/"


def test_phone_is_confirmed_by_its_code(client):
    user = person()
    give_password(client, user.user_id)
    assert client.post("/sign-in/set-up/", {"method": "text"}).url.endswith("/text-message/")
    response = give_phone(client)
    page = client.get(response.url).content.decode()
    assert "Code sent to ***-***-0142." in page
    assert "Set Up Two-Factor Authentication" in page
    assert not re.search(r"555.?0142", page)
    device = ChannelDevice.objects.get()
    assert not device.confirmed
    assert enter(client, newest_code()).url == "/home/"
    device.refresh_from_db()
    assert device.confirmed
    assert device.address == "2025550142"
    assert is_signed_in(client)
    assert AuditEvent.objects.filter(action=AuditAction.DEVICE_ADDED).count() == 1


def test_wrong_code_confirms_nothing(client):
    give_password(client, person().user_id)
    give_phone(client)
    assert error(enter(client, wrong_code()), "code")
    assert not ChannelDevice.objects.get().confirmed
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "number",
    [
        "",
        "555-0142",
        "123456789",
        "(555) 555-0142",
        "+44 20 7946 0000",
        "(202) 555-0142 x5",
        "\x00",
        "2" * 200,
    ],
)
def test_bad_numbers_are_said_at_the_field(client, number):
    give_password(client, person().user_id)
    assert error(give_phone(client, number), "phone")
    assert messages() == []


def test_authenticator_app_is_confirmed_by_its_code(client):
    user = person()
    give_password(client, user.user_id)
    with time_machine.travel(START, tick=False):
        give_password(client, user.user_id)
        page = client.get(choose_app(client).url)
        assert 'src="data:image/svg+xml' in page.content.decode()
        key = secret_on(page)
        wrong = f"{(totp(key) + 1) % 1_000_000:06}"
        answer = client.post("/sign-in/set-up/authenticator-app/", {"code": wrong})
        assert error(answer, "code")
        assert secret_on(answer) == key
        answer = client.post("/sign-in/set-up/authenticator-app/", {"code": f"{totp(key):06}"})
        assert answer.url == "/home/"
        assert is_signed_in(client)
    assert TOTPDevice.objects.get().confirmed


def test_changing_the_mind_leaves_only_the_confirmed_device(client):
    user = person()
    with time_machine.travel(START, tick=False) as clock:
        give_password(client, user.user_id)
        choose_app(client)
        give_phone(client, "(202) 555-0143")
        clock.shift(1)
        give_phone(client, "(202) 555-0142")
        assert enter(client, newest_code()).url == "/home/"
    assert not TOTPDevice.objects.exists()
    assert [device.address for device in ChannelDevice.objects.all()] == ["2025550142"]


def test_get_creates_nothing(client):
    give_password(client, person().user_id)
    for page in ("", "text-message/", "authenticator-app/"):
        client.get(f"/sign-in/set-up/{page}")
    assert not TOTPDevice.objects.exists()
    assert not ChannelDevice.objects.exists()


def test_only_people_without_a_device_may_set_one_up(client):
    user = person_with_phone()
    give_password(client, user.user_id)
    for page in ("", "text-message/", "authenticator-app/"):
        answer = client.get(f"/sign-in/set-up/{page}", follow=True)
        assert answer.redirect_chain[-1][0] == "/sign-in/verify/"
    give_phone(client)
    choose_app(client)
    assert ChannelDevice.objects.count() == 1
    assert not TOTPDevice.objects.exists()
    assert messages() == []


def test_device_confirmed_meanwhile_closes_the_set_up():
    user, first, second = person(), Client(), Client()
    with time_machine.travel(START, tick=False) as clock:
        give_password(first, user.user_id)
        give_phone(first, "(202) 555-0143")
        code = newest_code()
        clock.shift(31)
        give_password(second, user.user_id)
        give_phone(second, "(202) 555-0142")
        assert enter(second, newest_code()).url == "/home/"
        assert not is_signed_in(first)
        answer = enter(first, code)
        assert answer.url == "/sign-in/verify/"
    assert ChannelDevice.objects.filter(user=user).count() == 1


def test_unconfirmed_devices_of_others_are_out_of_reach(client):
    other = DeviceFactory(confirmed=False)
    give_password(client, person().user_id)
    client.post("/sign-in/verify/", {"device": other.persistent_id})
    assert messages() == []


def test_many_numbers_share_the_limit_of_sending():
    user = person()
    with time_machine.travel(START, tick=False) as clock:
        client = Client()
        give_password(client, user.user_id)
        for number in range(8):
            give_phone(client, f"(202) 555-01{number:02}")
            clock.shift(31)
    assert len(messages()) == 5


def test_without_a_channel_for_texts_only_the_app_is_offered(client, settings):
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "text": ""}
    give_password(client, person().user_id)
    assert "Text message</span>" not in client.get("/sign-in/set-up/").content.decode()
    assert error(client.post("/sign-in/set-up/", {"method": "text"}), "method")
