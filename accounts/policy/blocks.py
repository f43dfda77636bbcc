"""What keeps a person from signing in and acting, as a function of plain values."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from accounts.policy.account import is_idle
from accounts.policy.lock_out import Lock


class PersonBlock(Enum):
    """One thing that keeps a person from acting. The words are in `words.about_blocks`."""

    DISABLED = auto()
    NO_PASSWORD = auto()
    PAUSED = auto()
    LOCKED = auto()
    NO_DEVICE = auto()
    DEVICES_DISABLED = auto()
    CODES_LOCKED = auto()
    NO_ROLE = auto()
    REQUEST_PENDING = auto()
    STAFF_USER = auto()


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """An account as it stands. `lock`: of its password; `usable`: how many of its devices are.

    `official_of` and `staff_user_of`: on how many organizations the person has that role.
    `pending`: how many requests of roles wait for a decision.
    """

    is_active: bool
    has_password: bool
    last_used_at: datetime
    lock: Lock | None
    devices: int
    usable: int
    codes_locked_until: datetime | None
    official_of: int
    staff_user_of: int
    pending: int
    is_staff: bool = False


def what_blocks_person(facts: PersonFacts, *, at: datetime) -> list[PersonBlock]:
    """What keeps the person from acting, in the order in which it has to be solved."""
    signing_in = [PersonBlock.DISABLED] if not facts.is_active else _signing_in(facts, at)
    return signing_in + _acting(facts)


def _signing_in(facts: PersonFacts, at: datetime) -> list[PersonBlock]:
    found = []
    if not facts.has_password:
        found.append(PersonBlock.NO_PASSWORD)
    elif is_idle(last_used_at=facts.last_used_at, received_at=at):
        found.append(PersonBlock.PAUSED)
    elif facts.lock:
        found.append(PersonBlock.LOCKED)
    if not facts.devices:
        found.append(PersonBlock.NO_DEVICE)
    elif not facts.usable:
        found.append(PersonBlock.DEVICES_DISABLED)
    if facts.codes_locked_until and at < facts.codes_locked_until:
        found.append(PersonBlock.CODES_LOCKED)
    return found


def _acting(facts: PersonFacts) -> list[PersonBlock]:
    """A pending request is told to whoever can't act yet, and to Staff Users who ask for more."""
    found = []
    if facts.pending:
        found.append(PersonBlock.REQUEST_PENDING)
    if facts.official_of or facts.is_staff:
        return found
    if facts.staff_user_of:
        found.append(PersonBlock.STAFF_USER)
    elif not facts.pending:
        found.append(PersonBlock.NO_ROLE)
    return found
