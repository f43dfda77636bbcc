"""2023 guide, III.2 and III.3: User ID, password, and the Statement of Truth."""

import re
import threading

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection, connections
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Session, StatementAcceptance
from accounts.policy import lock_out, signing_in
from accounts.words import statement
from tests.accounts.steps import (
    START,
    error,
    give_password,
    is_signed_in,
    person,
    person_with_phone,
    walk_in,
)
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WRONG = "not the right password"


def refusal(client, user_id, password=WRONG):
    """Status and body of an answer, without what differs between any two answers."""
    response = give_password(client, user_id, password)
    body = response.content.decode().replace(user_id, "USER")
    return response.status_code, re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", body)


def test_page_shows_statement_of_truth_and_notice(client):
    page = client.get("/sign-in/").content.decode()
    assert statement.TEXT in page
    assert "Yes, I agree" in page
    assert "Activity on this site is recorded." in page
    assert "signed out after 30 minutes without activity" in page
    assert 'autocomplete="current-password"' in page


def test_right_password_goes_on_to_second_factor(client):
    user = person_with_phone()
    response = give_password(client, user.user_id)
    assert response.url == "/sign-in/verify/"
    assert not is_signed_in(client)


def test_user_id_is_known_in_any_case(client):
    person_with_phone(user_id="Jane.Doe")
    assert give_password(client, " jANE.dOE ").status_code == 302


def test_password_is_compared_in_full_with_its_spaces(client):
    user = person_with_phone()
    assert error(give_password(client, user.user_id, PASSWORD + " "), "password")
    assert error(give_password(client, user.user_id, PASSWORD[:-1]), "password")
    assert give_password(client, user.user_id, PASSWORD).status_code == 302


def test_password_matches_in_either_unicode_form(client):
    UserFactory(user_id="jane.doe", password=make_password("caf\u00e9 with many tables"))
    assert give_password(client, "jane.doe", "cafe\u0301 with many tables").status_code == 302


def test_acceptance_is_kept_with_person_time_and_version(client):
    user = person_with_phone()
    with time_machine.travel(START, tick=False):
        give_password(client, user.user_id)
    acceptance = StatementAcceptance.objects.get()
    assert acceptance.user == user
    assert acceptance.accepted_at.isoformat() == "2023-05-02T14:00:00+00:00"
    assert acceptance.text_version == statement.VERSION


def test_without_tick_nothing_is_tried(client):
    user = person_with_phone()
    give_password(client, user.user_id)
    before = client.cookies["session"].value
    form = {"user_id": user.user_id, "password": WRONG}
    for _ in range(6):
        response = client.post("/sign-in/", form)
        assert error(response, "agree") == "Select “Yes, I agree” to sign in."
    assert client.cookies["session"].value == before
    assert StatementAcceptance.objects.count() == 1
    assert not AuditEvent.objects.filter(action=AuditAction.SIGN_IN_REFUSED).exists()
    assert give_password(client, user.user_id).status_code == 302


def test_acceptance_is_not_kept_for_wrong_password(client):
    give_password(client, person().user_id, WRONG)
    assert not StatementAcceptance.objects.exists()


def test_unknown_wrong_disabled_and_locked_get_the_same_answer():
    known, disabled, locked = person(), person(is_active=False), person()
    without_password = UserFactory(password=make_password(None))
    for _ in range(5):
        give_password(Client(), locked.user_id, WRONG)
    expected = refusal(Client(), known.user_id)
    assert "isn’t right" in expected[1]
    assert "locked for 60 minutes" in expected[1]
    assert refusal(Client(), "nobody.here") == expected
    assert refusal(Client(), disabled.user_id, PASSWORD) == expected
    assert refusal(Client(), without_password.user_id) == expected
    assert refusal(Client(), locked.user_id) == expected
    assert refusal(Client(), locked.user_id, PASSWORD) == expected


def test_locked_unknown_user_id_gets_the_same_answer():
    expected = refusal(Client(), "nobody.here")
    answers = {refusal(Client(), "nobody.here") for _ in range(7)}
    assert answers == {expected}


def test_five_failures_lock_for_an_hour():
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(4):
            give_password(Client(), user.user_id, WRONG)
        assert give_password(Client(), user.user_id).status_code == 302
        give_password(Client(), user.user_id, WRONG)
        assert give_password(Client(), user.user_id).status_code == 200
        clock.shift(60 * 60 - 1)
        assert give_password(Client(), user.user_id).status_code == 200
        clock.shift(2)
        assert give_password(Client(), user.user_id).status_code == 302


def test_tries_during_the_lock_do_not_lengthen_it():
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(5):
            give_password(Client(), user.user_id, WRONG)
        for _ in range(11):
            clock.shift(5 * 60)
            give_password(Client(), user.user_id, WRONG)
        clock.shift(5 * 60 + 1)
        assert give_password(Client(), user.user_id).status_code == 302


@pytest.mark.parametrize("spelling", ["JANE.DOE", " jane.doe", "Jane.Doe"])
def test_failures_count_for_the_person_however_spelled(spelling):
    person_with_phone(user_id="jane.doe")
    for _ in range(5):
        give_password(Client(), spelling, WRONG)
    assert give_password(Client(), "jane.doe").status_code == 200


def test_failures_count_wherever_they_come_from():
    user = person_with_phone()
    with time_machine.travel(START, tick=False) as clock:
        for number in range(5):
            Client(REMOTE_ADDR=f"192.0.2.{number}", HTTP_USER_AGENT=f"Browser {number}").post(
                "/sign-in/", {"user_id": user.user_id, "password": WRONG, "agree": "on"}
            )
            clock.shift(10 * 60)
        # Ten minutes after the fifth: the hour began with it, not with the first one.
        clock.shift(49 * 60)
        assert give_password(Client(), user.user_id).status_code == 200
        clock.shift(2 * 60)
        assert give_password(Client(), user.user_id).status_code == 302


def test_letters_that_databases_fold_to_ascii_are_another_user_id(client):
    person_with_phone(user_id="staff.user")
    assert give_password(client, "\u017ftaff.user").status_code == 200
    assert signing_in.lockout_key("\u017ftaff.user") == "?taff.user"


def test_signing_in_from_a_new_browser_gives_strangers_no_more_tries():
    user = person_with_phone(user_id="Jane.Doe")
    for _ in range(4):
        give_password(Client(), user.user_id, WRONG)
    browser = Client()
    assert walk_in(browser, user).status_code == 302
    give_password(Client(), user.user_id, WRONG)
    assert give_password(Client(), user.user_id).status_code == 200, "locked for strangers"
    browser.post("/sign-out/")
    assert give_password(browser, user.user_id).status_code == 302, "and not for who was in"


@pytest.mark.parametrize(
    "user_id",
    [
        "",
        "   ",
        "\x00",
        "jane\x00doe",
        "x" * 255,
        "x" * 5000,
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
        "'; --",
        "jane\r\ndoe",
        "\u202e",
    ],
)
def test_odd_user_ids_are_refused_at_the_form(client, user_id):
    assert give_password(client, user_id).status_code == 200


def test_odd_passwords_are_refused_at_the_form(client):
    user = person()
    for password in ("", "\x00", "x" * 100_000):
        assert give_password(client, user.user_id, password).status_code == 200


def test_refusals_are_audited_without_what_was_typed(client):
    user = person()
    for _ in range(5):
        give_password(client, user.user_id, WRONG)
    give_password(client, "secret typed in the wrong field", WRONG)
    refused = AuditEvent.objects.filter(action=AuditAction.SIGN_IN_REFUSED)
    assert [event.actor_id for event in refused.order_by("pk")] == [str(user.pk)] * 5 + [""]
    assert AuditEvent.objects.get(action=AuditAction.SIGN_IN_LOCKED).actor_id == str(user.pk)
    assert "secret" not in str(list(AuditEvent.objects.values()))


def test_page_keeps_user_id_but_never_password(client):
    page = give_password(client, "nobody.here", WRONG).content.decode()
    assert 'value="nobody.here"' in page
    assert WRONG not in page


def test_fixed_session_key_is_dead_after_the_password():
    user, client = person_with_phone(), Client()
    give_password(client, user.user_id)
    planted = client.cookies["session"].value
    give_password(client, user.user_id)
    assert client.cookies["session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_tries_do_not_outrun_the_count():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    user = person_with_phone()
    barrier, answers = threading.Barrier(12), []

    def guess():
        barrier.wait()
        answers.append(give_password(Client(), user.user_id, WRONG).status_code)
        connections.close_all()

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 12
    refused = AuditEvent.objects.filter(action=AuditAction.SIGN_IN_REFUSED)
    evaluated = [event for event in refused if event.details["locked"] != "locked"]
    assert len(evaluated) == lock_out.FAILURES_LOCK
