"""Sealing the audit: a chain of keyed digests, made in batches, beside the events."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Max

from accounts.models import AuditEvent, AuditSeal
from accounts.seals.digest import FIELDS, digest_of_event, digest_of_seal, packed
from qpp_registration.errors import Refused

BATCH = 1_000  # events a seal
LOCK_TRIES = 20
LOCK_WAIT = "200ms"  # that long, writers wait behind us at most
PAUSE = 0.3  # seconds between two tries

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """What a run sealed, and the head of the chain after it."""

    events: int
    head: str


def newest_seal() -> AuditSeal | None:
    """The last link of the chain, without its rows."""
    return AuditSeal.objects.defer("rows").order_by("-number").first()


def unsealed_events() -> int:
    """How many events came after the newest seal."""
    return AuditEvent.objects.filter(id__gt=_sealed_up_to(newest_seal())).count()


def seal(*, at: datetime, progress: Callable[[int], object] = lambda _events: None) -> Sealed:
    """Seal every event that is committed, 1,000 at a time. Stopped, it goes on with the next run.

    Two at once seal nothing twice: a seal's number is its key, so that one of them wins, and the
    other goes on after it. Raises Refused when a transaction stays open for too long.
    """
    until = settled_up_to()
    events = 0
    while batch := _next_seal(newest_seal(), until, at):
        won = AuditSeal.objects.bulk_create([batch], ignore_conflicts=True)
        if AuditSeal.objects.filter(pk=won[0].pk, digest=batch.digest).exists():
            events += batch.events
        progress(batch.events)
    newest = newest_seal()
    head = newest.digest if newest else ""
    if newest and events:
        log.info("Audit sealed", extra={"facts": {"seal": newest.number, "head": head}})
    return Sealed(events=events, head=head)


def settled_up_to() -> int:
    """The key below which no event can appear any more.

    PostgreSQL gives keys before the commit: an open transaction may hold one below those that can
    be read. With a lock that no writer has beside it, nobody holds any. Writers wait for that
    moment only; while one of them keeps its transaction open we step back and try again.

    SQLite has one writer at a time, so that keys are committed in their order.
    """
    if connection.vendor == "sqlite":
        return _newest_event()
    for attempt in count(1):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
                cursor.execute(f"LOCK TABLE {AuditEvent._meta.db_table} IN SHARE MODE")
                return _newest_event()
        except OperationalError as error:
            if attempt == LOCK_TRIES:
                raise Refused(
                    "Somebody's transaction has been open for too long. Nothing was sealed; "
                    "try again."
                ) from error
            time.sleep(PAUSE)
    raise AssertionError


def _newest_event() -> int:
    newest: int | None = AuditEvent.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def _sealed_up_to(newest: AuditSeal | None) -> int:
    return newest.last_event if newest else 0


def _next_seal(newest: AuditSeal | None, until: int, at: datetime) -> AuditSeal | None:
    """The link after `newest`; None when nothing is left to seal."""
    rows = list(
        AuditEvent.objects.filter(id__gt=_sealed_up_to(newest), id__lte=until)
        .order_by("id")
        .values(*FIELDS)[:BATCH]
    )
    if not rows:
        return None
    link = AuditSeal(
        number=newest.number + 1 if newest else 1,
        sealed_at=at,
        last_event=rows[-1]["id"],
        events=len(rows),
        previous=newest.digest if newest else "",
        rows=packed((row["id"], digest_of_event(row, key=settings.AUDIT_KEY)) for row in rows),
    )
    link.digest = seal_digest(link)
    return link


def seal_digest(link: AuditSeal) -> str:
    """The digest that a seal with these values must have."""
    return digest_of_seal(
        number=link.number,
        sealed_at=link.sealed_at,
        last_event=link.last_event,
        events=link.events,
        previous=link.previous,
        rows=bytes(link.rows),
        key=settings.AUDIT_KEY,
    )
