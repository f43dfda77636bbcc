"""The page on which many organizations get their sizes and one set of contacts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import QueryDict

from accounts.models import User
from organizations.enums import OrganizationSize
from registrations.forms.information import ASKS
from registrations.forms.notes import as_keys
from registrations.forms.register import ContactForm, shown_to_people
from registrations.many.members import Member
from registrations.many.register import MAX_SHARED_CONTACTS, SizeChoice
from registrations.policy.contact_plans import Values
from registrations.policy.registration import (
    CONTACT_FIELDS,
    REQUIRED_OF_A_CONTACT,
    is_complete_contact,
)

ERRORS_LISTED = 10
_BLANK = dict.fromkeys(CONTACT_FIELDS, "")


@dataclass(kw_only=True)
class SizeRow:
    """An organization on the page: whether it takes part, and its size. `error` beside it."""

    member: Member
    chosen: bool
    size: str
    error: str = ""

    @property
    def key(self) -> UUID:
        """The organization's key."""
        return self.member.organization_id

    @property
    def target(self) -> str:
        """The id of its first size."""
        return f"size-{self.key}-0"


@dataclass(kw_only=True)
class SharedContact:
    """One of the contacts for all. `offered`: what the page suggested for it."""

    number: int
    form: ContactForm
    offered: Mapping[str, str]

    @property
    def is_blank(self) -> bool:
        """Whether it is left as the page offered it, or empty."""
        typed = {name: (self.form[name].value() or "").strip() for name in CONTACT_FIELDS}
        return typed == _BLANK or typed == {**_BLANK, **self.offered}

    @property
    def values(self) -> Values:
        """The valid values."""
        return {name: self.form.cleaned_data.get(name, "") for name in CONTACT_FIELDS}

    def require_all(self) -> None:
        """A contact for many is complete or left out."""
        for name in REQUIRED_OF_A_CONTACT:
            if name not in self.form.errors and not self.form.cleaned_data.get(name):
                self.form.add_error(name, ASKS[name])


@dataclass(kw_only=True)
class SizesAndContacts:
    """What stands on the page, as it came or as it begins."""

    rows: list[SizeRow]
    same_size: str
    contacts: list[SharedContact]
    problem: str = ""
    sizes: list[tuple[str, str]] = field(
        default_factory=lambda: [(size.value, size.label) for size in OrganizationSize]
    )

    max_contacts = MAX_SHARED_CONTACTS

    @classmethod
    def fresh(cls, members: Collection[Member], user: User) -> "SizesAndContacts":
        """The page as it begins: sizes that were chosen before, and the official's own name."""
        return cls(
            rows=[SizeRow(member=m, chosen=True, size=m.chosen_size) for m in members],
            same_size="",
            contacts=[_contact(0, {}, user)],
        )

    @classmethod
    def read(cls, data: QueryDict, members: Collection[Member], user: User) -> "SizesAndContacts":
        """The page as it came back."""
        chosen = set(as_keys(data.getlist("organization")))
        same = _size(data.get("same_size"))
        number = _number_of_contacts(data) + ("add_contact" in data)
        return cls(
            rows=[
                SizeRow(
                    member=member,
                    chosen=member.organization_id in chosen,
                    size=(
                        same
                        if same and "set_all" in data
                        else _size(data.get(f"size-{member.organization_id}"))
                    ),
                )
                for member in members
            ],
            same_size=same,
            contacts=[
                _contact(place, _typed(data, place), user)
                for place in range(min(max(number, 1), MAX_SHARED_CONTACTS))
            ],
        )

    @classmethod
    def again(
        cls,
        members: Collection[Member],
        user: User,
        *,
        sizes: Mapping[UUID, SizeChoice],
        contacts: Collection[Values],
    ) -> "SizesAndContacts":
        """The page as it was before the review."""
        return cls(
            rows=[
                SizeRow(
                    member=member,
                    chosen=member.organization_id in sizes,
                    size=(
                        sizes[member.organization_id].now
                        if member.organization_id in sizes
                        else member.chosen_size
                    ),
                )
                for member in members
            ],
            same_size="",
            contacts=[
                _contact(place, shown_to_people(values), user)
                for place, values in enumerate(contacts or [_BLANK])
            ],
        )

    @property
    def chosen(self) -> list[SizeRow]:
        """The organizations that take part."""
        return [row for row in self.rows if row.chosen]

    @property
    def has_room(self) -> bool:
        """Whether another contact can be added."""
        return len(self.contacts) < MAX_SHARED_CONTACTS

    def check(self) -> bool:
        """Whether everything needed is there; tells at each field what isn't.

        A row without a size gets the same size for all, where one is chosen.
        """
        if not self.chosen:
            self.problem = "Tick at least one of the organizations."
        for row in self.chosen:
            row.size = row.size or self.same_size
            if not row.size:
                row.error = f"Choose the size of {row.member.name}."
        self._check_contacts()
        return not self.errors

    def _check_contacts(self) -> None:
        seen: dict[str, int] = {}
        needed = any(not _has_complete(row.member) for row in self.chosen)
        only = all(contact.is_blank for contact in self.contacts)
        for contact in self.contacts:
            contact.form.is_valid()
            if not contact.is_blank or (needed and only and contact.number == 1):
                contact.require_all()
            email = contact.values["email"].casefold()
            if email and not contact.is_blank:
                if email in seen:
                    contact.form.add_error("email", f"Contact {seen[email]} has this e-mail.")
                seen.setdefault(email, contact.number)

    @property
    def shared(self) -> tuple[Values, ...]:
        """The contacts for all, once checked."""
        return tuple(contact.values for contact in self.contacts if not contact.is_blank)

    @property
    def choices(self) -> dict[UUID, SizeChoice]:
        """The sizes, once checked, with the ones that stand now."""
        return {
            row.key: SizeChoice(was=row.member.chosen_size, now=row.size) for row in self.chosen
        }

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Every error with the id of its field, in the order of the page."""
        found = [(self.problem, "")] if self.problem else []
        rows = [(row.error, row.target) for row in self.rows if row.error]
        found += rows[:ERRORS_LISTED]
        if len(rows) > ERRORS_LISTED:
            more = f"Choose a size for {len(rows) - ERRORS_LISTED} more, or the same for all."
            found.append((more, "same-size-0"))
        for contact in self.contacts:
            for name, messages in contact.form.errors.items():
                target = contact.form[name].auto_id
                found += [(f"Contact {contact.number}: {text}", target) for text in messages]
        return found


def _has_complete(member: Member) -> bool:
    return any(is_complete_contact(values) for values in member.contacts.values())


def _size(text: Any) -> str:
    return str(text) if text in OrganizationSize.values else ""


def _number_of_contacts(data: QueryDict) -> int:
    text = data.get("contacts", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1


def _typed(data: QueryDict, place: int) -> dict[str, str]:
    return {name: data.get(f"contact-{place}-{name}", "") for name in CONTACT_FIELDS}


def _contact(place: int, typed: Mapping[str, str], user: User) -> SharedContact:
    """The form in that place; the first one suggests the official's own name."""
    offered = {} if place else {"first_name": user.first_name, "last_name": user.last_name}
    prefix = f"contact-{place}"
    values = typed or offered
    data = {f"{prefix}-{name}": values.get(name, "") for name in CONTACT_FIELDS}
    return SharedContact(number=place + 1, form=ContactForm(data, prefix=prefix), offered=offered)
