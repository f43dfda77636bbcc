"""Registering many organizations at once: a size each, the same contacts for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from organizations.enums import OrganizationSize
from registrations.details.edits import FieldEdit
from registrations.enums import EnrollmentStatus
from registrations.many.members import Member
from registrations.many.plans import Outcome, Plan, Will, cannot, carry_out, edits_of
from registrations.models import Offering
from registrations.policy.contact_plans import ContactPlan, Values, in_words, plan_contacts
from registrations.policy.registration import MAX_CONTACTS, Action

MAX_SHARED_CONTACTS = 10


@dataclass(frozen=True, kw_only=True)
class SizeChoice:
    """The size chosen for an organization, and the one that stood there when it was reviewed."""

    was: str
    now: str


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants for the organizations: a size each, and these contacts for all.

    `batch` names the review, so that confirming it twice is the same as once; `reviewed_at`: when
    it was received.
    """

    batch: UUID
    sizes: Mapping[UUID, SizeChoice]
    contacts: tuple[Values, ...]
    reviewed_at: datetime


def plan_registration(member: Member, wish: Wish, *, actor: Actor, at: datetime) -> Plan:
    """What will happen to one organization of the wish (2023 guide, III.7 to IV).

    It is registered, or completed where it was started, or there is nothing to do, or it can't be
    done and why. What somebody else chose or deleted after the review stays as it is.
    """
    if member.status == EnrollmentStatus.COMPLETE:
        return _already_complete(member, wish, actor)
    action = Action.SAVE if member.is_running else Action.START
    why = member.refusal(action, at)
    if why:
        return cannot(member.explain(why))
    if member.cancelled_at and member.cancelled_at >= wish.reviewed_at:
        return cannot("This registration was deleted after your review. Register it anew.")
    size = wish.sizes[member.organization_id]
    if member.chosen_size not in {size.was, size.now}:
        chosen = OrganizationSize(member.chosen_size).label
        return cannot(f"Somebody else changed the size to {chosen} after your review.")
    contacts = plan_contacts(
        member.contacts,
        wish.contacts,
        batch=wish.batch,
        organization_id=member.organization_id,
    )
    return _registered(member, size.now, contacts)


def _registered(member: Member, size: str, contacts: ContactPlan) -> Plan:
    if contacts.too_many:
        return cannot(no_room(member, contacts))
    if not contacts.has_complete_contact:
        return cannot("It has no complete contact.")
    return Plan(
        will=Will.COMPLETE if member.is_running else Will.REGISTER,
        lines=(f"Size: {OrganizationSize(size).label}", *in_words(contacts)),
        size=FieldEdit(was=member.chosen_size, now=size),
        contacts=edits_of(contacts),
    )


def _already_complete(member: Member, wish: Wish, actor: Actor) -> Plan:
    """A repeat of the same confirmation finds its own work done, and says so."""
    own = actor.user is not None and member.completed_by == actor.user.pk
    if own and member.completed_at and member.completed_at >= wish.reviewed_at:
        return Plan(will=Will.NOTHING, lines=("Registered since your review.",))
    return Plan(will=Will.NOTHING, lines=("Already complete.",))


def no_room(member: Member, contacts: ContactPlan) -> str:
    """Why the contacts can't be added."""
    return (
        f"It has {len(member.contacts)} contacts and would get {len(contacts.added)} more; a "
        f"registration has at most {MAX_CONTACTS}."
    )


def register_many(
    wish: Wish, *, offering: Offering, actor: Actor, received_at: datetime
) -> list[Outcome]:
    """Register or complete each organization of the wish, each in a transaction of its own.

    Raises ValueError for more than `plans.MAX_AT_ONCE` organizations.
    """
    return carry_out(
        lambda member: plan_registration(member, wish, actor=actor, at=received_at),
        organization_ids=list(wish.sizes),
        offering=offering,
        actor=actor,
        received_at=received_at,
    )
