"""A person's new e-mail or phone, in every registration of the year where the person stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.enums import RoleName
from accounts.models import User
from organizations.enums import OrganizationKind
from organizations.policy import show_identifier
from qpp_registration.phones import show_phone
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.enums import EnrollmentStatus
from registrations.many.members import Member
from registrations.many.plans import MAX_AT_ONCE, Outcome, Plan, Will, cannot, carry_out
from registrations.models import Contact, Offering
from registrations.policy.contact_plans import Values, name_of
from registrations.policy.registration import CONTACT_FIELDS, Action

RUNNING = (EnrollmentStatus.INCOMPLETE, EnrollmentStatus.COMPLETE)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A registration in which a person stands as a contact."""

    contact_id: UUID
    organization_id: UUID
    organization: str
    identifier: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Contacts that say the same: one person. `places`: where it stands, by name."""

    values: Values
    places: Sequence[Place]

    @property
    def name(self) -> str:
        """First and last name."""
        return name_of(self.values)

    @property
    def shown_phone(self) -> str:
        """The phone number with its extension, as people read it."""
        return show_with_extension(self.values["phone"], self.values["extension"])


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of the chosen contacts.

    `was`: of each contact the fields that change, as the review showed them, by organization.
    `now`: the new values. An extension belongs to its phone, so a new phone brings its own.
    """

    was: Mapping[UUID, Mapping[UUID, Values]]
    now: Values


def find_people(user: User, offering: Offering, email: str) -> list[Person]:
    """Who has this e-mail in registrations of the offering for which the person is Security
    Official; contacts that say the same are one person. One query, MAX_AT_ONCE contacts."""
    return _grouped(_values(Contact.objects.with_email(email), user, offering))


def contacts_of(user: User, offering: Offering, contact_ids: Collection[UUID]) -> list[Person]:
    """The same for contacts by their keys; those of others aren't there."""
    return _grouped(_values(Contact.objects.filter(pk__in=contact_ids), user, offering))


def _values(contacts: QuerySet[Contact], user: User, offering: Offering) -> list[dict[str, Any]]:
    return list(
        contacts.filter(
            registration__enrollments__offering=offering,
            registration__enrollments__status__in=RUNNING,
            registration__organization__roles__user=user,
            registration__organization__roles__name=RoleName.SECURITY_OFFICIAL,
        )
        .order_by("registration__organization__search_name", "registration", "position")
        .values(
            *("pk", *CONTACT_FIELDS, "registration__organization"),
            *(f"registration__organization__{name}" for name in ("name", "kind", "identifier")),
        )[:MAX_AT_ONCE]
    )


def _grouped(rows: list[dict[str, Any]]) -> list[Person]:
    people: dict[tuple[str, ...], tuple[Values, list[Place]]] = {}
    for row in rows:
        values = {name: str(row[name]) for name in CONTACT_FIELDS}
        same = tuple(value.casefold() for value in values.values())
        people.setdefault(same, (values, []))[1].append(_place(row))
    return [Person(values=values, places=places) for values, places in people.values()]


def _place(row: Mapping[str, Any]) -> Place:
    kind = OrganizationKind(str(row["registration__organization__kind"]))
    identifier = show_identifier(kind, str(row["registration__organization__identifier"]))
    return Place(
        contact_id=row["pk"],
        organization_id=row["registration__organization"],
        organization=str(row["registration__organization__name"]),
        identifier=f"{kind.identifier_label} {identifier}",
    )


def change_of(people: Collection[Person], now: Values) -> Change:
    """The change of all these people's contacts to the new values."""
    was: dict[UUID, dict[UUID, Values]] = {}
    for person in people:
        shown = {name: person.values[name] for name in now}
        for place in person.places:
            was.setdefault(place.organization_id, {})[place.contact_id] = shown
    return Change(was=was, now=now)


def plan_change(member: Member, change: Change, *, at: datetime) -> Plan:
    """What will happen to one registration: each chosen contact gets the new values, unless it was
    changed or deleted after the review, or another contact has the new e-mail already."""
    why = member.refusal(Action.SAVE, at)
    if why:
        return cannot(member.explain(why))
    chosen = change.was.get(member.organization_id, {})
    edits: dict[UUID, ContactEdit] = {}
    lines: list[str] = []
    for contact_id, was in chosen.items():
        current = member.contacts.get(contact_id)
        problem = _problem(member, contact_id, was, change.now)
        if problem or current is None:
            return cannot(problem)
        if any(current[name] != value for name, value in change.now.items()):
            edits[contact_id] = ContactEdit(
                is_new=False,
                fields={
                    name: FieldEdit(was=current[name], now=value)
                    for name, value in change.now.items()
                },
            )
            lines += _lines(current, change.now)
    if not edits:
        return Plan(will=Will.NOTHING, lines=("Already so.",))
    return Plan(will=Will.CHANGE, lines=tuple(lines), contacts=edits)


def _problem(member: Member, contact_id: UUID, was: Values, now: Values) -> str:
    current = member.contacts.get(contact_id)
    if current is None:
        return "Somebody deleted this contact after your review."
    if any(current[name] not in {was[name], value} for name, value in now.items()):
        return "Somebody else changed this contact after your review."
    email = now.get("email", "").casefold()
    others = (values for key, values in member.contacts.items() if key != contact_id)
    if email and any(other["email"].casefold() == email for other in others):
        return "Another contact has the new e-mail already."
    return ""


def _lines(current: Values, now: Values) -> list[str]:
    lines = [name_of(current)]
    if "email" in now and current["email"] != now["email"]:
        lines.append(f"E-mail: {current['email'] or 'none'} becomes {now['email']}")
    before = show_with_extension(current["phone"], current["extension"])
    after = show_with_extension(
        now.get("phone", current["phone"]), now.get("extension", current["extension"])
    )
    if before != after:
        lines.append(f"Phone: {before or 'none'} becomes {after}")
    return lines


def show_with_extension(phone: str, extension: str) -> str:
    """A phone number with its extension, as people read it."""
    return f"{show_phone(phone)}, ext. {extension}" if extension else show_phone(phone)


def change_person(
    change: Change, *, offering: Offering, actor: Actor, received_at: datetime
) -> list[Outcome]:
    """Write the change into each registration, each in a transaction of its own.

    Raises ValueError for more than `plans.MAX_AT_ONCE` organizations.
    """
    return carry_out(
        lambda member: plan_change(member, change, at=received_at),
        organization_ids=list(change.was),
        offering=offering,
        actor=actor,
        received_at=received_at,
    )
