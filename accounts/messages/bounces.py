"""Mail that came back after the mail server had taken it."""

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from accounts.enums import MessageStatus
from accounts.messages.bounce_report import NoReport, read_bounce_report
from accounts.models import Message
from accounts.models.messages import ERASED
from qpp_registration.errors import Refused


class NoBounce(Refused):
    """What was given reports on no message of the outbox."""


def record_bounce(report: bytes, *, at: datetime) -> Message | None:
    """Mark the message that a delivery status report (RFC 3464) says will never arrive.

    Gives the message, or None where there is nothing to mark: it is only late, was delivered, or
    is known not to have arrived. Raises NoBounce when it is no report, or on no message of ours.
    Only the code of the report is kept; its text holds addresses.
    """
    try:
        found = read_bounce_report(report)
    except NoReport as error:
        raise NoBounce(str(error)) from None
    message = Message.objects.filter(pk=found.message_id).first()
    if message is None:
        raise NoBounce("The report is about no message of the outbox.")
    if not found.failed:
        return None
    # A sender that was killed after the server took the mail left it queued: it went out all the
    # same, and sending it once more would bring it back once more.
    changed = Message.objects.filter(
        pk=message.pk, status__in=(MessageStatus.QUEUED, MessageStatus.SENT)
    ).update(
        status=MessageStatus.BOUNCED,
        sent_at=Coalesce(F("sent_at"), Value(at)),
        lease_until=None,
        last_error=f"The mail came back: {found.code or 'no code'}.",
    )
    if not changed:
        return None
    Message.objects.filter(pk=message.pk, secret=True).update(**ERASED)
    message.refresh_from_db()
    return message
