"""Searching the list."""

from typing import Any

from django import forms

from organizations.enums import OrganizationKind
from registrations.enums import ListStatus
from registrations.forms.fields import LineField
from registrations.listing import FILTERS


class SearchForm(forms.Form):
    """A name or an identifier, and a status (2023 guide, VII)."""

    text = LineField(length=100, required=False)
    status = forms.ChoiceField(
        required=False,
        label="Status",
        choices=[("", "All statuses"), *((status.value, status.label) for status in FILTERS)],
    )

    use_required_attribute = False

    def __init__(self, *arguments: Any, kind: OrganizationKind, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["text"].label = f"Search by name or {kind.identifier_label}"

    def clean_status(self) -> ListStatus | None:
        """The chosen status; None for all."""
        status = self.cleaned_data["status"]
        return ListStatus(status) if status else None
