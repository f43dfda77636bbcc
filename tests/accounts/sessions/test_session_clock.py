"""How much of a session is left: the server says, and asking for it is no activity."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.accounts.steps import START, is_signed_in, person_with_phone, walk_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(travel):
    client = Client()
    walk_in(client, person_with_phone())
    return client


def minutes(number):
    return timedelta(minutes=number)


def left(answer):
    told = answer.json()
    return told["idle"], told["absolute"]


def test_asking_a_hundred_times_does_not_extend(client, travel):
    for _ in range(100):
        travel.shift(17)
        client.get("/session/", headers=JSON)
    assert left(client.get("/session/", headers=JSON)) == (100, 12 * 60 * 60 - 1700)
    travel.shift(100)
    answer = client.get("/session/", headers=JSON)
    assert answer.status_code == 401
    assert answer.json()["because"].startswith("You were signed out after 30 minutes without")
    assert not is_signed_in(client)


def test_asking_for_a_new_form_token_is_no_activity_either(client, travel):
    for _ in range(3):
        travel.shift(minutes(9))
        client.get("/csrf-token/")
    travel.shift(minutes(3))
    assert not is_signed_in(client)


def test_nor_is_a_page_that_is_missing(client, travel):
    travel.shift(minutes(29))
    client.get("/no-such-page/")
    travel.shift(minutes(1))
    assert not is_signed_in(client)


def test_page_starts_the_clock_anew(client, travel):
    travel.shift(minutes(29))
    client.get("/home/")
    assert left(client.get("/session/", headers=JSON))[0] == 30 * 60


def test_extending_counts_at_once_and_again_and_again(client, travel):
    for _ in range(12):
        travel.shift(minutes(29))
        assert left(client.post("/session/extend/", headers=JSON))[0] == 30 * 60
        travel.shift(10)
        assert left(client.post("/session/extend/", headers=JSON))[0] == 30 * 60
        assert left(client.get("/session/", headers=JSON))[0] == 30 * 60


def test_extending_does_not_move_the_absolute_end(client, travel):
    for _ in range(28):
        travel.shift(minutes(25))
        client.post("/session/extend/", headers=JSON)
    assert left(client.get("/session/", headers=JSON)) == (30 * 60, 20 * 60)
    travel.shift(minutes(20))
    answer = client.post("/session/extend/", headers=JSON)
    assert answer.status_code == 401
    assert "you signed in 12 hours ago" in answer.json()["because"]


def test_nobody_extends_by_reading_or_without_a_token(client, travel):
    assert client.get("/session/extend/").status_code == 405
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = client.cookies
    assert guarded.post("/session/extend/", headers=JSON).status_code == 403


def test_who_is_not_signed_in_gets_the_sign_in_page_or_json(travel):
    assert Client().get("/session/").url == "/sign-in/?next=%2Fsession%2F"
    assert Client().get("/session/", headers=JSON).status_code == 401


def test_person_has_a_mark_that_tells_nothing(client, travel, sign_in):
    mine = client.get("/session/", headers=JSON).json()["person"]
    assert len(mine) == 16
    other = UserFactory()
    theirs = sign_in(other).get("/session/", headers=JSON).json()["person"]
    assert theirs not in {mine, str(other.pk)}


def test_page_states_the_limits_without_javascript_and_brings_the_dialog(client):
    page = client.get("/home/").content.decode()
    assert "signed out after 30 minutes without activity, and 12 hours after signing in" in page
    assert 'data-idle="1800"' in page
    assert "js/session-clock.js" in page
    assert "js/session-clock.js" not in Client().get("/sign-in/").content.decode()


def test_staff_site_has_the_dialog_as_well(travel, sign_in):
    page = sign_in(person_with_phone(is_staff=True)).get("/staff/").content.decode()
    assert "Keep me signed in" in page
    assert "js/session-clock.js" in page
    assert "signed out after 30 minutes without activity" in page


def test_limits_are_settings_and_the_words_follow(travel, sign_in, settings):
    settings.SESSION_IDLE_SECONDS, settings.SESSION_ABSOLUTE_SECONDS = 15 * 60, 60 * 60
    client = sign_in(person_with_phone())
    assert "after 15 minutes without activity, and 1 hour after" in (
        client.get("/home/").content.decode()
    )
    assert "signed out after 15 minutes" in Client().get("/sign-in/").content.decode()
    travel.shift(minutes(15))
    assert "15 minutes without activity" in client.get("/home/", follow=True).content.decode()


def test_whoever_asks_once_more_with_the_ended_session_is_told_the_same_reason(client, travel):
    """The first answer was lost on its way, so the browser still has the cookie."""
    key = client.cookies["session"].value
    travel.shift(timedelta(minutes=31))
    for _ in range(2):
        client.cookies["session"] = key
        answer = client.get("/session/", headers=JSON)
        assert answer.status_code == 401
        assert "after 30 minutes without activity" in answer.json()["because"]
