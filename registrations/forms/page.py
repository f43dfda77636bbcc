"""The Register for CAHPS page as a whole: a size form and a card for each contact.

The same page is drawn afresh (`RegisterPage.fresh`) and after a save in which something could not
be stored (`RegisterPage.after`), with everything that was typed still in its field.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms
from django.urls import reverse

from accounts.models import User
from organizations.enums import OrganizationSize
from qpp_registration.addresses import addresses_of
from qpp_registration.phones import show_phone
from registrations.details.edits import FieldReport, Saved
from registrations.enums import Product
from registrations.forms.card import Addresses, Card, new_card, stored_card, unstored_card
from registrations.forms.register import Shown, SizeForm, prefix_of
from registrations.forms.submission import Submission
from registrations.forms.todos import Todo, title_of, todos_of
from registrations.models import Contact, Registration
from registrations.policy.registration import MAX_CONTACTS, is_complete_contact
from registrations.words.reasons import needs_contact_sentence


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
class RegisterPage:
    """Everything that the page shows of size and contacts."""

    size_form: SizeForm
    size_note: str
    cards: list[Card]
    todos: list[Todo]
    complete_contacts: int
    clashes: list[Clash] = field(default_factory=list)
    is_unsaved: bool = False

    @classmethod
    def fresh(
        cls, registration: Registration, contacts: Iterable[Contact], *, user: User, add: bool
    ) -> "RegisterPage":
        """The page as stored. A new contact's form is there when `add`ing or when there is none;
        the first one suggests the official's own name (2022 guide, IV.6)."""
        stored = list(contacts)
        cards = [stored_card(number, contact) for number, contact in enumerate(stored, 1)]
        if add or not stored:
            offered = {"first_name": user.first_name, "last_name": user.last_name}
            cards.append(new_card(len(cards) + 1, {} if stored else offered))
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
            cards.append(stored_card(number, contact, form))
        for contact_id, (form, shown) in submission.contacts.items():
            if contact_id not in stored and (shown.is_new or form.is_touched(shown)):
                gone = contact_id in saved.gone
                cards.append(unstored_card(len(cards) + 1, contact_id, form, shown, gone=gone))
        if submission.size:
            size_form, shown = submission.size
            size_form.refresh_untouched(shown, registration.size)
        else:
            size_form = SizeForm(initial={"size": registration.size})
        page = cls._of(registration, list(stored.values()), size_form, cards)
        page._tell(saved)
        return page

    @classmethod
    def again(
        cls, registration: Registration, contacts: Iterable[Contact], submission: Submission
    ) -> "RegisterPage":
        """The page with what was typed before the person was signed out. Nothing is saved yet.

        The notes are those of the page on which it was typed: what somebody else stored since then
        is a conflict as ever.
        """
        page = cls.after(registration, contacts, submission, Saved())
        page.is_unsaved = True
        if submission.size:
            page.size_note = submission.size[1].sign()
        for card in page.cards:
            if card.id in submission.contacts:
                card.typed_beside = submission.contacts[card.id][1]
        return page

    @classmethod
    def _of(
        cls,
        registration: Registration,
        stored: list[Contact],
        size_form: SizeForm,
        cards: list[Card],
    ) -> "RegisterPage":
        return cls(
            size_form=size_form,
            size_note=size_note(registration).sign(),
            cards=cards,
            todos=todos_of(
                size=registration.size,
                contacts=stored,
                empty_form=next((prefix_of(card.id) for card in cards if not card.is_stored), ""),
            ),
            complete_contacts=sum(is_complete_contact(contact.values()) for contact in stored),
        )

    def _tell(self, saved: Saved) -> None:
        """Put what couldn't be stored beside its field."""
        by_id = {card.id: card for card in self.cards}
        for report in saved.kept:
            if report.contact:
                kept = by_id[report.contact].form
                kept.add_error(
                    report.field,
                    needs_contact_sentence(
                        str(kept[report.field].label), show(report.field, report.stored)
                    ),
                )
        for report in saved.conflicts:
            form: forms.Form = self.size_form
            if report.contact:
                form = by_id[report.contact].form
            self.clashes.append(clash_of(report, form, button="Save"))

    def give_addresses(self, registration: Registration, product: Product) -> None:
        """Say where the pages about each contact are."""
        of = {"registration_id": registration.pk, "product": product}
        delete = addresses_of("delete_contact", "contact_id", **of)
        apply = addresses_of("apply_contact", "contact_id", **of)
        change = reverse("change_person", kwargs={"year": registration.year_id, "product": product})
        for card in self.cards:
            card.addresses = Addresses(
                delete=delete(card.id), apply=apply(card.id), change=f"{change}?contact={card.id}"
            )

    max_contacts = MAX_CONTACTS

    @property
    def empty_form(self) -> str:
        """The prefix of a new contact's form; empty when there is none."""
        return next((prefix_of(card.id) for card in self.cards if not card.is_stored), "")

    @property
    def todos_title(self) -> str:
        """The heading over what is missing."""
        return title_of(self.todos)

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
            for name, messages in card.errors.items():
                where = f"Contact {card.number}: " if len(self.cards) > 1 else ""
                found += [(f"{where}{text}", card.form[name].auto_id) for text in messages]
        return found


def clash_of(report: FieldReport, form: forms.Form, *, button: str) -> Clash:
    """Both values of a field that somebody else changed; the field gets an error that says so."""
    bound = form[report.field]
    theirs = show(report.field, report.stored) or "nothing"
    form.add_error(
        report.field, f"{report.by} changed this to {theirs}. {button} again to keep yours."
    )
    return Clash(
        name=bound.html_name,
        label=str(bound.label),
        theirs=theirs,
        mine=show(report.field, bound.data or "") or "nothing",
        stored=report.stored,
        by=report.by,
    )


def size_note(registration: Registration) -> Shown:
    """The note for the form of the size."""
    return Shown(section="size", is_new=False, values={"size": registration.size}, offered={})


def show(name: str, value: str) -> str:
    """A stored value as people read it."""
    if name == "size":
        return dict(OrganizationSize.choices).get(value, value)
    return show_phone(value) if name == "phone" else value
