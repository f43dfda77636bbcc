"""Adding the same contacts to registrations that are there: copied, or one applied to many."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from registrations.many.members import Member
from registrations.many.plans import Outcome, Plan, Will, cannot, carry_out, edits_of
from registrations.many.register import no_room
from registrations.models import Offering
from registrations.policy.contact_plans import Values, in_words, plan_contacts
from registrations.policy.registration import Action


@dataclass(frozen=True, kw_only=True)
class Additions:
    """The contacts to add. `batch` names the preview, so that confirming it twice is once."""

    batch: UUID
    contacts: tuple[Values, ...]


def plan_additions(member: Member, additions: Additions, *, at: datetime) -> Plan:
    """What will happen to one registration: who isn't there yet is added, what a contact with the
    same e-mail lacks is filled in, and nothing that stands there is overwritten."""
    why = member.refusal(Action.SAVE, at)
    if why:
        return cannot(member.explain(why))
    contacts = plan_contacts(
        member.contacts,
        additions.contacts,
        batch=additions.batch,
        organization_id=member.organization_id,
    )
    if contacts.too_many:
        return cannot(no_room(member, contacts))
    return Plan(
        will=Will.CHANGE if contacts.changes_something else Will.NOTHING,
        lines=in_words(contacts),
        contacts=edits_of(contacts),
    )


def add_contacts(
    additions: Additions,
    *,
    organization_ids: Collection[UUID],
    offering: Offering,
    actor: Actor,
    received_at: datetime,
) -> list[Outcome]:
    """Add the contacts to each organization's registration, each in a transaction of its own.

    Raises ValueError for more than `plans.MAX_AT_ONCE` organizations.
    """
    return carry_out(
        lambda member: plan_additions(member, additions, at=received_at),
        organization_ids=organization_ids,
        offering=offering,
        actor=actor,
        received_at=received_at,
    )
