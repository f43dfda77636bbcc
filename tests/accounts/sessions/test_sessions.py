"""How long a session lives, how it ends, and that everything else is closed."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Session
from tests.accounts.steps import START, is_signed_in, person_with_phone, phone_of, walk_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def signed_in(travel):
    client = Client()
    walk_in(client, person_with_phone())
    return client


def minutes(number):
    return timedelta(minutes=number)


def test_session_goes_on_until_thirty_minutes_without_a_request(signed_in, travel):
    travel.shift(minutes(30) - timedelta(seconds=1))
    assert is_signed_in(signed_in)
    travel.shift(minutes(30))
    response = signed_in.get("/home/?x=1")
    assert response.url == "/sign-in/?next=%2Fhome%2F%3Fx%3D1&why=idle"
    page = signed_in.get(response.url).content.decode()
    assert "You were signed out after 30 minutes without activity." in page


def test_session_ends_twelve_hours_after_signing_in(signed_in, travel):
    for _ in range(12 * 12 - 1):
        travel.shift(minutes(5))
        assert is_signed_in(signed_in)
    travel.shift(minutes(5))
    response = signed_in.get("/home/")
    assert response.url.endswith("why=too_old")
    assert "12 hours ago" in signed_in.get(response.url).content.decode()


def test_ended_session_is_deleted_and_audited(signed_in, travel):
    key = signed_in.cookies["session"].value
    travel.shift(minutes(31))
    signed_in.get("/home/")
    assert not Session.objects.filter(session_key=key).exists()
    assert AuditEvent.objects.get(action=AuditAction.SESSION_ENDED).details == {"why": "idle"}
    signed_in.cookies["session"] = key
    assert not is_signed_in(signed_in)


def test_public_page_after_the_end_is_nobodys(signed_in, travel):
    travel.shift(minutes(31))
    page = signed_in.get("/")
    assert page.status_code == 200
    assert "Sign out" not in page.content.decode()
    assert not page.wsgi_request.user.is_authenticated


def test_missing_page_after_the_end_is_nobodys(signed_in, travel):
    travel.shift(minutes(31))
    assert "Sign out" not in signed_in.get("/no-such-page/").content.decode()


def test_reading_pages_writes_the_session_at_most_once_a_minute(signed_in, travel):
    def writes():
        with CaptureQueriesContext(connection) as queries:
            signed_in.get("/signed-out/")
        return [query["sql"] for query in queries if "UPDATE" in query["sql"]]

    travel.shift(59)
    assert writes() == []
    travel.shift(1)
    assert len(writes()) == 1
    assert writes() == []


def test_session_without_second_factor_is_ended(signed_in):
    session = signed_in.session
    del session["otp_device_id"]
    session.save()
    assert signed_in.get("/home/").url.startswith("/sign-in/?next=%2Fhome%2F")
    assert "_auth_user_id" not in signed_in.session


def test_removed_device_ends_the_session(travel):
    user, client = person_with_phone(), Client()
    walk_in(client, user)
    phone_of(user).delete()
    assert not is_signed_in(client)


def test_disabled_person_is_out_on_the_next_request(travel):
    user, client = person_with_phone(), Client()
    walk_in(client, user)
    user.is_active = False
    user.save()
    assert not is_signed_in(client)


def test_session_without_its_times_is_ended(signed_in):
    session = signed_in.session
    del session["signed_in_at"]
    session.save()
    assert not is_signed_in(signed_in)


def test_way_back_from_a_write_is_the_page_it_was_sent_from(client):
    page = "http://testserver/help/?x=1#part"
    assert client.post("/home/", headers={"referer": page}).url == (
        "/sign-in/?next=%2Fhelp%2F%3Fx%3D1%23part"
    )


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "http://evil.example/help/",
        "https://testserver/help/",
        "http://testserver//evil.example",
        "http://testserver@evil.example/",
        "nonsense",
        "http://[broken",
    ],
)
def test_way_back_from_a_write_sent_from_elsewhere_is_home(client, referer):
    answer = client.post("/home/", headers={"referer": referer})
    assert answer.url == "/sign-in/?next=%2Fhome%2F"


def test_sign_out_deletes_the_session(travel):
    user, client = person_with_phone(), Client()
    walk_in(client, user)
    key = client.cookies["session"].value
    answer = client.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["session"] = key
    assert not is_signed_in(client)
    assert AuditEvent.objects.get(action=AuditAction.SIGNED_OUT).actor_id == str(user.pk)


def test_sign_out_leads_to_the_front_page_which_says_so(signed_in):
    answer = signed_in.post("/sign-out/", follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "You are signed out." in answer.content.decode()


def test_sign_out_is_a_post(signed_in):
    assert signed_in.get("/sign-out/").status_code == 405
    assert is_signed_in(signed_in)


def test_sign_out_wants_the_forms_token():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/sign-out/").status_code == 403


def test_answers_are_not_kept_by_caches(signed_in):
    assert "no-store" in signed_in.get("/home/").headers["Cache-Control"]
    assert "no-store" in Client().get("/sign-in/").headers["Cache-Control"]
