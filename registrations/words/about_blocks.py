"""How an organization stands, in words: for CMS staff, and to be read out to a caller."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.words.about_blocks import Told
from organizations.enums import OrganizationSize
from qpp_registration.clock import show_day_and_time
from registrations.enums import Product
from registrations.policy.blocks import (
    BLOCKING,
    DONE,
    OfferingFacts,
    OrganizationBlock,
    OrganizationFacts,
    Stand,
)
from registrations.policy.registration import Refusal
from registrations.words.reasons import explain


@dataclass(frozen=True, kw_only=True)
class OfferingTold:
    """What the sentences about an offering name beside the facts.

    `closes_at`: the organization's own close. `cancelled_by`: who ended it, as callers hear it;
    `cancelled_by_whom`: as staff reads it.
    """

    product: Product
    year: int
    opens_at: datetime
    closes_at: datetime
    cancelled_by: str = ""
    cancelled_by_whom: str = ""
    cancelled_at: datetime | None = None

    @property
    def name(self) -> str:
        """The offering with its year."""
        return f"{self.year} {self.product.label}"


def tell_organization(found: Iterable[OrganizationBlock], facts: OrganizationFacts) -> list[Told]:
    """What keeps anybody from acting for the organization."""
    return [_tell_organization(block, facts) for block in found]


def tell_offering(
    stands: Iterable[Stand], facts: OfferingFacts, offering: OfferingTold
) -> list[Told]:
    """How the organization stands with the offering."""
    is_done = any(one in DONE for one in stands)
    return [
        _told(one, facts, offering, blocks=one in BLOCKING and not (is_done and _is_window(one)))
        for one in stands
    ]


def _is_window(stand: Stand) -> bool:
    return stand in {Stand.NOT_OPEN, Stand.CLOSED}


def _tell_organization(block: OrganizationBlock, facts: OrganizationFacts) -> Told:
    match block:
        case OrganizationBlock.NO_OFFICIAL:
            return Told(
                what="No Security Official at all: nobody can register it.",
                say=(
                    "Nobody can act for your organization yet. Create an account, choose Manage "
                    "Access, then Connect to Organization, and ask for the role Security "
                    "Official. We decide about the first one."
                ),
            )
        case OrganizationBlock.OFFICIALS_DISABLED:
            return Told(
                what="The accounts of all its Security Officials are disabled.",
                say=(
                    "Nobody can act for your organization now. Somebody else asks for the role "
                    "Security Official under Manage Access, and we decide."
                ),
            )
        case OrganizationBlock.REQUESTS_PENDING:
            return Told(
                what=f"{_count(facts.pending, 'role request')} not decided.",
                say=(
                    "Somebody asked for a role at your organization. Your Security Official "
                    "decides it under Manage Access."
                    if facts.officials
                    else "Somebody asked for a role at your organization. We decide it."
                ),
                blocks=not facts.officials,
            )
        case _:
            return Told(
                what=f"{_count(facts.lost, 'mail')} failed or came back.",
                say=(
                    "Mail to your organization couldn’t be delivered. Check the e-mail addresses "
                    "of your contacts."
                ),
            )


def _told(stand: Stand, facts: OfferingFacts, offering: OfferingTold, *, blocks: bool) -> Told:
    what, say = _WORDS[stand]
    named = {
        "product": offering.product.label,
        "closes": show_day_and_time(offering.closes_at),
        "missing": ", ".join(one.label for one in facts.missing) or "nothing",
        "size": OrganizationSize(facts.size).label if facts.size else "",
        "ended": "cancelled" if facts.explicit else "deleted",
        "by": offering.cancelled_by,
        "whom": offering.cancelled_by_whom,
        "when": show_day_and_time(offering.cancelled_at) if offering.cancelled_at else "",
        "refusal": _explained(_REFUSALS[stand], facts, offering) if stand in _REFUSALS else "",
    }
    return Told(what=what.format(**named), say=say.format(**named), blocks=blocks)


_REFUSALS = {
    Stand.NOT_OPEN: Refusal.NOT_OPEN,
    Stand.CLOSED: Refusal.CLOSED,
    Stand.NOT_APPROVED: Refusal.NOT_APPROVED,
    Stand.WILL_BE_AUTOMATIC: Refusal.REGISTERED_AUTOMATICALLY,
    Stand.TOO_SMALL: Refusal.TOO_SMALL,
}
# What it is, and what to say; the pages' own sentence where they refuse it.
_WORDS: dict[Stand, tuple[str, str]] = {
    Stand.REGISTERED: ("Registered.", "Your organization is registered for the {product}."),
    Stand.AUTOMATIC: (
        "Registered automatically.",
        "Your organization was registered for the {product} automatically.",
    ),
    Stand.AUTOMATIC_WITH_GAPS: (
        "Registered automatically; not there yet: {missing}.",
        "Your organization was registered automatically. Please add: {missing}.",
    ),
    Stand.WILL_BE_AUTOMATIC: (
        "Registered automatically, as a Shared Savings Program ACO.",
        "{refusal}",
    ),
    Stand.CANCELLED: (
        "Not registered: {ended} by {whom} on {when}.",
        (
            "Your registration for the {product} was {ended} by {by} on {when}. While the window "
            "is open, a Security Official can register again; the registration ID stays the same."
        ),
    ),
    Stand.NOT_APPROVED: ("Not a CMS-approved virtual group.", "{refusal}"),
    Stand.NOT_STARTED: (
        "Not registered; nothing was begun.",
        (
            "Your organization isn’t registered for the {product}. A Security Official registers "
            "it under Registration."
        ),
    ),
    Stand.INCOMPLETE: (
        "Not complete; missing: {missing}.",
        "Your registration for the {product} isn’t complete. Please add: {missing}.",
    ),
    Stand.NOT_PRESSED: (
        "Nothing is missing, but Register wasn’t pressed.",
        "Everything is there. Press Register for the {product}; only then you are registered.",
    ),
    Stand.TOO_SMALL: ("Too small with {size} clinicians.", "{refusal}"),
    Stand.NOT_OPEN: ("The window isn’t open yet.", "{refusal}"),
    Stand.CLOSED: (
        "The window is closed.",
        "{refusal} You can still see and print everything, but change nothing.",
    ),
    Stand.EXTENDED: (
        "Window extended for this organization until {closes}.",
        "Your organization has until {closes}.",
    ),
}


def _explained(refusal: Refusal, facts: OfferingFacts, offering: OfferingTold) -> str:
    return explain(
        refusal,
        product=offering.product,
        year=offering.year,
        opens_at=offering.opens_at,
        closes_at=offering.closes_at,
        minimum_size=facts.minimum_size,
    )


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
