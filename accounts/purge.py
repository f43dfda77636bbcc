"""Removing what nobody needs any more: what opened something once must not lie around.

The audit isn't touched. Registration sheets are forgotten by `apply_sheets`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction, MessageStatus
from accounts.models import (
    AccountLink,
    ChannelDevice,
    EndedSession,
    FailedPassword,
    KnownBrowser,
    MailRequest,
    Message,
    OneTimeCode,
    PasskeyChallenge,
    Session,
)
from accounts.models.messages import ERASED
from accounts.policy import signing_in
from accounts.policy.lock_out import BROWSER_IS_KNOWN
from accounts.sessions.ending import delete_sessions

DAY = timedelta(days=1)
FAILURES_KEPT = timedelta(days=90)


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
            sent_at__lte=at - signing_in.SENDS_REMEMBERED, expires_at__lte=at
        ),
    ),
    Leftover(
        label="sessions",
        found=lambda at: Session.objects.filter(expire_date__lte=at),
        end=delete_sessions,
    ),
    Leftover(
        label="why sessions ended",
        found=lambda at: EndedSession.objects.filter(ended_at__lte=at - DAY),
    ),
    Leftover(
        label="mailed links",
        found=lambda at: AccountLink.objects.filter(expires_at__lte=at - DAY),
    ),
    # Until then they count against the limits of asking.
    Leftover(
        label="requests for a mail",
        found=lambda at: MailRequest.objects.filter(at__lte=at - DAY),
    ),
    Leftover(
        label="passkey challenges",
        found=lambda at: PasskeyChallenge.objects.filter(expires_at__lte=at),
    ),
    # Numbers and secrets that somebody began with, and didn't confirm.
    Leftover(
        label="phones not confirmed",
        found=lambda at: ChannelDevice.objects.filter(confirmed=False, created_at__lte=at - DAY),
    ),
    Leftover(
        label="authenticator apps not confirmed",
        found=lambda at: TOTPDevice.objects.filter(confirmed=False, created_at__lte=at - DAY),
    ),
    # A hundred in a row lock for good, but not over more than a season.
    Leftover(
        label="wrong passwords",
        found=lambda at: FailedPassword.objects.filter(at__lte=at - FAILURES_KEPT),
    ),
    Leftover(
        label="browsers not used any more",
        found=lambda at: KnownBrowser.objects.filter(signed_in_at__lte=at - BROWSER_IS_KNOWN),
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
