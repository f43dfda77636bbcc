"""The pages with *Update*: organization information, and one contact (2022 guide, IV.4 to IV.7).

Each is drawn afresh, or again with what was typed: after a refusal, beside what somebody else
stored meanwhile, or after signing in anew.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from django.http import QueryDict

from registrations.details.edits import ContactEdit, Saved
from registrations.forms.card import new_note, note_of
from registrations.forms.information import InformationForm, UpdateContactForm
from registrations.forms.page import Clash, clash_of
from registrations.forms.register import Shown, prefix_of, shown_to_people
from registrations.forms.submission import contact_keys, undecided
from registrations.models import Contact, Registration
from registrations.policy.registration import CONTACT_FIELDS

UPDATE = "Update"
INFORMATION = "information"
GONE = "Somebody else deleted this contact. Press Update to add it as a new one."


@dataclass(kw_only=True)
class InformationPage:
    """Organization Information. `note`: signed, of what it shows."""

    form: InformationForm
    note: str
    clashes: list[Clash] = field(default_factory=list)
    is_unsaved: bool = False

    @classmethod
    def fresh(cls, registration: Registration) -> "InformationPage":
        """The page as stored."""
        return cls(
            form=InformationForm(initial=registration.information()),
            note=_information_shown(registration).sign(),
        )

    @classmethod
    def after(
        cls, registration: Registration, sent: "SentInformation", saved: Saved
    ) -> "InformationPage":
        """The page when not everything could be stored: what was typed stays in its field."""
        sent.form.refresh_untouched(sent.shown, registration.information())
        sent.form.full_clean()
        page = cls(form=sent.form, note=_information_shown(registration).sign())
        page.clashes = [clash_of(report, sent.form, button=UPDATE) for report in saved.conflicts]
        return page

    @classmethod
    def again(cls, sent: "SentInformation") -> "InformationPage":
        """The page with what was typed before the person was signed out."""
        return cls(form=sent.form, note=sent.shown.sign(), is_unsaved=True)


@dataclass(frozen=True)
class SentInformation:
    """What came back from the page, and what it had shown."""

    form: InformationForm
    shown: Shown

    @classmethod
    def read(cls, data: QueryDict) -> "SentInformation":
        """From the fields of the request."""
        shown = Shown.read(INFORMATION, str(data.get("information-shown", "")))
        return cls(InformationForm(data), shown.without(undecided(data)))


@dataclass(kw_only=True)
class ContactPage:
    """One contact. `is_gone`: somebody deleted it; what was typed can be added as a new one."""

    id: UUID
    form: UpdateContactForm
    note: str
    clashes: list[Clash] = field(default_factory=list)
    is_unsaved: bool = False
    is_gone: bool = False

    @property
    def note_name(self) -> str:
        """The name of the hidden field with the note."""
        return f"{prefix_of(self.id)}-shown"

    @classmethod
    def fresh(cls, contact: Contact) -> "ContactPage":
        """A stored contact."""
        values = shown_to_people(contact.values())
        form = UpdateContactForm(initial=values, prefix=prefix_of(contact.pk))
        return cls(id=contact.pk, form=form, note=note_of(contact).sign())

    @classmethod
    def new(cls, offered: Mapping[str, str] = MappingProxyType({})) -> "ContactPage":
        """An empty form. `offered`: names to begin with; no row is written before *Update*."""
        key = uuid.uuid4()
        form = UpdateContactForm(initial=offered, prefix=prefix_of(key))
        return cls(id=key, form=form, note=new_note(prefix_of(key), offered).sign())

    @classmethod
    def after(cls, contact: Contact | None, sent: "SentContact", saved: Saved) -> "ContactPage":
        """The page when not everything could be stored: what was typed stays in its field."""
        if (contact is None and not sent.shown.is_new) or sent.id in saved.gone:
            return cls._gone(sent)
        page = cls(id=sent.id, form=sent.form, note=sent.shown.sign())
        if contact:
            sent.form.refresh_untouched(sent.shown, contact.values())
            sent.form.full_clean()
            page.note = note_of(contact).sign()
        page.clashes = [clash_of(report, sent.form, button=UPDATE) for report in saved.conflicts]
        return page

    @classmethod
    def again(cls, sent: "SentContact") -> "ContactPage":
        """The page with what was typed before the person was signed out."""
        return cls(id=sent.id, form=sent.form, note=sent.shown.sign(), is_unsaved=True)

    @classmethod
    def _gone(cls, sent: "SentContact") -> "ContactPage":
        """The same words under a new identity: an old one is never revived."""
        page = cls.new()
        prefix = prefix_of(page.id)
        typed = {f"{prefix}-{name}": sent.form[name].data or "" for name in CONTACT_FIELDS}
        page.form, page.is_gone = UpdateContactForm(typed, prefix=prefix), True
        page.form.add_error("first_name", GONE)
        return page


@dataclass(frozen=True)
class SentContact:
    """The contact that came back from a page, and what it had shown."""

    id: UUID
    form: UpdateContactForm
    shown: Shown

    @classmethod
    def read(cls, data: QueryDict) -> "SentContact":
        """From the fields of the request; a contact of its own where there is none in them."""
        key = next(iter(contact_keys(data)), None) or uuid.uuid4()
        prefix = prefix_of(key)
        shown = Shown.read(prefix, str(data.get(f"{prefix}-shown", "")))
        open_ = undecided(data)
        names = {name for name in CONTACT_FIELDS if f"{prefix}-{name}" in open_}
        return cls(key, UpdateContactForm(data, prefix=prefix), shown.without(names))

    def edit(self) -> ContactEdit:
        """For `update_details`; the form is valid."""
        return self.form.edit(self.shown)


def _information_shown(registration: Registration) -> Shown:
    return Shown(section=INFORMATION, is_new=False, values=registration.information(), offered={})
