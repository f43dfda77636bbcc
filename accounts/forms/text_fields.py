"""Form fields of plain text."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from qpp_registration.text import clean_line, clean_paragraphs


class LineField(forms.CharField):
    """One line of plain text."""

    def to_python(self, value: Any) -> str:
        """The normalised line. Raises ValidationError."""
        try:
            return clean_line(super().to_python(value) or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None


class ParagraphsField(forms.CharField):
    """Several lines of plain text."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.attrs["rows"] = "4"

    def to_python(self, value: Any) -> str:
        """The normalised text. Raises ValidationError."""
        try:
            return clean_paragraphs(super().to_python(value) or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None
