"""What a row of a registration sheet does to an organization's registration: decided once.

The plan is made when a sheet is checked, shown before anything is written, and executed as it was
shown. It holds each value with the one that stood there, so that nobody's words are overwritten
unseen (see `policy.registration.merge`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from organizations.enums import OrganizationKind
from registrations.enums import EnrollmentStatus, Missing
from registrations.policy.registration import (
    CONTACT_FIELDS,
    MAX_CONTACTS,
    REQUIRED_OF_A_CONTACT,
    missing_items,
)

SHEET_CONTACTS = 3
MAX_ROWS = 5_000
MAX_BYTES = 5_000_000
FIELD_LABELS = {
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail",
    "phone": "phone",
    "extension": "extension",
}
NEEDED = "Fill in the {} as well: this contact is new, and a new one has to be complete."
_STARTS_ANEW = {None, EnrollmentStatus.CANCELLED}


class Problem(NamedTuple):
    """Why a row can't be applied. `column` is empty when it is the row as a whole."""

    column: str
    value: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a sheet: which organization, and what is filled in; blanks are not filled in.

    `contacts` holds the sheet's places for contacts, in order, also the empty ones. `identifier`
    is as typed when the problems say that it is none.
    """

    number: int
    kind: OrganizationKind | None
    identifier: str
    size: str = ""
    contacts: Sequence[Mapping[str, str]] = ()
    problems: Sequence[Problem] = ()

    @property
    def is_filled_in(self) -> bool:
        """Whether the row says anything beyond which organization it is."""
        return bool(self.size) or any(map(_is_filled_in, self.contacts))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is stored for an organization: `contacts` by key, in their order on the page."""

    status: EnrollmentStatus | None
    size: str = ""
    contacts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ContactChange:
    """Fields of one contact: each with what stands there and what comes."""

    id: str
    is_new: bool
    name: str
    fields: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a row does. `missing`: what the registration still needs afterwards."""

    start: bool = False
    again: bool = False
    size: tuple[str, str] | None = None
    contacts: Sequence[ContactChange] = ()
    completes: bool = False
    missing: Sequence[Missing] = ()

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return self.start or self.size is not None or bool(self.contacts)

    def as_json(self) -> dict[str, Any]:
        """The plan as it is stored."""
        return {
            "start": self.start,
            "again": self.again,
            "size": self.size,
            "contacts": [
                {"id": c.id, "is_new": c.is_new, "name": c.name, "fields": c.fields}
                for c in self.contacts
            ],
            "completes": self.completes,
            "missing": list(self.missing),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Plan":
        """The plan that was stored."""
        return cls(
            start=stored["start"],
            again=stored["again"],
            size=tuple(stored["size"]) if stored["size"] else None,
            contacts=[
                ContactChange(
                    id=change["id"],
                    is_new=change["is_new"],
                    name=change["name"],
                    fields={name: (was, now) for name, (was, now) in change["fields"].items()},
                )
                for change in stored["contacts"]
            ],
            completes=stored["completes"],
            missing=[Missing(item) for item in stored["missing"]],
        )


def make_plan(
    line: Line, standing: Standing, *, new_key: Callable[[], str]
) -> tuple[Plan, list[Problem]]:
    """What the row does to what is stored, and why it can't be done, if so.

    A row in which nothing is filled in does nothing, so that a downloaded sheet can be uploaded
    with only some rows filled in. `new_key` gives the key of a contact that doesn't exist yet.
    """
    start = standing.status in _STARTS_ANEW and line.is_filled_in
    # What is registered again is asked for its size anew.
    size_now = "" if standing.status in _STARTS_ANEW else standing.size
    size = (size_now, line.size) if line.size and line.size != size_now else None
    changes, problems = _contact_changes(line, standing, new_key)
    after = {key: dict(values) for key, values in standing.contacts.items()}
    for change in changes:
        contact = after.setdefault(change.id, dict.fromkeys(CONTACT_FIELDS, ""))
        contact.update({name: now for name, (_, now) in change.fields.items()})
    if len(after) > MAX_CONTACTS:
        problems.append(Problem("", "", f"A registration has at most {MAX_CONTACTS} contacts."))
    missing = missing_items(size=line.size or size_now, contacts=after.values())
    plan = Plan(
        start=start,
        again=start and standing.status is not None,
        size=size,
        contacts=changes,
        completes=not missing and standing.status != EnrollmentStatus.COMPLETE,
        missing=missing,
    )
    return plan, problems


def _contact_changes(
    line: Line, standing: Standing, new_key: Callable[[], str]
) -> tuple[list[ContactChange], list[Problem]]:
    filled = {
        place: values for place, values in enumerate(line.contacts, 1) if _is_filled_in(values)
    }
    known = _matches(filled, standing.contacts)
    changes: list[ContactChange] = []
    problems: list[Problem] = []
    for place, values in filled.items():
        same = next((other for other in filled if other < place and filled[other] == values), None)
        if same:
            problems.append(Problem(f"contact_{place}", "", f"The same as contact {same}."))
        elif place in known:
            key = known[place]
            changes += _changed_contact(key, standing.contacts[key], values)
        elif gaps := [name for name in REQUIRED_OF_A_CONTACT if not values[name]]:
            problems += [
                Problem(f"contact_{place}_{name}", "", NEEDED.format(FIELD_LABELS[name]))
                for name in gaps
            ]
        else:
            changes.append(_new_contact(new_key(), values))
    return changes, problems


def _changed_contact(
    key: str, stored: Mapping[str, str], values: Mapping[str, str]
) -> list[ContactChange]:
    """The filled-in fields that differ; nothing where none does."""
    fields = {
        name: (stored[name], value)
        for name, value in values.items()
        if value and value != stored[name]
    }
    if not fields:
        return []
    name = f"{stored['first_name']} {stored['last_name']}".strip()
    return [ContactChange(id=key, is_new=False, name=name, fields=fields)]


def _new_contact(key: str, values: Mapping[str, str]) -> ContactChange:
    return ContactChange(
        id=key,
        is_new=True,
        name=f"{values['first_name']} {values['last_name']}",
        fields={name: ("", value) for name, value in values.items() if value},
    )


def _matches(
    filled: Mapping[int, Mapping[str, str]], stored: Mapping[str, Mapping[str, str]]
) -> dict[int, str]:
    """Which stored contact each place of the row means; the surest pairs first, each one once."""
    names = [_name(values) for values in stored.values()]
    pairs = []
    for place, values in filled.items():
        for order, (key, contact) in enumerate(stored.items()):
            rank = _likeness(values, contact, name_is_unique=names.count(_name(contact)) == 1)
            if rank is not None:
                pairs.append((rank, place, order, key))
    found: dict[int, str] = {}
    for _, place, _, key in sorted(pairs):
        if place not in found and key not in found.values():
            found[place] = key
    return found


def _likeness(
    values: Mapping[str, str], contact: Mapping[str, str], *, name_is_unique: bool
) -> int | None:
    """How surely the row means this contact: 0 is the surest, None not at all."""
    is_same = all(contact[name] == value for name, value in values.items() if value)
    has_mail = bool(values["email"])
    if is_same and has_mail:
        return 0
    if has_mail and values["email"].casefold() == contact["email"].casefold():
        return 1
    if is_same:
        return 2
    if all(_name(values)) and _name(values) == _name(contact) and name_is_unique:
        return 3
    return None


def _name(values: Mapping[str, str]) -> tuple[str, str]:
    return values["first_name"].casefold(), values["last_name"].casefold()


def _is_filled_in(values: Mapping[str, str]) -> bool:
    return any(values.values())
