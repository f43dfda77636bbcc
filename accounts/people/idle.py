"""Warning people before an account that they don't use is paused.

A paused account loses nothing: its person sets a new password by mail (see `recover`).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.messages.outbox import Email, queue_emails
from accounts.models import Message, User
from accounts.policy.account import IDLE_AFTER, IDLE_WARNINGS, idle_warning, pauses_at
from accounts.words import account_mail
from qpp_registration.addresses import whole_address
from qpp_registration.clock import show_day_and_time

LOT = 500  # people


def warn_idle_accounts(*, actor: Actor, received_at: datetime, dry_run: bool = False) -> int:
    """Queue the warnings that are due, each once; gives how many are new.

    Repeated and parallel runs queue nothing twice. Not sent once the account is paused. An audit
    event in the transaction of each lot. Memory doesn't grow with people.
    """
    queued = 0
    for lot in _lots(received_at):
        emails = [email for user in lot if (email := _warning(user, received_at))]
        if dry_run:
            keys = [email.dedupe_key for email in emails]
            queued += len(keys) - Message.objects.filter(dedupe_key__in=keys).count()
            continue
        with transaction.atomic():
            new = queue_emails(emails)
            if new:
                audit.record(AuditAction.IDLE_WARNED, actor=actor, warned=new)
        queued += new
    return queued


def _lots(at: datetime) -> Iterator[Sequence[User]]:
    """Active people who didn't use their account for a while, a lot at a time."""
    last_used = Greatest(
        F("created_at"),
        Coalesce(F("last_login"), F("created_at")),
        Coalesce(F("password_set_at"), F("created_at")),
    )
    people = (
        User.objects.filter(is_active=True)
        .annotate(last_used=last_used)
        .filter(
            last_used__lte=at - timedelta(days=min(IDLE_WARNINGS)),
            last_used__gt=at - IDLE_AFTER,
        )
        .order_by("pk")
    )
    lot = list(people[:LOT])
    while lot:
        yield lot
        lot = list(people.filter(pk__gt=lot[-1].pk)[:LOT])


def _warning(user: User, at: datetime) -> Email | None:
    days = idle_warning(last_used_at=user.last_used_at, at=at)
    if days is None:
        return None
    until = pauses_at(user.last_used_at)
    letter = account_mail.idle_warning(
        name=user.full_name,
        days=days,
        until=show_day_and_time(until),
        sign_in=whole_address("sign_in"),
    )
    return Email(
        to=user.email,
        subject=letter.subject,
        body=letter.body,
        due_at=at,
        expires_at=until,
        dedupe_key=f"idle:{user.pk}:{days}:{user.last_used_at.isoformat()}",
    )
