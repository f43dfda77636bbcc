"""*Confirm It's You* against thieves of sessions, codes of something else, and two browsers."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from accounts.sessions import kept
from accounts.views.signing_in.proof import recent_proof_required
from qpp_registration.urls import urlpatterns as site
from tests.accounts.steps import (
    START,
    enter,
    error,
    is_signed_in,
    newest_code,
    person_with_phone,
    walk_in,
)
from tests.factories import PASSWORD, DeviceFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.accounts.signing_in.test_proof_attacks"),
]


@kept.kept_over_sign_out
@recent_proof_required
def sensitive(request: HttpRequest) -> HttpResponse:
    """Shows what had been typed before the proof."""
    typed = kept.kept_for(request.session, user_id=str(request.user.pk), path=request.path)
    return HttpResponse(f"sensitive page {typed['what'] if typed else ''}".strip())


ADDRESS = "/account/sensitive/"
CONFIRM = "/confirm-identity/?next=%2Faccount%2Fsensitive%2F"
urlpatterns = [*site, path("account/sensitive/", sensitive)]


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(travel):
    user = person_with_phone(user_id="jane.doe")
    DeviceFactory(user=user)
    return user


@pytest.fixture
def phones(user):
    return list(user.channeldevice_set.order_by("pk"))


def send_to(client, phone):
    return client.post("/sign-in/verify/", {"device": phone.persistent_id})


def sign_in(client, user_id, phone):
    client.post("/sign-in/", {"user_id": user_id, "password": PASSWORD, "agree": "on"})
    send_to(client, phone)
    return newest_code()


@pytest.fixture
def client(user, phones, travel):
    """Jane's browser, where she signed in six minutes ago."""
    client = Client()
    enter(client, sign_in(client, "jane.doe", phones[0]))
    travel.shift(timedelta(minutes=6))
    return client


def begin_proof(client, phone):
    client.post("/confirm-identity/", {"password": PASSWORD, "next": ADDRESS})
    send_to(client, phone)
    return newest_code()


def is_proved(client):
    return client.get(ADDRESS).status_code == 200


def test_codes_of_a_proof_and_of_a_sign_in_are_not_taken_for_each_other(client, phones):
    elsewhere = Client()
    for_signing_in = sign_in(elsewhere, "jane.doe", phones[1])
    for_proof = begin_proof(client, phones[0])
    assert for_signing_in != for_proof, "one in a million: run again"
    assert error(enter(client, for_signing_in), "code")
    assert error(enter(elsewhere, for_proof), "code")
    assert not is_proved(client)
    assert not is_signed_in(elsewhere)
    assert enter(client, for_proof).url == ADDRESS
    assert enter(elsewhere, for_signing_in).url == "/home/"


def test_proof_in_one_browser_is_none_in_the_other(client, phones, travel):
    other = Client()
    enter(other, sign_in(other, "jane.doe", phones[1]))
    travel.shift(timedelta(minutes=6))
    assert enter(client, begin_proof(client, phones[0])).url == ADDRESS
    assert is_proved(client)
    assert not is_proved(other)


def test_code_of_a_proof_works_once(client, phones):
    code = begin_proof(client, phones[0])
    thief = Client()
    thief.cookies["session"] = client.cookies["session"].value
    enter(client, code)
    assert enter(thief, code).url.startswith("/sign-in/"), "the key changed with the proof"
    assert not is_signed_in(thief)


def test_proof_that_is_pending_for_somebody_else_is_none_here(client, phones):
    other = person_with_phone(user_id="sam.roe")
    begin_proof(client, phones[0])
    session = client.session
    session["pending_sign_in"] |= {
        "user": str(other.pk),
        "password_hash": other.get_session_auth_hash(),
    }
    session.save()
    assert client.get("/sign-in/verify/").url == "/home/"
    assert enter(client, newest_code()).url == "/home/"
    assert not is_proved(client)
    assert client.get("/account/").context["user"].user_id == "jane.doe"


def test_password_that_changes_meanwhile_ends_proof_and_session(client, phones, user):
    code = begin_proof(client, phones[0])
    user.set_password("an entirely new pass phrase")
    user.save()
    assert enter(client, code).url.startswith("/sign-in/")
    assert not is_signed_in(client)


def test_device_that_is_removed_meanwhile_ends_proof_and_session(client, phones):
    code = begin_proof(client, phones[0])
    phones[0].delete()
    assert enter(client, code).url.startswith("/sign-in/")
    assert not is_signed_in(client)


def test_signing_out_ends_the_proof(client, phones):
    code = begin_proof(client, phones[0])
    client.post("/sign-out/")
    assert enter(client, code).url.startswith("/sign-in/")


def test_wrong_codes_of_proofs_and_sign_ins_are_counted_together(client, phones, travel):
    elsewhere = Client()
    right = {
        client: begin_proof(client, phones[0]),
        elsewhere: sign_in(elsewhere, "jane.doe", phones[1]),
    }
    for _ in range(5):
        for browser, code in right.items():
            enter(browser, f"{(int(code) + 1) % 1_000_000:06}")
    assert User.objects.get(user_id="jane.doe").codes_locked_until
    assert AuditEvent.objects.filter(action=AuditAction.CODES_LOCKED).count() == 1
    travel.shift(timedelta(minutes=1))
    code = begin_proof(client, phones[0])
    assert "locked" in error(enter(client, code), "code")


def test_attacker_of_the_user_id_does_not_keep_the_person_from_proving(client, phones):
    for _ in range(6):
        Client().post("/sign-in/", {"user_id": "jane.doe", "password": "wrong", "agree": "on"})
    assert enter(client, begin_proof(client, phones[0])).url == ADDRESS


def test_what_was_typed_comes_back_after_the_proof_for_this_person_only(client, phones, travel):
    answer = client.post(
        ADDRESS, {"what": "words"}, headers={"Referer": f"http://testserver{ADDRESS}"}
    )
    assert answer.url == CONFIRM
    enter(client, begin_proof(client, phones[0]))
    assert client.get(ADDRESS).content == b"sensitive page words"
    other = Client()
    walk_in(other, person_with_phone(user_id="sam.roe"))
    assert other.get(ADDRESS).content == b"sensitive page"


def test_proof_forgets_this_browsers_failures(client, phones):
    for _ in range(4):
        client.post("/confirm-identity/", {"password": "wrong", "next": ADDRESS})
    assert enter(client, begin_proof(client, phones[0])).url == ADDRESS
    for _ in range(4):
        client.post("/confirm-identity/", {"password": "wrong", "next": ADDRESS})
    answer = client.post("/confirm-identity/", {"password": PASSWORD, "next": ADDRESS})
    assert answer.url == "/sign-in/verify/"
