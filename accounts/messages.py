"""Queueing messages: the outbox row is written in the transaction of the change."""

from datetime import datetime

from accounts.enums import Channel
from accounts.models import Message
from organizations.models import Organization


def queue_email(
    *,
    to: str,
    subject: str,
    body: str,
    due_at: datetime,
    dedupe_key: str,
    organization: Organization | None = None,
) -> None:
    """Put one e-mail into the outbox, to be sent from `due_at` on.

    Call it inside the transaction of the change. A second message with the same `dedupe_key`
    isn't queued.
    """
    Message.objects.bulk_create(
        [
            Message(
                channel=Channel.EMAIL,
                to=to,
                subject=subject,
                body=body,
                organization=organization,
                due_at=due_at,
                dedupe_key=dedupe_key,
            )
        ],
        ignore_conflicts=True,
    )
