"""A contact on the Register for CAHPS page: a card that folds, with the contact's fields in it."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from qpp_registration.drawn import DrawnOnce
from qpp_registration.phones import show_phone
from registrations.forms.register import ContactForm, Shown, prefix_of, shown_to_people
from registrations.models import Contact
from registrations.policy.registration import CONTACT_FIELDS, is_complete_contact

NOTHING = dict.fromkeys(CONTACT_FIELDS, "")
FIELDS = "registrations/parts/contact_fields.html"


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The pages about one contact: deleting it, having it elsewhere too, changing it everywhere."""

    delete: str
    apply: str
    change: str


@dataclass(kw_only=True)
class Card:
    """A contact on the page. `is_stored`: there is a row, so it can be deleted.

    `typed`: the form that came back, if one did. `typed_beside`: what another page showed when
    this was typed (see `RegisterPage.again`).
    """

    id: UUID
    number: int
    shown: Shown
    is_stored: bool
    is_complete: bool
    name: str
    typed: ContactForm | None = None
    typed_beside: Shown | None = None
    addresses: Addresses | None = None

    @property
    def note(self) -> str:
        """The signed note for the hidden field."""
        return (self.typed_beside or self.shown).sign()

    @property
    def shown_phone(self) -> str:
        """The stored phone number with its extension."""
        phone, extension = self.shown.values["phone"], self.shown.values["extension"]
        return f"{show_phone(phone)}, ext. {extension}" if extension else show_phone(phone)

    @property
    def prefix(self) -> str:
        """The start of the names of its fields."""
        return prefix_of(self.id)

    @cached_property
    def form(self) -> ContactForm:
        """What was typed; else what is stored, or is offered for a new contact."""
        initial = shown_to_people(self.shown.values) if self.is_stored else self.shown.offered
        return self.typed or ContactForm(initial=initial, prefix=self.prefix)

    @property
    def errors(self) -> Mapping[str, Any]:
        """What is wrong with what was typed, by field."""
        return self.typed.errors if self.typed else {}

    @property
    def is_open(self) -> bool:
        """A complete contact folds, unless something in it is to be mended or isn't stored."""
        return not self.is_complete or bool(self.errors) or self._has_unsaved

    @property
    def _has_unsaved(self) -> bool:
        stored = shown_to_people(self.shown.values)
        return self.typed is not None and any(
            (self.typed[name].data or "") != stored[name] for name in CONTACT_FIELDS
        )

    @property
    def fields(self) -> SafeString:
        """All that can be filled in. As stored it looks the same in every card, but for texts."""
        if self.typed or not (self.is_stored and self.addresses):
            return render_to_string(FIELDS, {"card": self})
        return _AS_STORED.fill(
            prefix=self.prefix,
            number=str(self.number),
            name=self.name,
            note=self.note,
            delete=self.addresses.delete,
            **shown_to_people(self.shown.values),
        )


def _any_card(blank: Callable[[str], str]) -> dict[str, Any]:
    """What the template needs of a card, with blanks instead of texts."""
    values = {name: blank(name) for name in CONTACT_FIELDS}
    return {
        "card": {
            "is_stored": True,
            "form": ContactForm(initial=values, prefix=blank("prefix")),
            "addresses": {"delete": blank("delete")},
            **{name: blank(name) for name in ("prefix", "number", "name", "note")},
        }
    }


_AS_STORED = DrawnOnce(FIELDS, _any_card)


def stored_card(number: int, contact: Contact, typed: ContactForm | None = None) -> Card:
    """The card of a contact that has a row."""
    return Card(
        id=contact.pk,
        number=number,
        typed=typed,
        shown=note_of(contact),
        is_stored=True,
        is_complete=is_complete_contact(contact.values()),
        name=str(contact),
    )


def new_card(number: int, offered: Mapping[str, str]) -> Card:
    """The card of a contact to be, with what the page suggests for it."""
    contact_id = uuid.uuid4()
    return Card(
        id=contact_id,
        number=number,
        shown=new_note(prefix_of(contact_id), offered),
        is_stored=False,
        is_complete=False,
        name=" ".join(offered.values()),
    )


def unstored_card(
    number: int, contact_id: UUID, form: ContactForm, shown: Shown, *, gone: bool
) -> Card:
    """A contact that was typed but has no row. One that somebody deleted gets a new identity, so
    that saving again adds it again."""
    if gone:
        contact_id = uuid.uuid4()
        prefix = prefix_of(contact_id)
        typed = {name: form[name].data or "" for name in CONTACT_FIELDS}
        form = ContactForm({f"{prefix}-{name}": typed[name] for name in typed}, prefix=prefix)
        form.add_error(
            "first_name",
            "Somebody else deleted this contact. Save again to add it as a new one.",
        )
        shown = new_note(prefix)
    return Card(
        id=contact_id,
        number=number,
        typed=form,
        shown=shown,
        is_stored=False,
        is_complete=False,
        name="",
    )


def note_of(contact: Contact) -> Shown:
    """The note for the form of a stored contact."""
    return Shown(section=prefix_of(contact.pk), is_new=False, values=contact.values(), offered={})


def new_note(prefix: str, offered: Mapping[str, str] = MappingProxyType({})) -> Shown:
    """The note for the form of a new contact."""
    return Shown(section=prefix, is_new=True, values=NOTHING, offered=dict(offered))
