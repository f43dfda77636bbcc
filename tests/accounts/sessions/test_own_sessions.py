"""*Where you're signed in*: seeing one's sessions, ending them, what their browsers are told."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import AuditAction
from accounts.models import AuditEvent, EndedSession, Session
from tests.accounts.steps import START, is_signed_in, person_with_phone, phone_of, walk_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
JSON = {"Accept": "application/json"}


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(travel):
    return person_with_phone(user_id="jane.doe")


@pytest.fixture
def office(user):
    """Jane's browser in the office, signed in at 10:00 a.m."""
    client = Client(headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.1")
    walk_in(client, user)
    return client


@pytest.fixture
def phone(user, office, travel):
    """Jane's phone, signed in ten minutes later."""
    travel.shift(timedelta(minutes=10))
    client = Client(headers={"User-Agent": SAFARI}, REMOTE_ADDR="192.0.2.2")
    walk_in(client, user)
    return client


def handle_of(client):
    return Session.objects.get(session_key=client.cookies["session"].value).handle


def end(client, handle):
    return client.post("/account/sessions/end/", {"session": handle}, follow=True)


def ended():
    return [
        (event.actor_id, event.details["why"])
        for event in AuditEvent.objects.filter(action=AuditAction.SESSION_ENDED)
    ]


def test_page_shows_each_session_and_which_one_is_this(office, phone, travel):
    travel.shift(timedelta(minutes=5))
    page = phone.get("/account/sessions/").content.decode()
    here, elsewhere = page.split("Other browsers", 1)
    assert "Safari on iPhone" in here
    assert "from 192.0.2.2" in here
    assert "May 2, 2023 at 10:10 a.m. ET" in here
    assert "Firefox on Windows" in elsewhere
    assert "from 192.0.2.1" in elsewhere
    assert elsewhere.count("May 2, 2023 at 10:00 a.m. ET") == 3, "since, last active, its button"
    assert "End all other sessions" in elsewhere
    assert handle_of(office) in elsewhere
    for client in (office, phone):
        assert client.cookies["session"].value not in page


def test_page_of_somebody_signed_in_here_only(office):
    page = office.get("/account/sessions/").content.decode()
    assert "You are signed in here only." in page
    assert "End all" not in page
    assert "In this browser only." in office.get("/account/").content.decode()


def test_account_page_says_in_how_many_others(office, phone):
    assert "In this browser and in 1 other." in phone.get("/account/").content.decode()


def test_sessions_that_ended_by_time_are_not_listed(office, phone, travel):
    travel.shift(timedelta(minutes=21))
    assert is_signed_in(phone)
    assert "You are signed in here only." in phone.get("/account/sessions/").content.decode()


def test_second_sign_in_is_audited(office, phone, user):
    event = AuditEvent.objects.get(action=AuditAction.SIGNED_IN_ELSEWHERE_TOO)
    assert (event.actor_id, event.details) == (str(user.pk), {"other_sessions": 1})


def test_ended_session_is_over_with_its_next_request_which_says_why(office, phone, user):
    old = office.cookies["session"].value
    page = end(phone, handle_of(office)).content.decode()
    assert "That session is ended." in page
    assert "You are signed in here only." in page
    answer = office.get("/home/")
    assert answer.url == "/sign-in/?next=%2Fhome%2F&why=other_browser"
    assert "you ended this session from another browser" in (
        office.get(answer.url).content.decode()
    )
    office.cookies["session"] = old
    assert not is_signed_in(office)
    assert is_signed_in(phone)
    assert ended() == [(str(user.pk), "other_browser")]


def test_script_of_an_ended_session_is_told_in_json(office, phone):
    end(phone, handle_of(office))
    answer = office.get("/session/", headers=JSON)
    assert answer.status_code == 401
    assert "you ended this session from another browser" in answer.json()["because"]


def test_all_others_end_at_once(office, phone, user):
    third = Client()
    with time_machine.travel("2023-05-02 14:15:00Z", tick=False):
        walk_in(third, user)
        page = third.post("/account/sessions/end-others/", follow=True).content.decode()
        assert "2 other sessions are ended. You are signed in here only." in page
        assert [is_signed_in(client) for client in (office, phone, third)] == [False, False, True]
        again = third.post("/account/sessions/end-others/", follow=True).content.decode()
    assert "You were signed in here only." in again
    assert len(ended()) == 2


def test_doing_it_twice_says_so_and_writes_nothing(office, phone):
    handle = handle_of(office)
    end(phone, handle)
    assert "had ended already" in end(phone, handle).content.decode()
    assert len(ended()) == 1


def test_nobody_ends_anothers_session_and_hears_the_same_as_for_a_missing_one(office, sign_in):
    other = sign_in(person_with_phone())
    answers = [end(other, handle) for handle in (handle_of(office), "0" * 16, "")]
    for answer in answers:
        assert "That session had ended already." in answer.content.decode()
    assert is_signed_in(office)
    assert ended() == []


def test_own_session_is_ended_by_signing_out_only(office):
    assert "had ended already" in end(office, handle_of(office)).content.decode()
    assert is_signed_in(office)


def test_ending_is_a_post_with_a_token(office):
    for address in ("/account/sessions/end/", "/account/sessions/end-others/"):
        assert office.get(address).status_code == 405
        guarded = Client(enforce_csrf_checks=True)
        guarded.cookies = office.cookies
        assert guarded.post(address).status_code == 403


def test_request_under_way_does_not_bring_an_ended_session_back(office, phone, travel):
    """It would store the session after it was ended."""
    session = office.session
    session["last_seen"] += 60
    end(phone, handle_of(office))
    with pytest.raises(UpdateError):
        session.save()
    assert not is_signed_in(office)


def test_reasons_are_forgotten_after_a_day(office, phone, travel):
    end(phone, handle_of(office))
    assert EndedSession.objects.count() == 1
    travel.shift(timedelta(days=1))
    call_command("purge_expired", stdout=StringIO())
    assert not EndedSession.objects.filter(why="other_browser").exists()


def test_number_of_queries_does_not_depend_on_the_sessions(office, phone, sign_in, user):
    def queries():
        with CaptureQueriesContext(connection) as found:
            phone.get("/account/sessions/")
        return len(found)

    before = queries()
    for _ in range(5):
        sign_in(user)
    assert queries() == before <= 5


# --- By operations ------------------------------------------------------------------------------


def run(**options):
    out = StringIO()
    call_command("end_sessions", stdout=out, **options)
    return out.getvalue().strip()


def test_operations_end_the_sessions_of_a_person(office, phone, user, sign_in):
    other = sign_in(person_with_phone())
    assert run(user="JANE.DOE", reason="Reported stolen") == "2 sessions of jane.doe ended."
    answer = office.get("/home/", follow=True)
    assert "signed out by the people who run this site" in answer.content.decode()
    assert is_signed_in(other)
    event = AuditEvent.objects.filter(action=AuditAction.SESSION_ENDED).first()
    assert (event.actor_kind, event.reason) == ("system", "Reported stolen")
    assert (event.object_id, event.source_address) == (str(user.pk), "command line")


def test_operations_end_everybodys_sessions(office, sign_in):
    other = sign_in(person_with_phone())
    assert run(all=True) == "2 sessions ended."
    assert not is_signed_in(office)
    assert not is_signed_in(other)


def test_operations_say_whose():
    with pytest.raises(CommandError, match="one of the arguments --user --all is required"):
        call_command("end_sessions")
    with pytest.raises(CommandError, match="Nobody has the user ID"):
        call_command("end_sessions", user="nobody.here")


# --- With the next request ----------------------------------------------------------------------


def test_changed_password_ends_the_session_and_says_so(office, user):
    user.set_password("an entirely new pass phrase")
    user.save()
    answer = office.get("/home/")
    assert answer.url.endswith("why=password")
    assert "because your password was changed" in office.get(answer.url).content.decode()
    assert ended() == [(str(user.pk), "password")]


def test_removed_device_ends_the_session_and_says_so(office, user):
    phone_of(user).delete()
    answer = office.get("/home/", follow=True)
    assert "the device that you signed in with was removed" in answer.content.decode()


def test_disabled_person_is_signed_out_without_a_reason(office, user):
    user.is_active = False
    user.save()
    answer = office.get("/home/", follow=True)
    assert "You were signed out. Sign in again to go on." in answer.content.decode()
    assert not Session.objects.filter(user=user).exists()
