"""Checking the audit against its seals: what was changed, removed or put in since."""

import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Min

from accounts.models import AuditEvent, AuditSeal
from accounts.seals.digest import FIELDS, digest_of_event, unpacked
from accounts.seals.sealing import BATCH, seal_digest

SEALS_AT_ONCE = 20
BEFORE_ALL = -(2**63)


@dataclass(kw_only=True)
class Checked:
    """What a check came to. `unsealed`: events after the newest seal, the oldest of them `since`.

    `head` is that of the chain as it stands; `has_known_head`: the one that was asked for is in it.
    """

    seals: int = 0
    events: int = 0
    problems: int = 0
    unsealed: int = 0
    since: datetime | None = None
    head: str = ""
    has_known_head: bool = False


class _Check:
    """One walk over the chain, from its first link on."""

    def __init__(self, report: Callable[[str], object], head: str) -> None:
        self.report, self.asked_head = report, head
        self.result = Checked(has_known_head=not head)
        self.previous, self.number, self.last_event = "", 0, BEFORE_ALL

    def problem(self, text: str) -> None:
        self.result.problems += 1
        self.report(text)

    def link(self, seal: AuditSeal) -> None:
        """Check one seal against the one before it, then its events."""
        sealed = dict(unpacked(bytes(seal.rows)))
        after = self.last_event
        if seal.number != self.number + 1:
            gone = f"Seal {self.number + 1}"
            if seal.number > self.number + 2:
                gone = f"Seals {self.number + 1} to {seal.number - 1}"
            after = min(sealed, default=seal.last_event) - 1
            self.problem(f"{gone} removed: the events up to {after} can't be checked.")
        elif seal.previous != self.previous:
            self.problem(f"Seal {seal.number} doesn't follow from the one before it.")
        if not hmac.compare_digest(seal.digest, seal_digest(seal)):
            self.problem(f"Seal {seal.number} was changed.")
        self._events(sealed, after=after, until=seal.last_event)
        self.previous, self.number = seal.digest, seal.number
        self.last_event = max(self.last_event, seal.last_event)
        self.result.seals += 1
        self.result.head = seal.digest
        if hmac.compare_digest(seal.digest, self.asked_head):
            self.result.has_known_head = True

    def _events(self, sealed: dict[int, bytes], *, after: int, until: int) -> None:
        for row in events_between(after, until):
            digest = sealed.pop(row["id"], None)
            if digest is None:
                self.problem(f"Event {row['id']} inserted later: {_named(row)}.")
            elif not hmac.compare_digest(digest, digest_of_event(row, key=settings.AUDIT_KEY)):
                self.problem(f"Event {row['id']} changed; it now says {_named(row)}.")
            self.result.events += 1
        for missing in sealed:
            self.problem(f"Event {missing} removed.")

    def finish(self) -> Checked:
        """Count what isn't sealed yet, and say when the known head is gone."""
        tail = AuditEvent.objects.filter(id__gt=self.last_event)
        self.result.unsealed = tail.count()
        self.result.since = tail.aggregate(oldest=Min("at"))["oldest"]
        if not self.result.has_known_head:
            self.problem(
                "The chain doesn't hold the head that you gave: seals were removed or made anew."
            )
        return self.result


def check(
    *,
    report: Callable[[str], object],
    head: str = "",
    progress: Callable[[int], object] = lambda _events: None,
) -> Checked:
    """Compare every sealed event with its seal, in constant memory. Tells `report` each problem.

    `head`: that of an earlier seal, as `seal_audit` printed and logged it. Only somebody who kept
    it outside of the database can see that the newest seals were removed together with events.
    """
    walk = _Check(report, head)
    for seal in _seals():
        walk.link(seal)
        progress(seal.events)
    return walk.finish()


def events_between(after: int, until: int) -> Iterator[dict[str, Any]]:
    """The events with keys above `after` and up to `until`, 1,000 at a time."""
    while True:
        rows = list(
            AuditEvent.objects.filter(id__gt=after, id__lte=until)
            .order_by("id")
            .values(*FIELDS)[:BATCH]
        )
        yield from rows
        if len(rows) < BATCH:
            return
        after = rows[-1]["id"]


def _seals() -> Iterator[AuditSeal]:
    number = BEFORE_ALL
    while found := list(
        AuditSeal.objects.filter(number__gt=number).order_by("number")[:SEALS_AT_ONCE]
    ):
        yield from found
        number = found[-1].number


def _named(row: dict[str, Any]) -> str:
    return f"{row['action']} at {row['at']:%Y-%m-%d %H:%M:%S} UTC"
