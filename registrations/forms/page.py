"""The Register for CAHPS page as a whole: a size form and a card for each contact.

The same page is drawn afresh (`RegisterPage.fresh`) and after a save in which something could not
be stored (`RegisterPage.after`), with everything that was typed still in its field.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django import forms
from django.http import QueryDict

from accounts.models import User
from organizations.enums import OrganizationSize
from qpp_registration.phones import show_phone
from registrations.forms.register import (
    ContactForm,
    Shown,
    SizeForm,
    prefix_of,
    shown_to_people,
)
from registrations.models import Contact, Registration
from registrations.policy import (
    CONTACT_FIELDS,
    MAX_CONTACTS,
    REQUIRED_OF_A_CONTACT,
    is_complete_contact,
)
from registrations.save import ContactEdit, FieldEdit, Saved

_CONTACT_NOTE = re.compile(r"contact-([0-9a-f-]{36})-shown")
_BLANK = dict.fromkeys(CONTACT_FIELDS, "")


@dataclass(kw_only=True)
class Card:
    """A contact on the page. `is_stored`: there is a row, so it can be deleted."""

    id: UUID
    number: int
    form: ContactForm
    shown: Shown
    is_stored: bool
    is_complete: bool
    name: str

    @property
    def note(self) -> str:
        """The signed note for the hidden field."""
        return self.shown.sign()

    @property
    def shown_phone(self) -> str:
        """The stored phone number with its extension."""
        phone, extension = self.shown.values["phone"], self.shown.values["extension"]
        return f"{show_phone(phone)}, ext. {extension}" if extension else show_phone(phone)

    @property
    def is_open(self) -> bool:
        """A complete contact folds, unless something in it is to be mended or isn't stored."""
        return not self.is_complete or self.form.errors != {} or self._has_unsaved

    @property
    def _has_unsaved(self) -> bool:
        stored = shown_to_people(self.shown.values)
        return self.form.is_bound and any(
            (self.form[name].data or "") != stored[name] for name in CONTACT_FIELDS
        )


@dataclass(frozen=True, kw_only=True)
class Todo:
    """A line of *What is still missing*. `target`: id of the field that the line leads to."""

    text: str
    target: str
    note: str = ""
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A field that somebody else changed meanwhile: both values, and the field's name.

    `theirs` and `mine` are for reading; `stored` is what *Use theirs* puts into the field.
    """

    name: str
    label: str
    theirs: str
    mine: str
    stored: str
    by: str


@dataclass(kw_only=True)
class Submission:
    """What came back from the page, before it is saved."""

    size: tuple[SizeForm, Shown] | None
    contacts: dict[UUID, tuple[ContactForm, Shown]] = field(default_factory=dict)

    @classmethod
    def read(cls, data: QueryDict) -> "Submission":
        """The sections that are in the data, each with the note of what the page showed."""
        size, contacts = None, {}
        open_ = _undecided(data)
        if "size-shown" in data:
            size_shown = Shown.read("size", str(data["size-shown"]))
            size = (SizeForm(data), size_shown.without({"size"} & open_))
        for name in data:
            found = _CONTACT_NOTE.fullmatch(name)
            if found and (contact_id := _uuid(found[1])):
                prefix = prefix_of(contact_id)
                shown = Shown.read(prefix, str(data[f"{prefix}-shown"]))
                names = {name for name in CONTACT_FIELDS if f"{prefix}-{name}" in open_}
                contacts[contact_id] = (ContactForm(data, prefix=prefix), shown.without(names))
        return cls(size=size, contacts=contacts)

    def size_edit(self) -> FieldEdit | None:
        """The chosen size for `save`."""
        return self.size[0].edit(self.size[1]) if self.size else None

    def contact_edits(self) -> dict[UUID, ContactEdit]:
        """The valid fields of each contact for `save`."""
        return {key: form.edit(shown) for key, (form, shown) in self.contacts.items()}

    @property
    def has_errors(self) -> bool:
        """Whether some field isn't valid."""
        forms_: list[forms.Form] = [form for form, _ in self.contacts.values()]
        if self.size:
            forms_.append(self.size[0])
        return any(form.errors for form in forms_)


@dataclass(kw_only=True)
class RegisterPage:
    """Everything that the page shows of size and contacts."""

    size_form: SizeForm
    size_note: str
    cards: list[Card]
    todos: list[Todo]
    complete_contacts: int
    clashes: list[Clash] = field(default_factory=list)

    @classmethod
    def fresh(
        cls, registration: Registration, contacts: Iterable[Contact], *, user: User, add: bool
    ) -> "RegisterPage":
        """The page as stored. A new contact's form is there when `add`ing or when there is none;
        the first one suggests the official's own name (2022 guide, IV.6)."""
        stored = list(contacts)
        cards = [_stored_card(number, contact) for number, contact in enumerate(stored, 1)]
        if add or not stored:
            offered = {"first_name": user.first_name, "last_name": user.last_name}
            cards.append(_new_card(len(cards) + 1, {} if stored else offered))
        size_form = SizeForm(initial={"size": registration.size})
        return cls._of(registration, stored, size_form, cards)

    @classmethod
    def after(
        cls,
        registration: Registration,
        contacts: Iterable[Contact],
        submission: Submission,
        saved: Saved,
    ) -> "RegisterPage":
        """The page after a save: as stored now, with what was typed where it wasn't stored."""
        stored = {contact.pk: contact for contact in contacts}
        cards = []
        for number, contact in enumerate(stored.values(), 1):
            form = None
            if contact.pk in submission.contacts:
                form, shown = submission.contacts[contact.pk]
                form.refresh_untouched(shown, contact.values())
            cards.append(_stored_card(number, contact, form))
        for contact_id, (form, shown) in submission.contacts.items():
            if contact_id not in stored and (shown.is_new or form.is_touched(shown)):
                gone = contact_id in saved.gone
                cards.append(_unstored_card(len(cards) + 1, contact_id, form, shown, gone=gone))
        if submission.size:
            size_form, shown = submission.size
            size_form.refresh_untouched(shown, registration.size)
        else:
            size_form = SizeForm(initial={"size": registration.size})
        page = cls._of(registration, list(stored.values()), size_form, cards)
        page._tell(registration, stored, saved)
        return page

    @classmethod
    def _of(
        cls,
        registration: Registration,
        stored: list[Contact],
        size_form: SizeForm,
        cards: list[Card],
    ) -> "RegisterPage":
        shown = Shown(section="size", is_new=False, values={"size": registration.size}, offered={})
        return cls(
            size_form=size_form,
            size_note=shown.sign(),
            cards=cards,
            todos=_todos(registration, cards),
            complete_contacts=sum(is_complete_contact(contact.values()) for contact in stored),
        )

    def _tell(
        self, registration: Registration, stored: Mapping[UUID, Contact], saved: Saved
    ) -> None:
        """Put what couldn't be stored beside its field."""
        by_id = {card.id: card for card in self.cards}
        for report in saved.kept:
            if report.contact:
                kept = by_id[report.contact].form
                kept.add_error(
                    report.field,
                    f"{kept[report.field].label} not saved: a complete registration needs one "
                    f"complete contact. We still have {_show(report.field, report.stored)}.",
                )
        for report in saved.conflicts:
            form: forms.Form = self.size_form
            if report.contact:
                form = by_id[report.contact].form
            by = stored[report.contact].changed_by if report.contact else registration.changed_by
            bound = form[report.field]
            mine = bound.data or ""
            self.clashes.append(
                Clash(
                    name=bound.html_name,
                    label=str(bound.label),
                    theirs=_show(report.field, report.stored) or "nothing",
                    mine=_show(report.field, mine) or "nothing",
                    stored=report.stored,
                    by=by,
                )
            )
            form.add_error(
                report.field,
                f"{by} changed this to {_show(report.field, report.stored) or 'nothing'}. "
                f"Save again to keep yours.",
            )

    max_contacts = MAX_CONTACTS

    @property
    def nothing_missing(self) -> bool:
        """Whether every line of *What is still missing* is done."""
        return all(todo.done for todo in self.todos)

    @property
    def has_stored_contacts(self) -> bool:
        """Whether there is a contact already, complete or not."""
        return any(card.is_stored for card in self.cards)

    @property
    def has_room(self) -> bool:
        """Whether another contact can be added."""
        return len(self.cards) < MAX_CONTACTS

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Every error with the id of its field, in the order of the page."""
        found = []
        for name, messages in self.size_form.errors.items():
            found += [(str(text), f"{self.size_form[name].auto_id}_0") for text in messages]
        for card in self.cards:
            for name, messages in card.form.errors.items():
                where = f"Contact {card.number}: " if len(self.cards) > 1 else ""
                found += [(f"{where}{text}", card.form[name].auto_id) for text in messages]
        return found


def _stored_card(number: int, contact: Contact, form: ContactForm | None = None) -> Card:
    values = contact.values()
    prefix = prefix_of(contact.pk)
    return Card(
        id=contact.pk,
        number=number,
        form=form or ContactForm(initial=shown_to_people(values), prefix=prefix),
        shown=Shown(section=prefix, is_new=False, values=values, offered={}),
        is_stored=True,
        is_complete=is_complete_contact(values),
        name=str(contact),
    )


def _new_card(number: int, offered: Mapping[str, str]) -> Card:
    contact_id = uuid.uuid4()
    prefix = prefix_of(contact_id)
    return Card(
        id=contact_id,
        number=number,
        form=ContactForm(initial=offered, prefix=prefix),
        shown=Shown(section=prefix, is_new=True, values=_BLANK, offered=offered),
        is_stored=False,
        is_complete=False,
        name=" ".join(offered.values()),
    )


def _unstored_card(
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
        shown = Shown(section=prefix, is_new=True, values=_BLANK, offered={})
    return Card(
        id=contact_id,
        number=number,
        form=form,
        shown=shown,
        is_stored=False,
        is_complete=False,
        name="",
    )


def _todos(registration: Registration, cards: list[Card]) -> list[Todo]:
    """What is missing, unfinished contacts first, each leading to its field."""
    unfinished = [card for card in cards if card.is_stored and not card.is_complete]
    todos = []
    for card in unfinished:
        for name in REQUIRED_OF_A_CONTACT:
            if not card.shown.values[name]:
                bound = card.form[name]
                todos.append(
                    Todo(
                        text=f"{bound.label} of contact {card.number}",
                        target=bound.auto_id,
                        note=f"Until then, {card.name or 'this contact'} gets no updates.",
                    )
                )
    todos.append(Todo(text="Organization Size", target="id_size_0", done=bool(registration.size)))
    any_complete = any(card.is_complete for card in cards)
    first_open = next((card for card in cards if not card.is_complete), None)
    target = first_open.form["first_name"].auto_id if first_open else ""
    todos.append(Todo(text="One complete contact", target=target, done=any_complete))
    return todos


def _undecided(data: QueryDict) -> set[str]:
    """The names of fields that clashed and about which no button was pressed yet.

    *Keep mine* and *Use theirs* decide about one field; *Save* keeps all that was typed.
    """
    if "use_theirs" in data:
        decided = str(data["use_theirs"]).partition("=")[0]
    elif "keep_mine" in data:
        decided = str(data["keep_mine"])
    else:
        return set()
    clashes = {name.removeprefix("clash-") for name in data if name.startswith("clash-")}
    return clashes - {decided}


def _show(name: str, value: str) -> str:
    if name == "size":
        return dict(OrganizationSize.choices).get(value, value)
    return show_phone(value) if name == "phone" else value


def _uuid(text: str) -> UUID | None:
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None
