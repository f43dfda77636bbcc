"""What adding people to a registration's contacts comes to, as a function of plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from registrations.policy.registration import CONTACT_FIELDS, MAX_CONTACTS, is_complete_contact

Values = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ContactPlan:
    """What becomes of each wanted contact.

    `added`: new ones by their key. `filled`: contacts with the same e-mail that lack something,
    with what they get. `there`: those that stand there already and lack nothing. `afterwards`: all
    contacts of the registration by then.
    """

    added: Mapping[UUID, Values]
    filled: Mapping[UUID, Values]
    there: tuple[Values, ...]
    afterwards: Mapping[UUID, Values]

    @property
    def too_many(self) -> bool:
        """Whether a registration has no room for them."""
        return bool(self.added) and len(self.afterwards) > MAX_CONTACTS

    @property
    def changes_something(self) -> bool:
        """Whether there is something to write."""
        return bool(self.added or self.filled)

    @property
    def has_complete_contact(self) -> bool:
        """Whether afterwards one contact is complete (2023 guide, II)."""
        return any(is_complete_contact(values) for values in self.afterwards.values())


def plan_contacts(
    stored: Mapping[UUID, Values], wanted: Iterable[Values], *, batch: UUID, organization_id: UUID
) -> ContactPlan:
    """Add who isn't there yet: the same e-mail, in any case, is the same person.

    Nothing that is stored is overwritten; a contact that lacks something gets it. The key of a new
    one follows from batch, organization and e-mail, so that a repeat is the same contact.
    """
    added: dict[UUID, Values] = {}
    filled: dict[UUID, Values] = {}
    there = []
    now = dict(stored)
    for values in wanted:
        key = contact_key(batch, organization_id, values["email"])
        known = key if key in stored else _same_person(now, values)
        if known is None:
            added[key] = now[key] = values
        elif known in stored and (lacking := _lacking(now[known], values)):
            filled[known] = lacking
            now[known] = {**now[known], **lacking}
        else:
            there.append(values)
    return ContactPlan(added=added, filled=filled, there=tuple(there), afterwards=now)


def contact_key(batch: UUID, organization_id: UUID, email: str) -> UUID:
    """The key of the contact that this batch adds to the organization."""
    return uuid5(batch, f"{organization_id}:{email.casefold()}")


def _same_person(stored: Mapping[UUID, Values], values: Values) -> UUID | None:
    email = values["email"].casefold()
    return next((key for key, other in stored.items() if other["email"].casefold() == email), None)


def _lacking(stored: Values, values: Values) -> dict[str, str]:
    """What the stored contact gets; an extension belongs to its phone."""
    names = [name for name in CONTACT_FIELDS if name != "extension" or not stored["phone"]]
    return {name: values[name] for name in names if values[name] and not stored[name]}


def name_of(values: Values) -> str:
    """A contact's name, or the e-mail where there is none."""
    return f"{values['first_name']} {values['last_name']}".strip() or values["email"]


def in_words(plan: ContactPlan) -> tuple[str, ...]:
    """The plan, a line for each thing that happens."""
    lines = []
    if plan.added:
        lines.append(f"New contact: {_names(plan.added.values())}")
    if plan.filled:
        names = _names(plan.afterwards[key] for key in plan.filled)
        lines.append(f"Already there, and completed: {names}")
    if plan.there:
        lines.append(f"Already there: {_names(plan.there)}")
    return tuple(lines)


def _names(contacts: Iterable[Values]) -> str:
    return ", ".join(name_of(values) for values in contacts)
