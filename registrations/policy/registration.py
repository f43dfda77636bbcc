"""Who may do what, when, and what a registration still needs: decisions on plain values.

Pages ask here which buttons to show, services ask here before they write, so that a hidden button
and a refused request can't disagree.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from accounts.enums import ActorKind, RoleName
from organizations.enums import OrganizationKind, OrganizationSize
from qpp_registration.clock import days_before
from registrations.enums import EnrollmentStatus, ListStatus, Missing, Product, WindowState

LAST_DAY = timedelta(hours=24)
CHANGES_MERGE = timedelta(minutes=10)  # from the first change to the mail that tells of all
COMMIT_GRACE = timedelta(seconds=30)
DRAIN = timedelta(seconds=60)  # from the last close to the first final roster
REMINDERS = (14, 3, 1)  # days before the close
BUSY = timedelta(hours=1)
MAX_CONTACTS = 50
REQUIRED_OF_A_CONTACT = ("first_name", "last_name", "email", "phone")
CONTACT_FIELDS = (*REQUIRED_OF_A_CONTACT, "extension")
# What explicit years ask of the organization, and what the answer is called when it is missing.
REQUIRED_OF_AN_ORGANIZATION = {
    "name": Missing.NAME,
    "address1": Missing.ADDRESS,
    "city": Missing.CITY,
    "state": Missing.STATE,
    "zip_code": Missing.ZIP_CODE,
}
BEGUN = {EnrollmentStatus.INCOMPLETE, EnrollmentStatus.COMPLETE}
ORGANIZATION_FIELDS = ("name", "address1", "address2", "city", "state", "zip_code")


class Action(Enum):
    """What somebody wants to do with a registration.

    The first three belong to years that complete by themselves, the others to those in which
    *Register* is pressed. CHANGE: the size, organization and contacts that all offerings share.
    REGISTER_AUTOMATICALLY belongs to both, and is never an official's. RESTORE: undo what ended it;
    CMS staff only.
    """

    START = auto()
    SAVE = auto()
    DELETE = auto()
    CHANGE = auto()
    REGISTER = auto()
    CANCEL = auto()
    REGISTER_AUTOMATICALLY = auto()
    RESTORE = auto()


class Refusal(Enum):
    """Why an action isn't possible. The words for people are in `words.reasons`."""

    NO_ROLE = auto()
    STAFF_USER = auto()
    NOT_OPEN = auto()
    CLOSED = auto()
    REGISTERED_AUTOMATICALLY = auto()
    NOT_APPROVED = auto()
    NOT_STARTED = auto()
    NO_SIZE = auto()
    TOO_SMALL = auto()
    NOT_REGISTERED = auto()
    REQUIRED = auto()
    IS_REGISTERED = auto()
    WAS_ENDED = auto()
    STAFF_ONLY = auto()


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything that decides about an action on an organization's registration for an offering.

    `shared_savings`: the organization is a Shared Savings Program ACO and the offering registers
    those automatically. `approved`: CMS approved the virtual group for the year. `size` is empty
    while none is chosen; only explicit years ask for it before registering.
    """

    kind: OrganizationKind
    product: Product
    actor: ActorKind
    role: RoleName | None
    window: WindowState
    status: EnrollmentStatus | None
    approved: bool
    shared_savings: bool
    size: str = ""
    minimum_size: str = OrganizationSize.SMALL


def refusal(action: Action, situation: Situation) -> Refusal | None:
    """Why the action is refused in this situation, or None when it may be done.

    Staff and system act at any time; an official inside the window only (2023 guide, III and V).
    """
    if situation.actor == ActorKind.OFFICIAL and (why := _official_refusal(situation)):
        return why
    match action:
        case Action.CHANGE:
            return None
        case Action.START | Action.REGISTER | Action.RESTORE if situation.status in BEGUN:
            return None  # doing it again returns what there is
        case Action.START:
            return _start_refusal(situation)
        case Action.REGISTER:
            return _start_refusal(situation) or _size_refusal(situation)
        case Action.REGISTER_AUTOMATICALLY:
            return _automatic_refusal(situation)
        case Action.RESTORE:
            return _restore_refusal(situation)
        case _:
            return _end_refusal(action, situation)


def _official_refusal(situation: Situation) -> Refusal | None:
    """Only a Security Official changes something, and inside the window only."""
    if situation.role is None:
        return Refusal.NO_ROLE
    if situation.role != RoleName.SECURITY_OFFICIAL:
        return Refusal.STAFF_USER
    if situation.window == WindowState.NOT_OPEN:
        return Refusal.NOT_OPEN
    return Refusal.CLOSED if situation.window == WindowState.CLOSED else None


def _start_refusal(situation: Situation) -> Refusal | None:
    """ACOs need no registration; virtual groups need approval (2023 guide, I)."""
    if is_automatic(status=situation.status, shared_savings=situation.shared_savings):
        return Refusal.REGISTERED_AUTOMATICALLY
    if situation.kind == OrganizationKind.VIRTUAL_GROUP and not situation.approved:
        return Refusal.NOT_APPROVED
    return None


def _size_refusal(situation: Situation) -> Refusal | None:
    """The size decides what an organization can register for (2022 guide, IV.1)."""
    if not situation.size:
        return Refusal.NO_SIZE
    return None if allows(situation.size, situation.minimum_size) else Refusal.TOO_SMALL


def _automatic_refusal(situation: Situation) -> Refusal | None:
    """Whom the system doesn't register: above all nobody whose official ended it (2022 guide, I).

    Whatever else is missing doesn't matter; a size that is known does, chosen or not.
    """
    if situation.status == EnrollmentStatus.COMPLETE:
        return Refusal.IS_REGISTERED
    if situation.status == EnrollmentStatus.CANCELLED:
        return Refusal.WAS_ENDED
    if situation.window == WindowState.CLOSED:
        return Refusal.CLOSED
    if situation.kind == OrganizationKind.VIRTUAL_GROUP and not situation.approved:
        return Refusal.NOT_APPROVED
    return _size_refusal(situation) if situation.size else None


def _restore_refusal(situation: Situation) -> Refusal | None:
    """What was ended comes back as it was, if its size and approval still allow it."""
    if situation.actor != ActorKind.STAFF:
        return Refusal.STAFF_ONLY
    if situation.status is None:
        return Refusal.NOT_REGISTERED
    if situation.kind == OrganizationKind.VIRTUAL_GROUP and not situation.approved:
        return Refusal.NOT_APPROVED
    return _size_refusal(situation) if situation.size else None


def _end_refusal(action: Action, situation: Situation) -> Refusal | None:
    """Saving and ending need something that was begun; an ACO keeps what the APP requires."""
    if situation.status in {None, EnrollmentStatus.CANCELLED}:
        return Refusal.NOT_REGISTERED if action is Action.CANCEL else Refusal.NOT_STARTED
    if action is Action.SAVE or not situation.shared_savings:
        return None
    return Refusal.REQUIRED if situation.product == Product.CAHPS else None


def is_automatic(*, status: EnrollmentStatus | None, shared_savings: bool) -> bool:
    """Whether a Shared Savings Program ACO is registered without anybody's doing (both guides, I).

    What was ended once is not registered automatically again: such an ACO is like any other
    organization, so that an official can register it.
    """
    return shared_savings and status is None


def allows(size: str, minimum_size: str) -> bool:
    """Whether an organization of that size can have what begins at the other one."""
    order = list(OrganizationSize.values)
    return bool(size) and order.index(size) >= order.index(minimum_size)


def openness(window: WindowState) -> int:
    """The rank of a window: the lowest among a year's offerings decides for what they share.

    Size, organization and contacts are one for all offerings (2022 guide, IV.9), and can be
    changed while any of them is open.
    """
    order = (WindowState.OPEN, WindowState.LAST_DAY, WindowState.NOT_OPEN, WindowState.CLOSED)
    return order.index(window)


def cancelled_by_size(size: str, registered: Mapping[Product, str]) -> set[Product]:
    """Which registrations end with a change to that size (2022 guide, V: Update Organization Size).

    `registered`: the products that the organization is registered for, with their minimum size.
    """
    return {product for product, minimum in registered.items() if not allows(size, minimum)}


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
    if is_automatic(status=status, shared_savings=shared_savings):
        return ListStatus.AUTOMATIC
    if kind == OrganizationKind.VIRTUAL_GROUP and not approved:
        return ListStatus.NOT_POSSIBLE
    return ListStatus.NOT_STARTED


def effective_close(closes_at: datetime, extended_until: datetime | None) -> datetime:
    """The later of the offering's close and the organization's extension."""
    return max(closes_at, extended_until) if extended_until else closes_at


def final_from(closes_at: datetime, last_extension: datetime | None) -> datetime:
    """From when on a roster is final: nothing that was received in time is under way any more."""
    return effective_close(closes_at, last_extension) + DRAIN


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


def missing_to_register(
    *, size: str, organization: Mapping[str, str], contacts: Iterable[Mapping[str, str]]
) -> list[Missing]:
    """What stands between an organization and *Register*, in the page's order (2022 guide, II)."""
    shared = missing_items(size=size, contacts=contacts)
    of_organization = [
        missing for name, missing in REQUIRED_OF_AN_ORGANIZATION.items() if not organization[name]
    ]
    return [
        *(missing for missing in shared if missing is Missing.SIZE),
        *of_organization,
        *(missing for missing in shared if missing is Missing.CONTACT),
    ]


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
