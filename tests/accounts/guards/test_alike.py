"""Nobody learns from an answer whether an account exists, or what state it is in (ASVS 6.3.8)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.accounts.steps import (
    START,
    ask_for_new_password,
    ask_for_user_id,
    give_password,
    mails_to,
    person_with_phone,
)
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
WRONG = "not the right password"
KINDS = ("existing", "unknown", "disabled", "no password", "locked", "idle", "other case")


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user_ids(clock):
    """A user ID of each kind."""
    idle = person_with_phone(user_id="idle.person")
    clock.shift(timedelta(days=61))
    people = {
        "existing": person_with_phone(user_id="existing.person").user_id,
        "unknown": "nobody.here",
        "disabled": person_with_phone(user_id="disabled.person", is_active=False).user_id,
        "no password": UserFactory(user_id="new.person", password=make_password(None)).user_id,
        "locked": person_with_phone(user_id="locked.person").user_id,
        "idle": idle.user_id,
        "other case": person_with_phone(user_id="Other.Case").user_id.upper(),
    }
    for _ in range(5):
        give_password(Client(), people["locked"], WRONG)
    return people


def plain(response, *typed):
    """Status, headers and body, without what differs between any two answers."""
    body = response.content.decode()
    for text in typed:
        body = body.replace(text, "TYPED")
    body = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", body)
    changing = {"content-security-policy", "x-request-id", "content-length"}
    headers = {
        name: value for name, value in response.headers.items() if name.lower() not in changing
    }
    return response.status_code, headers, body, sorted(response.cookies)


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_password_is_answered_alike(user_ids, kind):
    expected = plain(give_password(Client(), "nobody.at.all", WRONG), "nobody.at.all")
    answer = give_password(Client(), user_ids[kind], WRONG)
    assert plain(answer, user_ids[kind]) == expected


@pytest.mark.parametrize("kind", ["disabled", "no password", "locked", "idle"])
def test_right_password_that_opens_nothing_is_answered_alike(user_ids, kind):
    expected = plain(give_password(Client(), "nobody.at.all", WRONG), "nobody.at.all")
    answer = give_password(Client(), user_ids[kind], PASSWORD)
    assert plain(answer, user_ids[kind]) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_new_password_is_answered_alike(user_ids, kind):
    expected = plain(ask_for_new_password(Client(), "nobody.at.all"))
    client = Client()
    assert plain(ask_for_new_password(client, user_ids[kind])) == expected
    assert plain(client.get("/recover/sent/")) == plain(Client().get("/recover/sent/"))


@pytest.mark.parametrize("email", ["jane@example.org", "JANE@EXAMPLE.ORG", "gone@example.org"])
def test_user_id_and_registering_are_answered_alike(clock, email):
    UserFactory(email="jane@example.org")
    UserFactory(email="gone@example.org", is_active=False)
    expected = plain(ask_for_user_id(Client(), "nobody@example.org"))
    assert plain(ask_for_user_id(Client(), email)) == expected

    def register(address):
        form = {"first_name": "Pat", "last_name": "Doe", "phone": "2025550123"}
        return Client().post("/register/", form | {"email": address})

    assert plain(register(email)) == plain(register("nobody.else@example.org"))
    assert mails_to(email)


def test_limit_is_reached_alike(clock):
    UserFactory(user_id="jane.doe")
    answers = [
        [plain(ask_for_new_password(Client(), user_id)) for _ in range(7)]
        for user_id in ("jane.doe", "nobody.here")
    ]
    assert answers[0] == answers[1]


def writes_of(ask):
    """The writes that an answer makes, as verb and table: what takes time beside the password."""
    with CaptureQueriesContext(connection) as queries:
        ask()
    writes = re.findall(
        r"(INSERT|UPDATE|DELETE)(?: OR IGNORE)?(?: INTO| FROM)? (\S+)",
        str([query["sql"] for query in queries.captured_queries]),
    )
    return sorted(write for write in writes if "session" not in write[1])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "unknown"])
def test_known_account_makes_the_same_writes_as_an_unknown_one(user_ids, kind):
    """`make bench` measures the times; this is why they are alike."""

    def register(email):
        form = {"first_name": "Pat", "last_name": "Doe", "phone": "2025550123"}
        return lambda: Client().post("/register/", form | {"email": email})

    user_id = user_ids[kind]
    email = User.objects.get_by_natural_key(user_id).email
    for known, unknown in (
        (
            lambda: give_password(Client(), user_id, WRONG),
            lambda: give_password(Client(), "nobody.at.all", WRONG),
        ),
        (
            lambda: ask_for_new_password(Client(), user_id),
            lambda: ask_for_new_password(Client(), "nobody.at.all"),
        ),
        (
            lambda: ask_for_user_id(Client(), email),
            lambda: ask_for_user_id(Client(), "nobody@example.org"),
        ),
        (register(email), register("nobody.else@example.org")),
    ):
        expected = writes_of(unknown)
        assert expected
        assert writes_of(known) == expected
