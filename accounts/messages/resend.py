"""Sending a message again that failed or came back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction, MessageStatus
from accounts.models import Message
from qpp_registration.errors import Refused


def why_not_sent_again(message: Message, *, received_at: datetime) -> str:
    """Why the message can't be sent again; an empty text when it can."""
    if message.status == MessageStatus.SENT:
        return "This message was sent, and didn’t come back."
    if message.status == MessageStatus.QUEUED:
        return "This message is queued: it is sent by itself."
    if message.secret:
        return (
            "This message held a link or code, which is erased. The person asks for a new one at "
            "the sign-in page."
        )
    if message.expires_at and received_at >= message.expires_at:
        return "This message is too late to be of use."
    return ""


def send_again(*, message_id: UUID, actor: Actor, received_at: datetime) -> Message:
    """Queue the message anew, to the same address, with as many tries as a new one.

    It keeps its key, so that it has the same Message-ID and nothing is queued beside it (decision
    0020). Queueing what is queued writes nothing. Raises Refused.
    """
    with transaction.atomic():
        message = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message_id)
        if message.status == MessageStatus.QUEUED:
            return message
        if why := why_not_sent_again(message, received_at=received_at):
            raise Refused(why)
        audit.record(
            AuditAction.MESSAGE_RESENT,
            actor=actor,
            organization_id=message.organization_id,
            object_id=message.pk,
            about=message.about,
            before=message.status,
            error=message.last_error,
        )
        message.status = MessageStatus.QUEUED
        message.due_at = received_at
        message.attempts = 0
        message.sent_at = message.lease_until = None
        message.last_error = ""
        message.save(
            update_fields=["status", "due_at", "attempts", "sent_at", "lease_until", "last_error"]
        )
    return message
