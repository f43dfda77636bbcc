"""Queueing messages: the outbox row is written in the transaction of the change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.enums import Channel
from accounts.models import Message


@dataclass(frozen=True, kw_only=True)
class Email:
    """An e-mail that is to be sent from `due_at` on, and not from `expires_at` on.

    `html` says the same as `body`. `about`: key of the registration that it tells of. `secret`: it
    holds a link or code that opens something; its text is erased once it is out.
    """

    to: str
    subject: str
    body: str
    due_at: datetime
    dedupe_key: str
    organization_id: UUID | None = None
    expires_at: datetime | None = None
    html: str = ""
    about: UUID | None = None
    secret: bool = False


def queue_emails(emails: Iterable[Email]) -> int:
    """Put e-mails into the outbox. Gives how many of them are new.

    Call it inside the transaction of the change. What has the `dedupe_key` of another message
    isn't queued.
    """
    rows = [_row(email) for email in emails]
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    return Message.objects.filter(pk__in=[row.pk for row in rows]).count()


def queue_email(
    *,
    to: str,
    subject: str,
    body: str,
    due_at: datetime,
    dedupe_key: str,
    organization_id: UUID | None = None,
    expires_at: datetime | None = None,
    secret: bool = False,
) -> None:
    """Put one e-mail into the outbox, as `queue_emails` does."""
    email = Email(
        to=to,
        subject=subject,
        body=body,
        due_at=due_at,
        dedupe_key=dedupe_key,
        organization_id=organization_id,
        expires_at=expires_at,
        secret=secret,
    )
    Message.objects.bulk_create([_row(email)], ignore_conflicts=True)


def _row(email: Email) -> Message:
    return Message(
        channel=Channel.EMAIL,
        to=email.to,
        subject=email.subject,
        body=email.body,
        html=email.html,
        about=email.about,
        organization_id=email.organization_id,
        due_at=email.due_at,
        expires_at=email.expires_at,
        dedupe_key=email.dedupe_key,
        secret=email.secret,
    )
