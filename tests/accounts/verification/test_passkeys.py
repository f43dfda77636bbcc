"""Passkeys and security keys as a second factor; Chromium's own in tests/browser/test_passkeys."""

import json
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django_otp_webauthn.models import WebAuthnCredential

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Message, PasskeyChallenge
from tests.accounts.authenticator import Authenticator
from tests.accounts.parallel import at_once
from tests.accounts.steps import (
    START,
    give_password,
    is_signed_in,
    person,
    person_with_phone,
)

pytestmark = pytest.mark.django_db

HOST = "localhost:8000"
ORIGIN = f"http://{HOST}"
SET_UP, USE = "/sign-in/set-up/passkey/", "/sign-in/verify/passkey/"


@pytest.fixture(autouse=True)
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def key():
    return Authenticator()


def browser():
    return Client(headers={"host": HOST})


def options(client, page):
    answer = client.post(f"{page}options/", headers={"accept": "application/json"})
    assert answer.status_code == 200, answer
    return answer.json()


def set_up(user, key, client=None):
    """The first sign-in, with a passkey as its first device."""
    client = client or browser()
    give_password(client, user.user_id)
    client.post("/sign-in/set-up/", {"method": "passkey"})
    return client, client.post(SET_UP, {"answer": key.make(options(client, SET_UP), ORIGIN)})


@pytest.fixture
def user(key):
    """Somebody whose only device is the key."""
    user = person()
    set_up(user, key)
    return user


def come_to_passkey(user):
    client = browser()
    assert give_password(client, user.user_id).url == USE
    return client


def test_first_device_may_be_a_passkey(key):
    user = person()
    client, answer = set_up(user, key)
    assert "add a second one" in client.get(answer.url).content.decode()
    passkey = WebAuthnCredential.objects.get()
    assert (passkey.user, passkey.confirmed) == (user, True)
    assert "was added" in Message.objects.get().subject
    assert AuditEvent.objects.filter(action=AuditAction.DEVICE_ADDED).count() == 1


def test_passkey_signs_in_without_a_code(user, key, travel):
    client = come_to_passkey(user)
    page = client.get(USE).content.decode()
    assert "Passkey or security key" in page
    assert "needs JavaScript" in page
    asked = options(client, USE)
    assert asked["userVerification"] == "required"
    assert len(asked["allowCredentials"]) == 1
    travel.shift(60)
    assert client.post(USE, {"answer": key.sign(asked, ORIGIN)}).url == "/home/"
    assert is_signed_in(client)
    assert WebAuthnCredential.objects.get().last_used_at.isoformat() == "2023-05-02T14:01:00+00:00"


def refused(client, answer):
    page = client.post(USE, {"answer": answer})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "null", "{}", '{"rawId": 5}', "[" * 10_000, "\x00", "x" * 30_000]
)
def test_what_is_no_answer_is_refused(user, answer):
    client = come_to_passkey(user)
    options(client, USE)
    refused(client, answer)


def test_answer_of_another_site_is_refused(user, key):
    client = come_to_passkey(user)
    refused(client, key.sign(options(client, USE), "https://qpp.example.com"))


@pytest.mark.parametrize("part", ["authenticatorData", "signature", "clientDataJSON"])
def test_changed_answer_is_refused(user, key, part):
    client = come_to_passkey(user)
    answer = json.loads(key.sign(options(client, USE), ORIGIN))
    good = answer["response"][part]
    answer["response"][part] = good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB")
    refused(client, json.dumps(answer))


def test_key_that_didnt_verify_its_person_is_refused(user, key):
    client = come_to_passkey(user)
    key.flags = 1
    refused(client, key.sign(options(client, USE), ORIGIN))


def test_key_that_didnt_verify_its_person_isnt_added():
    _, answer = set_up(person(), Authenticator(verifies=False))
    assert answer.context["form"].non_field_errors()
    assert not WebAuthnCredential.objects.exists()


def test_copied_key_is_refused_by_its_count(user, key):
    key.count = 7
    client = come_to_passkey(user)
    client.post(USE, {"answer": key.sign(options(client, USE), ORIGIN)})
    key.count = 3
    client = come_to_passkey(user)
    refused(client, key.sign(options(client, USE), ORIGIN))


def test_key_that_doesnt_count_goes_on_working():
    key = Authenticator(counts=False)
    user = person()
    set_up(user, key)
    for _ in range(2):
        client = come_to_passkey(user)
        assert client.post(USE, {"answer": key.sign(options(client, USE), ORIGIN)}).url == "/home/"


def test_answer_works_once_and_in_its_own_sign_in(user, key):
    first, second = come_to_passkey(user), come_to_passkey(user)
    answer = key.sign(options(first, USE), ORIGIN)
    options(second, USE)
    refused(second, answer)
    refused(come_to_passkey(user), answer)
    assert first.post(USE, {"answer": answer}).url == "/home/"
    refused(come_to_passkey(user), answer)


def test_a_refused_answer_uses_up_its_challenge(user, key):
    client = come_to_passkey(user)
    asked = options(client, USE)
    refused(client, "{}")
    refused(client, key.sign(asked, ORIGIN))
    assert not PasskeyChallenge.objects.exists()


def test_answer_must_come_within_five_minutes(user, key, travel):
    for seconds, answered in ((299, 302), (300, 200)):
        client = come_to_passkey(user)
        asked = options(client, USE)
        travel.shift(seconds)
        assert client.post(USE, {"answer": key.sign(asked, ORIGIN)}).status_code == answered


def test_another_persons_passkey_is_refused(user, key):
    stranger = Authenticator()
    set_up(person(), stranger)
    client = come_to_passkey(user)
    refused(client, stranger.sign(options(client, USE), ORIGIN))


def test_same_key_isnt_added_twice(user, key):
    other = person()
    _, answer = set_up(other, key)
    assert answer.context["form"].non_field_errors()
    assert WebAuthnCredential.objects.count() == 1


def test_options_name_the_keys_that_the_person_has(user, key):
    client = come_to_passkey(user)
    client.post(USE, {"answer": key.sign(options(client, USE), ORIGIN)})
    client.post("/account/devices/add/", {"method": "passkey"})
    asked = options(client, "/account/devices/add/passkey/")
    assert len(asked["excludeCredentials"]) == 1
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["rp"]["id"] == "localhost"


def test_wrong_codes_dont_lock_a_passkey(user, key):
    user.code_failures, user.codes_locked_until = 0, "2023-05-02T14:09:00Z"
    user.save()
    client = come_to_passkey(user)
    assert client.post(USE, {"answer": key.sign(options(client, USE), ORIGIN)}).url == "/home/"


def test_passkey_is_the_way_to_nothing_without_the_password(key, user):
    assert browser().get(USE).url.startswith("/sign-in/")
    assert browser().post(f"{USE}options/").url.startswith("/sign-in/")
    other = browser()
    give_password(other, person_with_phone().user_id)
    assert other.post(f"{USE}options/").url == "/sign-in/verify/"


def test_under_another_name_of_the_site_passkeys_arent_asked_for(user):
    client = Client(headers={"host": "127.0.0.1"})
    give_password(client, user.user_id)
    page = client.get(USE).content.decode()
    assert "Passkeys don’t work at this address" in page
    assert f"Open {ORIGIN}/ instead." in page


def use(client, answer):
    return client.post(USE, {"answer": answer})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_of_many_parallel_uses_succeeds(user, key):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    for _ in range(5):
        client = come_to_passkey(user)
        answer = key.sign(options(client, USE), ORIGIN)
        answers = at_once(client, partial(use, answer=answer), host=HOST)
        assert answers.count("/home/") == 1
