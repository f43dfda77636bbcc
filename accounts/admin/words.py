"""Values that several pages of the staff site show."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.enums import MessageStatus, ResetStatus, RoleRequestStatus
from accounts.models import DeviceReset, Message, RoleRequest
from qpp_registration import drawn

GOOD, BAD = ("good", "check_circle"), ("bad", "cancel")
WAITS, OVER = ("waiting", "schedule"), ("quiet", "remove_circle")
MESSAGES = {
    MessageStatus.QUEUED: WAITS,
    MessageStatus.SENT: GOOD,
    MessageStatus.FAILED: BAD,
    MessageStatus.BOUNCED: BAD,
}
REQUESTS = {
    RoleRequestStatus.PENDING: WAITS,
    RoleRequestStatus.APPROVED: GOOD,
    RoleRequestStatus.DENIED: BAD,
    RoleRequestStatus.WITHDRAWN: OVER,
    RoleRequestStatus.EXPIRED: OVER,
}
RESETS = {
    ResetStatus.REQUESTED: WAITS,
    ResetStatus.ASKED: WAITS,
    ResetStatus.APPROVED: GOOD,
    ResetStatus.DENIED: BAD,
    ResetStatus.WITHDRAWN: OVER,
    ResetStatus.EXPIRED: OVER,
}


def status_of(row: Message | RoleRequest | DeviceReset) -> SafeString:
    """How a message, a role request or a reset stands: icon, word and colour together."""
    match row:
        case Message():
            look = MESSAGES[MessageStatus(row.status)]
        case RoleRequest():
            look = REQUESTS[RoleRequestStatus(row.status)]
        case DeviceReset():
            look = RESETS[ResetStatus(row.status)]
    return drawn.status(*look, row.get_status_display())


def unbroken(identifier: str) -> SafeString:
    """An identifier on one line: it doesn't break at its hyphen."""
    return format_html('<span class="unbroken">{}</span>', identifier)
