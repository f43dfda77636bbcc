"""The chain of seals: what is sealed, once, and every way to tamper with it is found."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.actors import operations
from accounts.enums import AuditAction
from accounts.models import AuditEvent, AuditSeal
from accounts.seals import sealing, triggers
from accounts.seals.digest import FIELDS, canonical, digest_of_event, digest_of_seal

pytestmark = pytest.mark.django_db
EVENTS, SEALS = triggers.TABLES
KEY = "a key for tests only"


@pytest.fixture(autouse=True)
def key(settings, monkeypatch):
    settings.AUDIT_KEY = KEY
    monkeypatch.setattr(sealing, "BATCH", 4)  # so that ten events make a chain


def write(number: int) -> None:
    for place in range(number):
        audit.record(
            AuditAction.REGISTRATION_SAVED,
            actor=operations("Mended"),
            object_id=UUID(int=place),
            size=["2-24", "25-99"],
        )


def seal() -> str:
    out = StringIO()
    call_command("seal_audit", stdout=out)
    return out.getvalue()


def head_of(text: str) -> str:
    return re.findall(r"Head: ([0-9a-f]{64})", text)[0]


def verify(head: str = "") -> tuple[str, str]:
    """What the command says on standard output, and of problems; "" when there are none."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("verify_audit", head=head, stdout=out, stderr=err)
    except CommandError as error:
        code = error.returncode
    assert code == (1 if err.getvalue() else 0)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def chain() -> list[int]:
    """Ten sealed events in three seals; their keys."""
    write(10)
    seal()
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


def test_sealed_audit_is_verified(chain: list[int]) -> None:
    assert AuditSeal.objects.count() == 3
    out, problems = verify()
    assert problems == ""
    assert "10 sealed events in 3 seals" in out
    assert head_of(out) == AuditSeal.objects.get(number=3).digest


def test_sealing_again_seals_only_what_is_new(chain: list[int]) -> None:
    assert "Sealed 0 audit events" in seal()
    write(1)
    assert "Not sealed yet: 1, the oldest of" in verify()[0]
    assert "Sealed 1 audit event." in seal()
    assert [found.events for found in AuditSeal.objects.order_by("number")] == [4, 4, 2, 1]
    assert "Not sealed yet" not in verify()[0]


def test_nothing_to_seal() -> None:
    assert "no audit events yet" in seal()
    assert verify() == ("0 sealed events in 0 seals checked.\n", "")


def test_every_head_of_the_past_is_known(chain: list[int]) -> None:
    earlier = head_of(verify()[0])
    write(3)
    seal()
    assert verify(earlier)[1] == ""
    assert "doesn't hold the head" in verify("0" * 64)[1]


def test_head_is_logged_too(chain: list[int], caplog: pytest.LogCaptureFixture) -> None:
    write(1)
    with caplog.at_level("INFO", logger="accounts.seals.sealing"):
        head = head_of(seal())
    assert [record.facts["head"] for record in caplog.records] == [head]


@pytest.mark.parametrize("statement", [f"UPDATE {SEALS} SET events = 1", f"DELETE FROM {SEALS}"])
def test_seals_are_never_changed_or_removed(chain: list[int], statement: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        run(statement)
    assert verify()[1] == ""


# --- The same on every database -----------------------------------------------------------------

EVENT = {
    "id": 7,
    "at": datetime(2023, 6, 2, 18, 31, 5, 120_000, tzinfo=UTC),
    "action": "registration.saved",
    "actor_kind": "official",
    "actor_id": "",
    "actor_name": "Žofia O’Neil",
    "reason": "",
    "organization_id": "",
    "object_id": "",
    "about": "",
    "details": {"b": [1.0, 1e16, 0.5, None, True], "a": {"z": "“x”", "y": 10**20}, "size": []},
    "request_id": "",
    "source_address": "",
    "session": "",
}


def test_event_reads_the_same_from_memory_and_from_the_database() -> None:
    AuditEvent(**EVENT).save(force_insert=True)
    stored = AuditEvent.objects.values(*FIELDS).get()
    assert canonical(stored) == canonical(EVENT)
    written = json.loads(canonical(stored))
    assert written["at"] == "2023-06-02T18:31:05.120000+00:00"
    assert written["details"]["b"] == [1, 10**16, 0.5, None, True]
    assert digest_of_event(stored, key=KEY).hex() == "fd278d76e3319d3ab471fbfd7c6186da"


def test_another_key_is_another_digest() -> None:
    assert digest_of_event(EVENT, key=KEY) != digest_of_event(EVENT, key=f"{KEY}.")


def test_every_column_of_an_event_is_in_its_digest() -> None:
    assert {field.attname for field in AuditEvent._meta.concrete_fields} == set(FIELDS)


# --- Tampering ----------------------------------------------------------------------------------


def update(column: str, value: object) -> Callable[[list[int]], str]:
    def tamper(keys: list[int]) -> str:
        run(f"UPDATE {EVENTS} SET {column} = %s WHERE id = %s", value, keys[5])
        return f"Event {keys[5]} changed"

    return tamper


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def remove(*places: int) -> Callable[[list[int]], str]:
    def tamper(keys: list[int]) -> str:
        for place in places:
            run(f"DELETE FROM {EVENTS} WHERE id = %s", keys[place])
        return f"Event {keys[places[-1]]} removed"

    return tamper


def insert(keys: list[int]) -> str:
    """In the place of one that was removed, so that the number of events is right."""
    run(f"DELETE FROM {EVENTS} WHERE id = %s", keys[3])
    AuditEvent(**{**EVENT, "id": keys[3]}).save(force_insert=True)
    return f"Event {keys[3]} changed"


def insert_first(keys: list[int]) -> str:
    AuditEvent(**{**EVENT, "id": -3}).save(force_insert=True)
    return "Event -3 inserted later: registration.saved at 2023-06-02 18:31:05 UTC"


def swap(keys: list[int]) -> str:
    for old, new in ((keys[1], -1), (keys[2], keys[1]), (-1, keys[2])):
        run(f"UPDATE {EVENTS} SET id = %s WHERE id = %s", new, old)
    return f"Event {keys[2]} changed"


def new_key(keys: list[int]) -> str:
    run(f"UPDATE {EVENTS} SET id = %s WHERE id = %s", -8, keys[0])
    return f"Event {keys[0]} removed"


def seal_column(column: str, value: object) -> Callable[[list[int]], str]:
    def tamper(keys: list[int]) -> str:
        run(f"UPDATE {SEALS} SET {column} = %s WHERE number = 2", value)
        return "Seal 2 was changed"

    return tamper


def remove_seal(number: int) -> Callable[[list[int]], str]:
    def tamper(keys: list[int]) -> str:
        run(f"DELETE FROM {SEALS} WHERE number = %s", number)
        return f"Seal {number} removed"

    return tamper


def seal_made_without_the_key(keys: list[int]) -> str:
    """An event is changed, and its seal made anew by somebody who has the code, but no key."""
    run(f"UPDATE {EVENTS} SET actor_name = 'Somebody' WHERE id = %s", keys[0])
    link = AuditSeal.objects.get(number=1)
    rows = AuditEvent.objects.filter(id__lte=link.last_event).order_by("id").values(*FIELDS)
    block = sealing.packed((row["id"], digest_of_event(row, key="guess")) for row in rows)
    digest = digest_of_seal(
        number=1,
        sealed_at=link.sealed_at,
        last_event=link.last_event,
        events=link.events,
        previous="",
        rows=block,
        key="guess",
    )
    run(f"UPDATE {SEALS} SET rows = %s, digest = %s WHERE number = 1", block, digest)
    return f"Event {keys[0]} changed"


def seal_doubled(keys: list[int]) -> str:
    link = AuditSeal.objects.get(number=3)
    link.number = 4
    link.save(force_insert=True)
    return "Seal 4 was changed"


TAMPERING = {
    "action": update("action", "contact.saved"),
    "time, by a microsecond": update("at", datetime(2023, 6, 2, 18, 31, 5, 1, tzinfo=UTC)),
    "actor's name": update("actor_name", "Jane Doe"),
    "actor's key": update("actor_id", str(UUID(int=9))),
    "actor's kind": update("actor_kind", "staff"),
    "reason": update("reason", "Mended."),
    "organization": update("organization_id", str(UUID(int=9))),
    "object": update("object_id", str(UUID(int=99))),
    "registration": update("about", ""),
    "details": update("details", '{"size": ["2-24", "100+"]}'),
    "details emptied": update("details", "{}"),
    "request": update("request_id", "f" * 32),
    "address": update("source_address", "192.0.2.1"),
    "session": update("session", "0" * 16),
    "first removed": remove(0),
    "one removed": remove(5),
    "last removed": remove(9),
    "a whole batch removed": remove(4, 5, 6, 7),
    "another one in its place": insert,
    "one put before all": insert_first,
    "two changed places": swap,
    "another key": new_key,
    "time of a seal": seal_column("sealed_at", datetime(2023, 6, 2, tzinfo=UTC)),
    "number in a seal": seal_column("events", 3),
    "previous of a seal": seal_column("previous", "0" * 64),
    "digest of a seal": seal_column("digest", "0" * 64),
    "rows of a seal": seal_column("rows", b"\0" * 96),
    "half a row in a seal": seal_column("rows", b"\0" * 95),
    "first seal removed": remove_seal(1),
    "seal in the middle removed": remove_seal(2),
    "seal made anew without the key": seal_made_without_the_key,
    "seal repeated": seal_doubled,
}


@pytest.fixture
def unguarded():
    """Somebody who owns the database took the triggers away."""
    triggers.remove(connection)
    yield
    triggers.install(connection)


@pytest.mark.parametrize("kind", TAMPERING)
@pytest.mark.usefixtures("unguarded")
def test_tampering_is_found_and_named(chain: list[int], kind: str) -> None:
    assert len(TAMPERING) >= 20
    named = TAMPERING[kind](chain)
    assert named in verify()[1]


@pytest.mark.usefixtures("unguarded")
def test_newest_seals_removed_with_their_events_are_noticed_by_the_head(chain: list[int]) -> None:
    head = head_of(verify()[0])
    run(f"DELETE FROM {SEALS} WHERE number = 3")
    run(f"DELETE FROM {EVENTS} WHERE id > %s", chain[7])
    assert verify()[1] == ""
    assert "doesn't hold the head" in verify(head)[1]


@pytest.mark.usefixtures("unguarded")
def test_many_problems_are_counted(chain: list[int]) -> None:
    write(150)
    seal()
    run(f"UPDATE {EVENTS} SET reason = 'x'")
    problems = verify()[1]
    assert problems.count("changed; it now says") == 100
    assert "… and 60 more." in problems
