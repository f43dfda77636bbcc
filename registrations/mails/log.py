"""What the mails about a registration came to, for its Security Officials (2022 guide, IV.8)."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, UUIDField, When, Window

from accounts.enums import MessageStatus, RoleName
from accounts.models import Message
from qpp_registration.clock import Moment, moment
from qpp_registration.prepared import Prepared

SHOWN = 50
LOST = (MessageStatus.FAILED, MessageStatus.BOUNCED)

_NEWEST = Prepared(
    lambda about: (
        Message.objects.filter(about=about)
        .order_by(Case(When(status__in=LOST, then=0), default=1), "-created_at", "to")
        .values("pk", "to", "subject", "status", "due_at", "sent_at", "last_error")
        .annotate(total=Window(Count("pk")))[:SHOWN]
    ),
    about=UUIDField(),
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail: to which address, and what came of it. `when`: None where no time is of use."""

    key: UUID
    to: str
    subject: str
    status: MessageStatus
    says: str
    when: Moment | None

    @property
    def is_lost(self) -> bool:
        """Whether it will never arrive, so that somebody has to do something."""
        return self.status in LOST


@dataclass(frozen=True, kw_only=True)
class MailLog:
    """Mails about a registration: the lost ones first, then the newest. `total`: of how many.

    However many go out later, a lost one doesn't fall off the end unseen.
    """

    letters: list[Letter] = field(default_factory=list)
    total: int = 0

    @property
    def has_lost(self) -> bool:
        """Whether any of those shown will never arrive."""
        return any(letter.is_lost for letter in self.letters)


def mail_log(registration_id: UUID, role: RoleName | None) -> MailLog:
    """What the mails about the registration came to, in one query.

    Empty for everybody but a Security Official, since it names addresses of contacts.
    """
    if role != RoleName.SECURITY_OFFICIAL:
        return MailLog()
    return letters_about(registration_id)


def letters_about(registration_id: UUID) -> MailLog:
    """The same for CMS staff, whose pages mask the addresses where they have to."""
    rows = _NEWEST.all(about=registration_id)
    return MailLog(letters=[_letter(row) for row in rows], total=rows[0]["total"] if rows else 0)


def _letter(row: dict[str, Any]) -> Letter:
    status = MessageStatus(row["status"])
    at = None
    match status:
        case MessageStatus.QUEUED:
            says = "Not delivered yet, next try" if row["last_error"] else "Queued for"
            at = row["due_at"]
        case MessageStatus.SENT:
            says, at = "Sent", row["sent_at"]
        case _:
            says = "Couldn’t be delivered"
    return Letter(
        key=row["pk"],
        to=row["to"],
        subject=row["subject"],
        status=status,
        says=says,
        when=moment(at) if at else None,
    )
