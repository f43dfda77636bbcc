"""Sending what is queued in the outbox. Any number of workers may do so at once."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from accounts.channels import DeliveryFailed, DeliveryRefused, open_channel
from accounts.enums import MessageStatus
from accounts.models import Message
from accounts.models.messages import ERASED
from accounts.policy import signing_in

log = logging.getLogger(__name__)


def claim(*, at: datetime) -> Message | None:
    """Take the due message that waits longest, for the time of the lease; None: nothing is due.

    What a worker doesn't finish by then, because it died, another one takes. Only what is begun at
    once is taken, so that a worker that dies holds up one message. Taking counts as a try, so that
    a message that kills its worker isn't taken for ever.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked
            )
            .filter(status=MessageStatus.QUEUED, due_at__lte=at)
            .filter(Q(lease_until=None) | Q(lease_until__lte=at))
            .order_by("due_at", "created_at")
            .first()
        )
        if message:
            message.lease_until = at + timedelta(seconds=settings.MESSAGE_LEASE_SECONDS)
            message.attempts += 1
            message.save(update_fields=["lease_until", "attempts"])
    return message


def deliver(message: Message, *, at: datetime) -> MessageStatus:
    """Hand one claimed message to its channel, and keep what came of it.

    Queued again (with a longer wait each time) after a failure that may pass; failed after one
    that won't, when it is too late, or after twelve tries. One message's failure never stops the
    next one.
    """
    if message.expires_at and at >= message.expires_at:
        return _settle(message, MessageStatus.FAILED, last_error="Too late to be of use.")
    if message.attempts > signing_in.DELIVERY_TRIES:
        error = message.last_error or "No try came to an end."
        return _settle(message, MessageStatus.FAILED, last_error=error)
    try:
        open_channel(message.channel).send(
            to=message.to,
            subject=message.subject,
            body=message.body,
            message_id=str(message.pk),
            html=message.html,
        )
    except DeliveryRefused as error:
        return _settle(message, MessageStatus.FAILED, last_error=str(error))
    except DeliveryFailed as error:
        return _retry(message, at, str(error))
    except Exception as error:  # noqa: BLE001 - whatever a backend raises, the others go out
        return _retry(message, at, f"Unexpected {type(error).__name__} in the backend.")
    return _settle(message, MessageStatus.SENT, sent_at=at, last_error="")


def _retry(message: Message, at: datetime, error: str) -> MessageStatus:
    first = timedelta(seconds=settings.MESSAGE_BACK_OFF_SECONDS)
    wait = signing_in.back_off(message.attempts, first=first)
    if wait is None:
        return _settle(message, MessageStatus.FAILED, last_error=error)
    return _settle(message, MessageStatus.QUEUED, last_error=error, due_at=at + wait)


def _settle(message: Message, status: MessageStatus, **fields: object) -> MessageStatus:
    """Store the result, unless the lease ran out and another worker has the message now."""
    if "last_error" in fields:
        fields["last_error"] = str(fields["last_error"])[:300]
    if message.secret and status is not MessageStatus.QUEUED:
        fields |= ERASED
    Message.objects.filter(
        pk=message.pk, status=MessageStatus.QUEUED, lease_until=message.lease_until
    ).update(status=status, lease_until=None, **fields)
    if status is not MessageStatus.SENT:
        log.warning(
            "Message %s, try %s: %s", message.pk, message.attempts, fields.get("last_error")
        )
    return status
