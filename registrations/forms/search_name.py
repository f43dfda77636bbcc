"""Searching one's organizations by name only."""

from django import forms

from registrations.forms.fields import LineField

TIN_DIGITS = 9


class NameSearchForm(forms.Form):
    """Part of a name. What may be a TIN is refused, since the name stands in the address."""

    text = LineField(length=100, label="Search by name", required=False)

    use_required_attribute = False

    def clean_text(self) -> str:
        """The text, unless it may be a TIN."""
        text = str(self.cleaned_data["text"])
        if sum(character.isdecimal() for character in text) >= TIN_DIGITS:
            raise forms.ValidationError("Enter part of the name. This search doesn’t look for IDs.")
        return text
