"""The audit's list reads little more than it shows, however many events there are before."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import ActorKind, AuditAction
from accounts.models import AuditEvent
from tests.factories import DURING_2022
from tests.staff.pages import list_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("june_2022")]
LIST = list_of(AuditEvent)
OLD, NEW, FEW = 4_000, 1_000, 3
A_PAGE = 60  # rows: it shows fifty, and looks whether there is one more
LONG_AGO = DURING_2022 - timedelta(days=400)
COMMON = (
    (AuditAction.REGISTRATION_CONFIRMED, ActorKind.OFFICIAL),
    (AuditAction.CODE_REFUSED, ActorKind.STAFF),
    (AuditAction.REGISTRATION_CONFIRMED, ActorKind.SYSTEM),
)
SIGNED_OUT = ((AuditAction.SIGNED_OUT, ActorKind.OFFICIAL),)
SPANS: tuple[dict[str, str], ...] = tuple({"days": days} for days in ("1", "7", "30", "365"))
CHOSEN = (
    {"days": "30", "action": "registration.confirmed"},
    {"days": "30", "outcome": "refused"},
    {"days": "30", "actor_kind__exact": "staff"},
    {"days": "30", "actor_kind__exact": "system"},
    {"days": "30", "actor_kind__exact": "official"},
    {"days": "365", "action": "code.refused", "actor_kind__exact": "staff"},
)


def store(number: int, *, last: datetime, kinds: tuple[tuple[AuditAction, ActorKind], ...]) -> None:
    """So many events, one a second, and what the database knows of them."""
    kept = []
    for n in reversed(range(number)):
        action, kind = kinds[n % len(kinds)]
        kept.append(AuditEvent(at=last - timedelta(seconds=n), action=action, actor_kind=kind))
    AuditEvent.objects.bulk_create(kept, batch_size=1_000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE accounts_auditevent")


def is_read_little(client: Client, query: Mapping[str, str], *, at_most: int) -> None:
    """Ask for the list, and have the database tell how it finds the keys. `at_most`: rows."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(LIST, query).status_code == 200
    sql = next(q["sql"] for q in captured if "ORDER BY" in q["sql"] and '"at" >' in q["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            (told,) = cursor.fetchone()
            plan = json.loads(told) if isinstance(told, str) else told
            read = sum(rows_read(plan[0]["Plan"]))
            assert read <= at_most, f"{query}: {read} rows\n{json.dumps(plan, indent=1)}"
            return
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [str(row[-1]) for row in cursor.fetchall()]
        assert re.search(r"SEARCH .*\bat>\?", steps[0]), f"{query}: {steps}"
        # Of several actions each has its own place in the index, where the span is found.
        assert len(steps) == 1 or "outcome" in query, f"{query}: {steps}"


def rows_read(node: Mapping[str, Any]) -> Iterator[int]:
    """What each scan of a plan looked at."""
    if "Scan" in node["Node Type"]:
        yield (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    for below in node.get("Plans", ()):
        yield from rows_read(below)


@pytest.mark.parametrize("new", [FEW, NEW])
def test_nothing_is_read_that_is_older_than_the_span(new: int, manager: Client) -> None:
    """What is chosen was common, and isn't any more: for it, all of the span may be read."""
    store(OLD, last=LONG_AGO, kinds=COMMON)
    store(new, last=DURING_2022, kinds=SIGNED_OUT)
    for query in SPANS:
        is_read_little(manager, query, at_most=A_PAGE)
    for query in CHOSEN:
        is_read_little(manager, query, at_most=A_PAGE + new)


def test_a_page_of_many_is_read_and_no_more(manager: Client) -> None:
    store(OLD, last=LONG_AGO, kinds=COMMON)
    store(NEW, last=DURING_2022, kinds=COMMON)
    middle = AuditEvent.objects.order_by("-at", "-pk")[NEW // 2]
    for query in SPANS:
        is_read_little(manager, query, at_most=A_PAGE)
        is_read_little(manager, {**query, "before": str(middle.pk)}, at_most=A_PAGE)
        is_read_little(manager, {**query, **CHOSEN[0]}, at_most=2 * A_PAGE)


def test_pages_go_on_by_time_also_through_events_of_one_moment(manager: Client) -> None:
    """A command stores its events late, with the moment at which it began."""
    kept = [
        AuditEvent(at=DURING_2022 - timedelta(minutes=minutes), action=action, actor_kind=kind)
        for action, kind in SIGNED_OUT
        for minutes in (*range(70, 10, -1), *[45] * 130, *range(5))
    ]
    AuditEvent.objects.bulk_create(kept)
    shown: list[tuple[datetime, int]] = []
    query = "?action=sign_out.done"
    while query:
        listed = manager.get(f"{LIST}{query}").context["cl"]
        shown += [(row.at, row.pk) for row in listed.result_list]
        query = listed.older
    assert shown == sorted(shown, reverse=True)
    assert {key for _, key in shown} == {event.pk for event in kept}
    assert len(shown) == len(kept)


@pytest.mark.parametrize("before", ["999999999999999999", "0", "-1", "¹", "9" * 30, "x"])
def test_a_page_that_begins_nowhere_is_the_newest(before: str, manager: Client) -> None:
    store(FEW, last=DURING_2022, kinds=SIGNED_OUT)
    listed = manager.get(LIST, {"before": before}).context["cl"]
    assert listed.newest == ""
    assert len(listed.result_list) == AuditEvent.objects.count()


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans for the values anyway")
def test_plans_of_lists_are_for_the_chosen_values(manager: Client) -> None:
    """A plan for any values would look for what is rare in the whole table."""
    for _ in range(8):
        manager.get(LIST, {"days": "1"})
        manager.get("/staff/accounts/message/", {"lost": "yes"})
        manager.get(f"{LIST}export/", {"days": "1"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = "\n".join(statement for (statement,) in cursor.fetchall())
    assert '"accounts_session"' in kept
    assert '"accounts_auditevent"' not in kept
    assert '"accounts_message"' not in kept
