"""*My Account*: what was done with the person's user ID, and what they agreed to."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import StatementAcceptance
from accounts.words import statement
from qpp_registration import clock
from tests.accounts.steps import START, give_password, person_with_phone, walk_in

pytestmark = pytest.mark.django_db
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


def test_own_sign_ins_show_when_from_where_and_with_what():
    user, client = person_with_phone(), Client(HTTP_USER_AGENT=CHROME)
    with time_machine.travel(START, tick=False):
        stranger = Client(HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="192.0.2.7")
        give_password(stranger, user.user_id, "not the right password")
        walk_in(client, user)
        page = client.get("/account/history/").content.decode()
    for words in ("Signed in", "Chrome on Windows", "127.0.0.1"):
        assert words in page
    for words in ("Sign-in refused", "Safari on iPhone", "192.0.2.7"):
        assert words in page
    assert "May 2, 2023 at 10:00 a.m. ET" in page
    assert page.index("Signed in") < page.index("Sign-in refused")


def test_somebody_elses_sign_ins_are_not_shown(sign_in):
    give_password(Client(), person_with_phone().user_id, "not the right password")
    assert (
        "Sign-in refused"
        not in sign_in(person_with_phone()).get("/account/history/").content.decode()
    )


def test_statements_show_each_time_and_the_version():
    user, client = person_with_phone(), Client()
    with time_machine.travel(START, tick=False):
        walk_in(client, user)
        page = client.get("/account/statements/").content.decode()
    assert "May 2, 2023 at 10:00 a.m. ET" in page
    assert page.count(statement.VERSION) == 2
    assert statement.TEXT in page


@pytest.mark.parametrize("page", ["1", "2", "99", "x", "-1", "\x00"])
def test_long_history_comes_in_pages_of_few_queries(sign_in, page, django_assert_max_num_queries):
    user = person_with_phone()
    StatementAcceptance.objects.bulk_create(
        StatementAcceptance(
            user=user, accepted_at=clock.now() - timedelta(days=day), text_version="2022-1"
        )
        for day in range(60)
    )
    client = sign_in(user)
    client.get("/account/statements/")
    for path in ("/account/statements/", "/account/history/"):
        with django_assert_max_num_queries(6):
            assert client.get(path, {"page": page}).status_code == 200
    shown = client.get("/account/statements/", {"page": "3"}).content.decode()
    assert shown.count("<tr>") == 1 + 10
