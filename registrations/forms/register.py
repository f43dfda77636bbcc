"""The forms of the Register for CAHPS page: the size, and one for each contact.

Each carries a signed note of what the page showed (`shown`), so that what comes back can be told
from what somebody else stored meanwhile.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing

from organizations.enums import OrganizationSize
from qpp_registration.phones import show_phone
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.forms.fields import ExtensionField, MailField, NameField, PhoneField
from registrations.policy.registration import CONTACT_FIELDS

SALT = "registrations.register"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page showed of one section, as it travels through the browser.

    `offered`: values that the page suggested for a new contact; they aren't stored unless
    something was typed beside them.
    """

    section: str
    is_new: bool
    values: Mapping[str, str]
    offered: Mapping[str, str]

    def sign(self) -> str:
        """The note for the hidden field."""
        return signing.dumps(
            {"s": self.section, "n": self.is_new, "v": self.values, "o": self.offered}, salt=SALT
        )

    @classmethod
    def read(cls, section: str, token: str) -> "Shown":
        """The note of that section. A forged or foreign one tells nothing."""
        try:
            note = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            note = {}
        if note.get("s") != section:
            note = {"n": False, "v": {}, "o": {}}
        return cls(section=section, is_new=note["n"], values=note["v"], offered=note["o"])

    def without(self, names: Set[str]) -> "Shown":
        """The same note, not telling what the page showed in these fields."""
        values = {name: value for name, value in self.values.items() if name not in names}
        return replace(self, values=values)


class SizeForm(forms.Form):
    """Organization Size (2023 guide, IV.1)."""

    size = forms.ChoiceField(
        label="Organization Size",
        help_text="Choose the number of clinicians in this organization.",
        choices=OrganizationSize.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Choose one of the three sizes."},
    )

    use_required_attribute = False

    def hint(self, text: str) -> None:
        """Say something more beside the choice."""
        field = self.fields["size"]
        field.help_text = f"{field.help_text} {text}"

    def edit(self, shown: Shown, *, typed: bool = False) -> FieldEdit | None:
        """The size that was chosen; None when none was, or it is none of the three."""
        size = self.cleaned_data.get("size", "") if self.is_valid() else ""
        return FieldEdit(was=shown.values.get("size"), now=size, typed=typed) if size else None

    def refresh_untouched(self, shown: Shown, current: str) -> None:
        """Show what is stored now, unless the person chose something else than the page showed.

        Otherwise a page that comes back for another field's sake would carry an old value that
        nobody chose, and store it with the next save.
        """
        if self.is_valid() and self.cleaned_data["size"] == shown.values.get("size"):
            self.data = {**dict(self.data.items()), "size": current}


class ContactForm(forms.Form):
    """One contact (2023 guide, IV.2)."""

    first_name = NameField(length=100, label="First name")
    last_name = NameField(length=100, label="Last name")
    email = MailField(length=254, label="E-mail")
    phone = PhoneField(length=30, label="Phone")
    extension = ExtensionField(length=10, label="Extension", required=False)

    use_required_attribute = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, attributes in INPUT_ATTRIBUTES.items():
            self.fields[name].widget.attrs.update(attributes)

    def edit(self, shown: Shown, *, typed: bool = False) -> ContactEdit:
        """The fields that came back and are valid. `typed`: each of them surely was typed."""
        self.is_valid()
        return ContactEdit(
            is_new=shown.is_new,
            only_offered=shown.is_new
            and all(self[name].data == shown.offered.get(name, "") for name in CONTACT_FIELDS),
            fields={
                name: FieldEdit(was=shown.values.get(name), now=value, typed=typed)
                for name, value in self.cleaned_data.items()
                if self.add_prefix(name) in self.data
            },
        )

    def is_touched(self, shown: Shown) -> bool:
        """Whether something was typed that the page didn't show."""
        return bool(self.errors) or self.edit(shown).is_touched

    def refresh_untouched(self, shown: Shown, current: Mapping[str, str]) -> None:
        """Show what is stored now in each field that was left as the page showed it."""
        self.is_valid()
        now = {
            self.add_prefix(name): value
            for name, value in shown_to_people(current).items()
            if self.cleaned_data.get(name) == shown.values.get(name, ...)
        }
        self.data = {**dict(self.data.items()), **now}


INPUT_ATTRIBUTES: dict[str, dict[str, str]] = {
    "first_name": {"autocomplete": "off"},
    "last_name": {"autocomplete": "off"},
    "email": {"autocomplete": "off", "spellcheck": "false"},
    "phone": {"autocomplete": "off", "inputmode": "tel"},
    "extension": {"autocomplete": "off", "inputmode": "numeric"},
}


def prefix_of(contact_id: UUID) -> str:
    """The start of the names of a contact's fields."""
    return f"contact-{contact_id}"


def shown_to_people(values: Mapping[str, str]) -> dict[str, str]:
    """A contact's values as the form shows them."""
    return {**values, "phone": show_phone(values.get("phone", ""))}
