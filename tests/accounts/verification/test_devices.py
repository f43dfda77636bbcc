"""*Verification Devices* of My Account: adding, renaming, removing."""

import re
from base64 import b32decode

import pytest
import time_machine
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.enums import AuditAction
from accounts.models import AuditEvent, ChannelDevice, Message, Session
from accounts.verification.devices import handle_of
from tests.accounts.authenticator import Authenticator
from tests.accounts.steps import (
    START,
    enter,
    error,
    give_password,
    is_signed_in,
    messages,
    newest_code,
    person,
    phone_of,
    walk_in,
    wrong_code,
)
from tests.factories import PASSWORD, DeviceFactory

pytestmark = pytest.mark.django_db

LIST, ADD = "/account/devices/", "/account/devices/add/"


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(db):
    """Somebody whose phone is none that a test adds."""
    user = person()
    DeviceFactory(user=user, address="2025550111")
    return user


def more_phones(user, number):
    for last in range(number):
        DeviceFactory(user=user, address=f"30155501{last:02}")


@pytest.fixture
def client(travel, user):
    client = Client()
    walk_in(client, user)
    return client


def page_of(client):
    return client.get(LIST).content.decode()


def choose(client, kind):
    return client.post(ADD, {"method": kind})


def add_phone(client, number, kind="text"):
    way = choose(client, kind).url
    return client.post(way, {"phone": number})


def enter_added(client, code):
    return client.post(f"{ADD}code/", {"code": code})


def mails():
    return list(Message.objects.order_by("created_at").values_list("subject", flat=True))


def test_list_shows_kind_number_and_use_and_asks_for_a_second_one(client, user):
    page = page_of(client)
    assert f"Text message to ***-***-{phone_of(user).address[-4:]}" in page
    assert phone_of(user).address not in page.replace("-", "")
    assert page.count("May 2, 2023 at 10:00 a.m. ET") == 2  # added, last used
    assert "Add a second device" in page
    more_phones(user, 1)
    assert "Add a second device" not in page_of(client)


@pytest.mark.parametrize(("kind", "label"), [("text", "Text message"), ("voice", "Voice call")])
def test_phone_is_added_by_its_first_code(client, user, travel, kind, label):
    assert add_phone(client, "(202) 555-0177", kind).url == f"{ADD}code/"
    page = client.get(f"{ADD}code/").content.decode()
    assert ("We are calling" if kind == "voice" else "Code sent to") in page
    assert messages()[-1]["channel"] == kind
    assert "isn’t the code" in error(enter_added(client, wrong_code()), "code")
    assert f"{label} to ***-***-0177" not in page_of(client)
    assert enter_added(client, newest_code()).url == LIST
    page = page_of(client)
    assert f"The device was added: {label} to ***-***-0177." in page
    assert page.count(f"{label} to ***-***-0177") > 1
    assert mails() == ["A verification device was added"]
    assert AuditEvent.objects.filter(action=AuditAction.DEVICE_ADDED).count() == 1


def test_app_is_added_by_its_first_code_and_gets_a_name_of_its_own(client, user, travel):
    for name in ("Authenticator app", "Authenticator app 2"):
        page = client.get(choose(client, "app").url)
        key = b32decode(page.context["secret"].replace(" ", ""))
        answer = client.post(f"{ADD}authenticator-app/", {"code": f"{totp(key):06}"})
        assert answer.url == LIST
        assert TOTPDevice.objects.filter(name=name, confirmed=True).count() == 1
        assert not TOTPDevice.objects.filter(confirmed=False).exists()


def test_passkey_is_added(client, user):
    host = {"host": "localhost:8000"}
    way = choose(client, "passkey").url
    asked = client.post(f"{way}options/", headers=host).json()
    answer = Authenticator().make(asked, "http://localhost:8000")
    assert client.post(way, {"answer": answer}, headers=host).url == LIST
    assert "Passkey or security key" in page_of(client)
    assert mails() == ["A verification device was added"]


def test_adding_renaming_removing_and_recovery_codes_need_a_recent_proof(client, user, travel):
    handle = handle_of(phone_of(user))
    travel.shift(301)
    for page in (
        ADD,
        f"{LIST}{handle}/rename/",
        f"{LIST}{handle}/remove/",
        "/account/recovery-codes/",
    ):
        for answer in (client.get(page), client.post(page, {"name": "Mine", "method": "text"})):
            assert answer.url.startswith("/confirm-identity/")
    assert client.get(LIST).status_code == 200


def test_proof_runs_out_while_the_code_is_on_its_way_and_it_works_all_the_same(client, travel):
    travel.shift(299)
    add_phone(client, "(202) 555-0177")
    travel.shift(500)
    assert enter_added(client, newest_code()).url == LIST


def test_steps_begin_with_the_choice_and_end_after_15_minutes(client, travel):
    for step in ("text-message/", "voice-call/", "authenticator-app/", "passkey/", "code/"):
        assert client.get(f"{ADD}{step}").url == ADD
    add_phone(client, "(202) 555-0177")
    travel.shift(899)
    assert client.get(f"{ADD}code/").status_code == 200
    travel.shift(1)
    assert client.get(f"{ADD}code/").url == ADD


def test_code_of_one_adding_is_refused_in_another(user, travel):
    first, second = Client(), Client()
    for client in (first, second):
        walk_in(client, user)
        travel.shift(31)
    add_phone(first, "(202) 555-0177")
    code = newest_code()
    travel.shift(31)
    add_phone(second, "(202) 555-0177")
    for client, other in ((first, newest_code()), (second, code)):
        assert "isn’t the code" in error(enter_added(client, other), "code")
    assert ChannelDevice.objects.filter(confirmed=True).count() == 1


def test_unconfirmed_phone_signs_nobody_in(client, user):
    add_phone(client, "(202) 555-0177")
    other = Client()
    give_password(other, user.user_id)
    assert "0177" not in other.get("/sign-in/verify/").content.decode()
    unconfirmed = ChannelDevice.objects.get(confirmed=False)
    assert error(other.post("/sign-in/verify/", {"device": unconfirmed.persistent_id}), "device")


def test_own_number_isnt_added_twice_for_the_same_kind(client, user, travel):
    number = phone_of(user).address
    assert "already" in error(add_phone(client, number), "phone")
    travel.shift(31)
    assert add_phone(client, number, "voice").status_code == 302


def test_removing_and_adding_a_phone_doesnt_begin_the_count_of_codes_anew(client, user, travel):
    sent = len(messages())
    for _ in range(8):
        add_phone(client, "(202) 555-0177")
        ChannelDevice.objects.filter(confirmed=False).delete()
        travel.shift(31)
    assert len(messages()) - sent == 4  # with the one of signing in: five in 15 minutes


def test_at_most_ten_devices(client, user):
    more_phones(user, 9)
    assert choose(client, "text").url == LIST
    page = page_of(client)
    assert "You have 10 devices. Remove one before you add another one." in page
    assert "Add a Device" not in page


def test_tenth_device_isnt_followed_by_an_eleventh_begun_before(client, user):
    add_phone(client, "(202) 555-0177")
    more_phones(user, 9)
    assert "10 devices" in error(enter_added(client, newest_code()), "code")


def test_device_gets_a_name(client, user):
    way = f"{LIST}{handle_of(phone_of(user))}/rename/"
    assert error(client.post(way, {"name": ""}), "name") == "Enter a name."
    assert error(client.post(way, {"name": "a\x00b"}), "name")
    assert client.post(way, {"name": "Work <b>phone</b>"}).url == LIST
    assert "Work &lt;b&gt;phone&lt;/b&gt;" in page_of(client)
    assert mails() == ["A verification device was renamed"]
    client.post(way, {"name": "Work <b>phone</b>"})
    assert AuditEvent.objects.filter(action=AuditAction.DEVICE_RENAMED).count() == 1


def test_last_device_stays_and_the_page_says_why(client, user):
    device = phone_of(user)
    way = f"{LIST}{handle_of(device)}/remove/"
    client.post("/account/recovery-codes/")
    assert "This device can’t be removed" in client.get(way).content.decode()
    answer = client.post(way)
    assert answer.status_code == 403
    assert "Recovery codes don’t count" in answer.content.decode()
    assert phone_of(user) == device


def test_device_that_cant_be_used_now_doesnt_make_another_one_removable(client, user, settings):
    TOTPDevice.objects.create(user=user, throttling_failure_count=100)
    DeviceFactory(user=user, channel="voice", address="2025550111")
    settings.MESSAGE_CHANNELS = {**settings.MESSAGE_CHANNELS, "voice": ""}
    device = user.channeldevice_set.get(channel="text")
    assert client.post(f"{LIST}{handle_of(device)}/remove/").status_code == 403
    app = TOTPDevice.objects.get()
    assert client.post(f"{LIST}{handle_of(app)}/remove/").url == LIST


def test_removing_a_device_ends_the_sessions_that_began_with_it(client, user, travel):
    travel.shift(31)
    lost = DeviceFactory(user=user, address="2025550177")
    thief = Client()
    give_password(thief, user.user_id)
    thief.post("/sign-in/verify/", {"device": lost.persistent_id})
    enter(thief, newest_code())
    assert is_signed_in(thief)
    way = f"{LIST}{handle_of(lost)}/remove/"
    assert "Remove this device?" in client.get(way).content.decode()
    assert client.post(way).url == LIST
    assert "The device was removed" in page_of(client)
    assert not is_signed_in(thief)
    assert is_signed_in(client)
    assert mails() == ["A verification device was removed"]
    assert client.post(way).status_code == 404


def test_only_own_devices_are_there(client):
    other = DeviceFactory()
    for deed in ("rename", "remove"):
        for handle in (handle_of(other), "0" * 16, "x"):
            way = f"{LIST}{handle}/{deed}/"
            assert client.get(way).status_code == 404
            assert client.post(way, {"name": "Mine"}).status_code == 404
    assert ChannelDevice.objects.filter(pk=other.pk).exists()


def test_number_of_queries_doesnt_grow_with_the_devices(
    client, user, django_assert_num_queries, django_assert_max_num_queries
):
    client.get(LIST)
    with django_assert_max_num_queries(20) as one:
        client.get(LIST)
    more_phones(user, 5)
    with django_assert_num_queries(len(one.captured_queries)):
        client.get(LIST)


def test_first_device_is_followed_by_a_hint_at_a_second_one(travel):
    client = Client()
    give_password(client, person().user_id)
    client.post("/sign-in/set-up/", {"method": "voice"})
    client.post("/sign-in/set-up/voice-call/", {"phone": "(202) 555-0142"})
    page = client.get(enter(client, newest_code()).url).content.decode()
    assert re.search(r'href="/account/devices/">add a second one and print recovery codes', page)


def test_code_page_leads_to_verification_settings_that_change_nothing(user, travel):
    client = Client()
    give_password(client, user.user_id)
    client.post("/sign-in/verify/", {"device": phone_of(user).persistent_id})
    assert "Change verification settings" in client.get("/sign-in/verify/code/").content.decode()
    page = client.get("/sign-in/verification-settings/").content.decode()
    for said in ("Nothing can be changed before you are signed in", "Recovery code", "My Account"):
        assert said in page
    assert 'href="/sign-in/lost-devices/"' in page
    assert not is_signed_in(client)
    assert Session.objects.filter(user=user).count() == 0
    assert PASSWORD not in page
