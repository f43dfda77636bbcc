"""People are found by user ID and e-mail by the indexes that keep both unique."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.accounts.steps import (
    ask_for_new_password,
    ask_for_user_id,
    give_password,
    person_with_phone,
)

pytestmark = pytest.mark.django_db
Ask = Callable[[Client], object]


@pytest.fixture
def jane(june: object) -> User:
    return person_with_phone(user_id="jane.doe", email="jane.doe@example.org")


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: give_password(client, "JANE.doe"),
        lambda client: ask_for_new_password(client, "Jane.Doe"),
        lambda client: ask_for_user_id(client, "Jane.Doe@example.org"),
    ],
)
def test_each_way_looks_at_an_index(ask: Ask, jane: User) -> None:
    """On PostgreSQL with reading whole tables made dear, so that few rows are no reason for it."""
    with CaptureQueriesContext(connection) as captured:
        ask(Client())
    found = [q["sql"] for q in captured if re.search("LOWER|UPPER|LIKE", q["sql"])]
    assert found
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        if not is_sqlite:
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in found:
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{sql}")
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            assert not re.search("^SCAN|Seq Scan", plan, re.MULTILINE), f"{sql}\n{plan}"
