"""*Confirm It's You*: what is sensitive needs password and code from the last five minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Session, StatementAcceptance
from accounts.views.signing_in.proof import recent_proof_required
from qpp_registration.urls import urlpatterns as site
from tests.accounts.steps import (
    START,
    ask_for_code,
    enter,
    error,
    is_signed_in,
    newest_code,
    person_with_phone,
    walk_in,
    wrong_code,
)
from tests.factories import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.signing_in.test_proof")]
done: list[str] = []


@recent_proof_required
def sensitive(request: HttpRequest) -> HttpResponse:
    """A page that does something when posted to."""
    if request.method == "POST":
        done.append(request.POST["what"])
    return HttpResponse("sensitive page")


urlpatterns = [*site, path("account/sensitive/", sensitive)]
ADDRESS = "/account/sensitive/"
CONFIRM = "/confirm-identity/?next=%2Faccount%2Fsensitive%2F"


@pytest.fixture
def travel():
    done.clear()
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(db):
    return person_with_phone(user_id="jane.doe")


@pytest.fixture
def client(travel, user):
    client = Client()
    walk_in(client, user)
    return client


def give_password(client, password=PASSWORD):
    return client.post("/confirm-identity/", {"password": password, "next": ADDRESS})


def test_signing_in_is_a_proof_for_five_minutes(client, travel):
    travel.shift(timedelta(minutes=5))
    assert client.get(ADDRESS).content == b"sensitive page"
    travel.shift(timedelta(seconds=1))
    assert client.get(ADDRESS).url == CONFIRM


def test_password_and_code_lead_back_with_a_new_key_and_the_old_one_is_dead(client, travel, user):
    travel.shift(timedelta(minutes=6))
    old = client.cookies["session"].value
    assert give_password(client).url == "/sign-in/verify/"
    assert "confirms it’s you" in client.get("/sign-in/verify/").content.decode()
    ask_for_code(client, user)
    assert client.get(ADDRESS).url == CONFIRM, "the password alone is no proof"
    assert enter(client, newest_code()).url == ADDRESS
    assert client.get(ADDRESS).content == b"sensitive page"
    assert client.cookies["session"].value != old
    assert not Session.objects.filter(session_key=old).exists()
    assert AuditEvent.objects.filter(action=AuditAction.IDENTITY_PROVED).count() == 1
    assert StatementAcceptance.objects.count() == 1, "only signing in agrees to the statement"


def test_form_is_not_looked_at_before_the_proof_and_not_after_it(client, travel, user):
    travel.shift(timedelta(minutes=6))
    answer = client.post(
        ADDRESS, {"what": "delete"}, headers={"Referer": f"http://testserver{ADDRESS}"}
    )
    assert answer.url == CONFIRM
    give_password(client)
    ask_for_code(client, user)
    enter(client, newest_code())
    client.get(ADDRESS)
    assert done == []
    client.post(ADDRESS, {"what": "delete"})
    assert done == ["delete"]


def test_script_is_told_in_json(client, travel):
    travel.shift(timedelta(minutes=6))
    answer = client.post(ADDRESS, {"what": "x"}, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["status"]) == (403, "proof_needed")
    assert done == []


def test_wrong_password_is_told_counted_and_locks_as_signing_in_does(client, travel, user):
    travel.shift(timedelta(minutes=6))
    for _ in range(5):
        assert "isn’t your password" in error(give_password(client, "wrong"), "password")
    assert "isn’t your password" in error(give_password(client), "password")
    assert is_signed_in(client), "the session itself goes on"
    travel.shift(timedelta(minutes=29))
    assert is_signed_in(client)
    travel.shift(timedelta(minutes=29))
    assert is_signed_in(client)
    travel.shift(timedelta(minutes=3))
    assert give_password(client).url == "/sign-in/verify/"


def test_wrong_code_is_no_proof(client, travel, user):
    travel.shift(timedelta(minutes=6))
    give_password(client)
    ask_for_code(client, user)
    enter(client, wrong_code())
    assert client.get(ADDRESS).url == CONFIRM
    assert is_signed_in(client)


def test_proof_begun_more_than_fifteen_minutes_ago_is_forgotten_but_the_person_stays(
    client, travel, user
):
    travel.shift(timedelta(minutes=6))
    give_password(client)
    travel.shift(timedelta(minutes=16))
    assert client.get("/sign-in/verify/").url == "/home/"
    assert is_signed_in(client)


def test_way_back_stays_on_this_site_and_off_the_page_itself(client, travel, user):
    travel.shift(timedelta(minutes=6))
    for elsewhere in ("//evil.example", "https://evil.example/", "/confirm-identity/", "/\\evil"):
        client.post("/confirm-identity/", {"password": PASSWORD, "next": elsewhere})
        travel.shift(timedelta(seconds=31))
        ask_for_code(client, user)
        assert enter(client, newest_code()).url == "/home/"
