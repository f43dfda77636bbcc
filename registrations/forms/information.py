"""The forms of *Update* in explicit years: organization information, and one contact.

Unlike a page that saves by itself, *Update* stores nothing before everything required is there
(2022 guide, IV.4 to IV.7).
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organizations.addresses import STATE_GROUPS, parse_zip
from registrations.details.edits import FieldEdit
from registrations.forms.fields import LineField
from registrations.forms.register import ContactForm, Shown

ASKS = {
    "name": "Enter the organization name.",
    "address1": "Enter the street address or P.O. box.",
    "city": "Enter the city.",
    "zip_code": "Enter the ZIP code.",
    "first_name": "Enter the first name.",
    "last_name": "Enter the last name.",
    "email": "Enter the e-mail address.",
    "phone": "Enter the phone number.",
}


class ZipField(LineField):
    """A ZIP code of five or nine digits."""

    def check(self, line: str) -> str:
        """The code as the postal service writes it."""
        try:
            return parse_zip(line)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class _Complete(forms.Form):
    """A form in which a required line that is blank is an error."""

    use_required_attribute = False

    def clean(self) -> None:
        """Ask for what is blank."""
        for name, field in self.fields.items():
            if field.required and name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, ASKS[name])

    @property
    def done(self) -> set[str]:
        """The fields that hold something valid: each gets a check mark (2022 guide, IV.4)."""
        found = set()
        for name, field in self.fields.items():
            try:
                value = field.clean(self[name].value())
            except ValidationError:
                continue
            if value and not (self.is_bound and name in self.errors):
                found.add(name)
        return found


class InformationForm(_Complete):
    """Organization Information: name and mailing address."""

    name = LineField(length=200, label="Organization name")
    address1 = LineField(length=100, label="Address")
    address2 = LineField(length=100, label="Address, second line", required=False)
    city = LineField(length=60, label="City")
    state = forms.ChoiceField(
        label="State",
        choices=[("", "Choose a state"), *STATE_GROUPS],
        widget=forms.Select(attrs={"aria-required": "true"}),
        error_messages={
            "required": "Choose the state.",
            "invalid_choice": "Choose one of the states.",
        },
    )
    zip_code = ZipField(length=10, label="ZIP code")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
        self.fields["zip_code"].widget.attrs["inputmode"] = "numeric"

    def edits(self, shown: Shown) -> dict[str, FieldEdit]:
        """Every field for `update_details`; the form is valid."""
        return {
            name: FieldEdit(was=shown.values.get(name), now=value)
            for name, value in self.cleaned_data.items()
        }

    def refresh_untouched(self, shown: Shown, current: Mapping[str, str]) -> None:
        """Show what is stored now in each field that was left as the page showed it."""
        now = {
            name: value
            for name, value in current.items()
            if self[name].data == shown.values.get(name, ...)
        }
        self.data = {**dict(self.data.items()), **now}


class UpdateContactForm(_Complete, ContactForm):
    """One contact, complete."""
