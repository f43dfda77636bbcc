"""The fields of a contact: one line each, with an error that says how to mend it.

A blank is no error here: it is stored, and the page says what is still missing.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from qpp_registration.names import check_name
from qpp_registration.phones import parse_phone
from qpp_registration.text import clean_line


class LineField(forms.CharField):
    """One line of plain text. Drawn as required where a complete contact needs it."""

    def __init__(self, *, length: int, **options: Any) -> None:
        super().__init__(strip=True, **options)
        self.length = length
        self.widget.attrs["maxlength"] = str(length)
        if self.required:
            self.widget.attrs["aria-required"] = "true"

    def validate(self, value: str) -> None:
        """Accept a blank."""

    def clean(self, value: Any) -> str:
        """The normalised line. Raises ValidationError saying how to mend it."""
        try:
            line = clean_line(str(value or ""))
        except ValueError as error:
            raise ValidationError(f"{self.label}: {error}") from None
        if len(line) > self.length:
            raise ValidationError(
                f"{self.label} can have {self.length} characters; this has {len(line)}."
            )
        return self.check(super().clean(line)) if line else ""

    def check(self, line: str) -> str:
        """The value to store for a line that isn't empty."""
        return line


class NameField(LineField):
    """A first or last name."""

    def check(self, line: str) -> str:
        """Letters of any alphabet, spaces, hyphens, apostrophes, periods and commas."""
        try:
            return check_name(line, str(self.label))
        except ValueError as error:
            raise ValidationError(str(error)) from None


class MailField(LineField):
    """An e-mail address."""

    widget = forms.EmailInput

    def check(self, line: str) -> str:
        """An address in the usual shape."""
        try:
            return str(forms.EmailField(max_length=self.length).clean(line))
        except ValidationError:
            raise ValidationError("Enter an e-mail address, like name@example.org.") from None


class PhoneField(LineField):
    """A phone number: ten digits, typed in any usual way."""

    widget = forms.TextInput

    def check(self, line: str) -> str:
        """The ten digits."""
        try:
            return parse_phone(line)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class ExtensionField(LineField):
    """The extension of a phone number."""

    def check(self, line: str) -> str:
        """Digits only."""
        if not (line.isascii() and line.isdigit()):
            raise ValidationError("An extension has digits only.")
        return line
