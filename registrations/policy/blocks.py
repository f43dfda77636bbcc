"""How an organization stands with an offering, and what keeps it from registering.

Functions of plain values; the words are in `words.about_blocks`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from organizations.enums import OrganizationKind
from registrations.enums import EnrollmentStatus, Missing, Origin, WindowState
from registrations.policy.registration import allows, is_automatic


class OrganizationBlock(Enum):
    """One thing that keeps an organization from acting."""

    NO_OFFICIAL = auto()
    OFFICIALS_DISABLED = auto()
    REQUESTS_PENDING = auto()
    MAIL_LOST = auto()


class Stand(Enum):
    """One thing to tell of an organization and an offering."""

    NOT_OPEN = auto()
    CLOSED = auto()
    EXTENDED = auto()
    NOT_APPROVED = auto()
    WILL_BE_AUTOMATIC = auto()
    AUTOMATIC = auto()
    AUTOMATIC_WITH_GAPS = auto()
    REGISTERED = auto()
    CANCELLED = auto()
    NOT_STARTED = auto()
    INCOMPLETE = auto()
    NOT_PRESSED = auto()
    TOO_SMALL = auto()


@dataclass(frozen=True, kw_only=True)
class OrganizationFacts:
    """Who can act for an organization, who asks to, and how many of its mails never arrived."""

    officials: int
    disabled_officials: int
    pending: int
    lost: int


@dataclass(frozen=True, kw_only=True)
class OfferingFacts:
    """An organization against an offering.

    `explicit`: *Register* is pressed in that year. `missing`: what it still needs, where something
    was begun. `shared_savings`: the offering registers it automatically as an ACO.
    """

    kind: OrganizationKind
    explicit: bool
    window: WindowState
    extended: bool
    approved: bool
    shared_savings: bool
    begun: bool
    status: EnrollmentStatus | None
    origin: Origin | None
    size: str
    minimum_size: str
    missing: Sequence[Missing]


DONE = {Stand.REGISTERED, Stand.AUTOMATIC, Stand.AUTOMATIC_WITH_GAPS}
BLOCKING = {
    *(Stand.NOT_OPEN, Stand.CLOSED, Stand.NOT_APPROVED, Stand.CANCELLED),
    *(Stand.NOT_STARTED, Stand.INCOMPLETE, Stand.NOT_PRESSED, Stand.TOO_SMALL),
}


def what_blocks_organization(facts: OrganizationFacts) -> list[OrganizationBlock]:
    """What keeps anybody from acting for the organization, or from reading its mail."""
    found = []
    if not facts.officials:
        found.append(
            OrganizationBlock.OFFICIALS_DISABLED
            if facts.disabled_officials
            else OrganizationBlock.NO_OFFICIAL
        )
    if facts.pending:
        found.append(OrganizationBlock.REQUESTS_PENDING)
    if facts.lost:
        found.append(OrganizationBlock.MAIL_LOST)
    return found


def how_it_stands(facts: OfferingFacts) -> list[Stand]:
    """The registration first, then the window: closed or not yet open is told of what isn't done.

    A window that was extended is told while it makes a difference.
    """
    registration = _registration(facts)
    window: list[Stand] = []
    if facts.window == WindowState.NOT_OPEN:
        window.append(Stand.NOT_OPEN)
    elif facts.window == WindowState.CLOSED:
        window.append(Stand.CLOSED)
    elif facts.extended:
        window.append(Stand.EXTENDED)
    return registration + window


def _registration(facts: OfferingFacts) -> list[Stand]:
    if facts.status == EnrollmentStatus.COMPLETE:
        if facts.origin != Origin.AUTOMATIC:
            return [Stand.REGISTERED]
        return [Stand.AUTOMATIC_WITH_GAPS if facts.missing else Stand.AUTOMATIC]
    if facts.status == EnrollmentStatus.CANCELLED:
        return [Stand.CANCELLED]
    if facts.status == EnrollmentStatus.INCOMPLETE:
        return [Stand.INCOMPLETE]
    if is_automatic(status=facts.status, shared_savings=facts.shared_savings):
        return [Stand.WILL_BE_AUTOMATIC]
    if facts.kind == OrganizationKind.VIRTUAL_GROUP and not facts.approved:
        return [Stand.NOT_APPROVED]
    if not facts.explicit or not facts.begun:
        return [Stand.NOT_STARTED]
    if facts.size and not allows(facts.size, facts.minimum_size):
        return [Stand.TOO_SMALL]
    return [Stand.INCOMPLETE if facts.missing else Stand.NOT_PRESSED]
