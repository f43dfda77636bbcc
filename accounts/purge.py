"""Removing what nobody needs any more: what opened something once must not lie around.

The audit isn't touched. Registration sheets are forgotten by `apply_sheets`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import audit, policy
from accounts.actors import Actor
from accounts.enums import AuditAction, MessageStatus
from accounts.models import Message, OneTimeCode, Session
from accounts.models.messages import ERASED


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """One kind of thing that goes: its words, which rows, and how."""

    label: str
    found: Callable[[datetime], QuerySet]
    end: Callable[[QuerySet], object] = QuerySet.delete


def _erase(messages: QuerySet) -> object:
    return messages.update(**ERASED)


LEFTOVERS = (
    # Until then they count against the limits of sending.
    Leftover(
        label="one-time codes",
        found=lambda at: OneTimeCode.objects.filter(
            sent_at__lte=at - policy.SENDS_REMEMBERED, expires_at__lte=at
        ),
    ),
    Leftover(
        label="sessions",
        found=lambda at: Session.objects.filter(expire_date__lte=at),
    ),
    # Where no sender came by after its time; what is sent or given up was erased at once.
    Leftover(
        label="texts of mails with a link",
        found=lambda at: Message.objects.filter(
            ~Q(status=MessageStatus.QUEUED) | Q(expires_at__lte=at), ~Q(body=""), secret=True
        ),
        end=_erase,
    ),
)


def expired(*, at: datetime) -> dict[str, int]:
    """How many of each kind have had their time."""
    return {kind.label: kind.found(at).count() for kind in LEFTOVERS}


def purge(*, actor: Actor, at: datetime) -> dict[str, int]:
    """Remove all of it, and leave one audit event with the numbers when there was anything."""
    with transaction.atomic():
        counts = expired(at=at)
        for kind in LEFTOVERS:
            kind.end(kind.found(at))
        if any(counts.values()):
            audit.record(AuditAction.EXPIRED_PURGED, actor=actor, removed=counts)
    return counts
