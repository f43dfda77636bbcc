"""Who is locked out by wrong passwords, who isn't, and for how long."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection, connections
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, FailedPassword, KnownBrowser, User
from accounts.policy import lock_out
from qpp_registration import clock
from tests.accounts.steps import (
    START,
    ask_for_code,
    enter,
    give_password,
    is_signed_in,
    newest_code,
    person_with_phone,
    reset_link,
    set_new_password,
    walk_in,
)

pytestmark = pytest.mark.django_db
WRONG = "not the right password"


@pytest.fixture
def travel():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(db):
    return person_with_phone(user_id="jane.doe")


@pytest.fixture
def known(travel, user):
    """The browser in which Jane signed in once, and out again, two minutes ago."""
    client = Client()
    walk_in(client, user)
    client.post("/sign-out/")
    travel.shift(timedelta(minutes=2))
    return client


def guess(user: Any, times: int = 1, **client: Any) -> None:
    for _ in range(times):
        give_password(Client(**client), user.user_id, WRONG)


def gets_on(client: Client, user: Any) -> bool:
    """Whether the right password leads on to the second factor."""
    return give_password(client, user.user_id).status_code == 302


def refused() -> list[str]:
    events = AuditEvent.objects.filter(action=AuditAction.SIGN_IN_REFUSED).order_by("pk")
    return [event.details["locked"] for event in events]


def test_five_failures_within_two_hours_lock(travel, user):
    for _ in range(4):
        guess(user)
        travel.shift(timedelta(minutes=29))
    guess(user)
    assert not gets_on(Client(), user)


def test_five_failures_in_more_than_two_hours_do_not_lock(travel, user):
    for _ in range(10):
        guess(user)
        travel.shift(timedelta(minutes=30))
    assert gets_on(Client(), user)
    assert "locked" not in refused()


def test_lock_ends_an_hour_after_it_began_although_the_attacker_goes_on(travel, user):
    guess(user, 5)
    for _ in range(119):
        travel.shift(timedelta(seconds=30))
        guess(user)
    assert not gets_on(Client(), user)
    travel.shift(timedelta(seconds=30))
    assert gets_on(Client(), user)


def test_after_a_lock_one_more_failure_locks_again(travel, user):
    guess(user, 5)
    travel.shift(timedelta(minutes=60))
    guess(user)
    assert not gets_on(Client(), user)
    travel.shift(timedelta(minutes=60))
    assert gets_on(Client(), user)


def test_known_browser_gets_in_while_its_person_is_attacked(travel, user, known):
    for _ in range(60):
        travel.shift(timedelta(minutes=1))
        guess(user, 2)
    assert not gets_on(Client(), user), "locked for everybody else"
    assert gets_on(known, user)
    ask_for_code(known, user)
    assert enter(known, newest_code()).url == "/home/"
    assert is_signed_in(known)
    assert not gets_on(Client(), user), "and still is"


def test_known_browser_is_asked_for_a_code_all_the_same(known, user):
    assert give_password(known, user.user_id).url == "/sign-in/verify/"
    assert not is_signed_in(known)


def test_known_browser_has_five_tries_of_its_own(travel, known, user):
    for _ in range(5):
        give_password(known, user.user_id, WRONG)
    assert not gets_on(known, user)
    assert gets_on(Client(), user), "others aren't locked by it"
    travel.shift(timedelta(minutes=60))
    assert gets_on(known, user)


def test_signing_in_there_gives_others_no_new_tries(travel, user, known):
    guess(user, 4)
    walk_in(known, user)
    guess(user)
    assert not gets_on(Client(), user)


def test_browser_known_to_somebody_else_is_not_known(travel, user, known):
    other = person_with_phone(user_id="sam.roe")
    guess(other, 5)
    assert not gets_on(known, other)


def test_two_people_can_share_a_known_browser(travel, user, known):
    other = person_with_phone(user_id="sam.roe")
    walk_in(known, other)
    known.post("/sign-out/")
    guess(user, 5)
    guess(other, 5)
    assert gets_on(known, other)
    assert gets_on(known, user)


@pytest.mark.parametrize("change", ["forged", "unsigned", "other id"])
def test_cookie_that_was_changed_makes_no_known_browser(travel, user, known, change):
    value = known.cookies["b"].value
    known.cookies["b"] = {
        "forged": value[:-1] + ("A" if value[-1] != "A" else "B"),
        "unsigned": value.split(":")[0],
        "other id": signing.get_cookie_signer(salt="b" + "known browser").sign("made up"),
    }[change]
    guess(user, 5)
    assert not gets_on(known, user)


def test_cookie_says_nothing_of_the_person_and_scripts_cannot_read_it(travel, user, settings):
    client = Client()
    walk_in(client, user)
    cookie = client.cookies["b"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert cookie["domain"] == ""
    assert int(cookie["max-age"]) == 400 * 24 * 60 * 60
    assert not cookie["secure"], "plain http in the demonstration"
    browser_id = cookie.value.split(":")[0]
    assert len(browser_id) == 22, "128 random bits"
    assert KnownBrowser.objects.get().browser not in cookie.value
    settings.SESSION_COOKIE_SECURE = True
    client.post("/sign-out/")
    walk_in(client, person_with_phone())
    assert client.cookies["b"]["secure"]
    assert client.cookies["b"].value.split(":")[0] == browser_id


def test_browser_is_known_for_400_days_after_the_last_sign_in(travel, user, known):
    def later(days: int) -> None:
        """The person signs in elsewhere meanwhile: else the account would be paused."""
        travel.shift(timedelta(days=days))
        User.objects.filter(pk=user.pk).update(last_login=clock.now())
        guess(user, 5)

    later(399)
    assert gets_on(known, user)
    walk_in(known, user)
    known.post("/sign-out/")
    later(399)
    assert gets_on(known, user)
    later(2)
    assert not gets_on(known, user)


def test_new_password_by_link_ends_the_lock_and_no_browser_is_known(travel, user, known):
    guess(user, 5)
    sign_in_anew(user)
    assert not FailedPassword.objects.exists()
    assert not KnownBrowser.objects.exists()
    assert give_password(Client(), user.user_id, NEW).url == "/sign-in/verify/", "a code is asked"
    guess(user, 5)
    assert give_password(known, user.user_id, NEW).status_code == 200


NEW = "an entirely new pass phrase"


def sign_in_anew(user: Any) -> None:
    """The person follows the link of a mail and sets another password."""
    browser = Client()
    browser.get(reset_link(user))
    assert set_new_password(browser, NEW).status_code == 302


def test_hundred_failures_in_a_row_wait_for_a_new_password(travel, user, known):
    guess(user, 5)
    for _ in range(95):
        travel.shift(timedelta(hours=1))
        guess(user)
    travel.shift(timedelta(days=30))
    guess(user)
    assert (len(refused()), refused()[-1]) == (101, "locked"), "the last one isn't looked at"
    assert not gets_on(Client(), user)
    assert gets_on(known, user), "others' failures are none of its own"
    sign_in_anew(user)
    assert give_password(Client(), user.user_id, NEW).status_code == 302


def test_fifty_failures_for_one_person_from_one_address_in_twelve_hours(travel, user):
    """Over many known browsers, which have counts of their own."""
    clients = [Client(REMOTE_ADDR="192.0.2.1") for _ in range(13)]
    for client in clients:
        walk_in(client, user)
        client.post("/sign-out/")
        travel.shift(timedelta(minutes=15))
    for client in clients[:12]:
        for _ in range(4):
            give_password(client, user.user_id, WRONG)
    for _ in range(2):
        give_password(clients[12], user.user_id, WRONG)
    assert not gets_on(clients[0], user)
    clients[0].defaults["REMOTE_ADDR"] = "192.0.2.2"
    assert gets_on(clients[0], user)
    clients[0].defaults["REMOTE_ADDR"] = "192.0.2.1"
    travel.shift(timedelta(hours=12, seconds=1))
    assert gets_on(clients[0], user)


def test_forged_forwarding_header_changes_nothing(travel, user):
    for number in range(5):
        guess(user, headers={"X-Forwarded-For": f"192.0.2.{number}"})
    assert set(FailedPassword.objects.values_list("source_address", flat=True)) == {"127.0.0.1"}
    assert not gets_on(Client(headers={"X-Forwarded-For": "192.0.2.99"}), user)


def test_what_was_typed_as_user_id_is_kept_only_as_keyed_hash(travel):
    give_password(Client(), "a password in the wrong field", WRONG)
    kept = FailedPassword.objects.get()
    assert "password" not in kept.user_key
    assert len(kept.user_key) == 64


def test_unknown_user_id_locks_alike(travel):
    for _ in range(7):
        give_password(Client(), "nobody.here", WRONG)
    assert refused() == [""] * 4 + ["now locked"] + ["locked"] * 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_race_shows_without_taking_turns(monkeypatch):
    """Tries that don't wait for each other outrun the count: what the guard is for."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite lets one request write at a time anyway")
    user, barrier = person_with_phone(), threading.Barrier(12)
    monkeypatch.setattr("accounts.signing_in.sign_in.one_at_a_time", lambda key: barrier.wait(10))

    def try_once() -> None:
        give_password(Client(), user.user_id, WRONG)
        connections.close_all()

    threads = [threading.Thread(target=try_once) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused().count("locked") < 12 - lock_out.FAILURES_LOCK
