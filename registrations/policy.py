"""Who may do what, when, and what a registration still needs: decisions on plain values.

Pages ask here which buttons to show, services ask here before they write, so that a hidden button
and a refused request can't disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from accounts.enums import ActorKind, RoleName
from organizations.enums import OrganizationKind
from qpp_registration.clock import days_before
from registrations.enums import EnrollmentStatus, ListStatus, Missing, WindowState

LAST_DAY = timedelta(hours=24)
COMMIT_GRACE = timedelta(seconds=30)
REMINDERS = (14, 3, 1)  # days before the close
BUSY = timedelta(hours=1)
MAX_CONTACTS = 50
REQUIRED_OF_A_CONTACT = ("first_name", "last_name", "email", "phone")
CONTACT_FIELDS = (*REQUIRED_OF_A_CONTACT, "extension")


class Action(Enum):
    """What somebody wants to do with a registration."""

    START = auto()
    SAVE = auto()
    DELETE = auto()


class Refusal(Enum):
    """Why an action isn't possible. The words for people are in `wording`."""

    NO_ROLE = auto()
    STAFF_USER = auto()
    NOT_OPEN = auto()
    CLOSED = auto()
    REGISTERED_AUTOMATICALLY = auto()
    NOT_APPROVED = auto()
    NOT_STARTED = auto()


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything that decides about an action on an organization's registration for an offering.

    `shared_savings`: the organization is a Shared Savings Program ACO and the offering registers
    those automatically. `approved`: CMS approved the virtual group for the year.
    """

    kind: OrganizationKind
    actor: ActorKind
    role: RoleName | None
    window: WindowState
    status: EnrollmentStatus | None
    approved: bool
    shared_savings: bool


def refusal(action: Action, situation: Situation) -> Refusal | None:
    """Why the action is refused in this situation, or None when it may be done.

    Staff and system act at any time; an official inside the window only (2023 guide, III and V).
    """
    if situation.actor == ActorKind.OFFICIAL:
        if situation.role is None:
            return Refusal.NO_ROLE
        if situation.role != RoleName.SECURITY_OFFICIAL:
            return Refusal.STAFF_USER
        if situation.window == WindowState.NOT_OPEN:
            return Refusal.NOT_OPEN
        if situation.window == WindowState.CLOSED:
            return Refusal.CLOSED
    if action is Action.START:
        return _start_refusal(situation)
    if situation.status in {None, EnrollmentStatus.CANCELLED}:
        return Refusal.NOT_STARTED
    if action is Action.DELETE and situation.shared_savings:
        return Refusal.REGISTERED_AUTOMATICALLY
    return None


def _start_refusal(situation: Situation) -> Refusal | None:
    """ACOs need no registration; virtual groups need approval (2023 guide, I)."""
    if situation.shared_savings:
        return Refusal.REGISTERED_AUTOMATICALLY
    if situation.kind == OrganizationKind.VIRTUAL_GROUP and not situation.approved:
        return Refusal.NOT_APPROVED
    return None


def list_status(
    *,
    kind: OrganizationKind,
    status: EnrollmentStatus | None,
    approved: bool,
    shared_savings: bool,
) -> ListStatus:
    """What the list says of an organization. `querysets.LIST_STATUS` says the same in SQL."""
    if status == EnrollmentStatus.COMPLETE:
        return ListStatus.COMPLETE
    if status == EnrollmentStatus.INCOMPLETE:
        return ListStatus.INCOMPLETE
    if shared_savings:
        return ListStatus.AUTOMATIC
    if kind == OrganizationKind.VIRTUAL_GROUP and not approved:
        return ListStatus.NOT_POSSIBLE
    return ListStatus.NOT_STARTED


def effective_close(closes_at: datetime, extended_until: datetime | None) -> datetime:
    """The later of the offering's close and the organization's extension."""
    return max(closes_at, extended_until) if extended_until else closes_at


def window_state(at: datetime, *, opens_at: datetime, closes_at: datetime) -> WindowState:
    """Where a moment lies. The window is half-open: the second of the close is closed."""
    if at < opens_at:
        return WindowState.NOT_OPEN
    if at >= closes_at:
        return WindowState.CLOSED
    return WindowState.LAST_DAY if closes_at - at <= LAST_DAY else WindowState.OPEN


def reminder_step(at: datetime, closes_at: datetime) -> int | None:
    """Which reminder of an incomplete registration is due: 14, 3 or 1 days before the close.

    Only the last one whose time has come, so that a missed day is caught up by one mail and not
    by two. None before the first and from the close on. A day is one on Eastern clocks.
    """
    if at >= closes_at:
        return None
    come = [days for days in REMINDERS if days_before(closes_at, days) <= at]
    return min(come, default=None)


def is_busy(changed_at: datetime, at: datetime) -> bool:
    """Whether somebody changed a registration so lately that they are still at it."""
    return at - changed_at < BUSY


def commits_in_time(*, received_at: datetime, committed_at: datetime, closes_at: datetime) -> bool:
    """What was received before the close may be written until 30 seconds after it."""
    return received_at < closes_at and committed_at <= closes_at + COMMIT_GRACE


def is_complete_contact(contact: Mapping[str, str]) -> bool:
    """A contact counts with first name, last name, e-mail and phone (2023 guide, IV.2)."""
    return all(contact.get(field) for field in REQUIRED_OF_A_CONTACT)


def missing_items(*, size: str, contacts: Iterable[Mapping[str, str]]) -> list[Missing]:
    """What stands between a registration and Complete (2023 guide, II and IV.3)."""
    missing = []
    if not size:
        missing.append(Missing.SIZE)
    if not any(is_complete_contact(contact) for contact in contacts):
        missing.append(Missing.CONTACT)
    return missing


def may_delete_contact(contact: Mapping[str, str], others: Iterable[Mapping[str, str]]) -> bool:
    """The last complete contact can't go; it can be changed, or replaced first (2023 guide, V)."""
    return not is_complete_contact(contact) or any(is_complete_contact(other) for other in others)


class Merge(Enum):
    """What becomes of a field that somebody sent."""

    KEEP = auto()
    STORE = auto()
    CONFLICT = auto()


@dataclass(frozen=True, kw_only=True)
class SaveStamp:
    """Which save of which page: the page's own random token, and how many saves it has sent."""

    page: str
    count: int


def merge(
    *,
    was: str | None,
    typed: str,
    current: str,
    sent: SaveStamp | None = None,
    written: SaveStamp | None = None,
) -> Merge:
    """Decide on one field: what the page showed, what came back, what is stored now.

    Nobody's words are overwritten unseen: a field that somebody else changed meanwhile is a
    conflict unless it was left as shown or both typed the same. `was` is None when it isn't known
    what the page showed.

    Own words never conflict with themselves. When the stored value was `written` by the page that
    `sent` this one, the later save wins, whatever the page believed to be stored: an answer may
    have been lost. A repeat, and a save that was overtaken by a later one, change nothing.
    """
    if sent and written and sent.page == written.page:
        is_news = sent.count > written.count and typed != current
        return Merge.STORE if is_news else Merge.KEEP
    if typed in {current, was}:
        return Merge.KEEP
    return Merge.STORE if was == current else Merge.CONFLICT
