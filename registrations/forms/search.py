"""Searching a list."""

from collections.abc import Sequence
from typing import Any

from django import forms

from organizations.enums import OrganizationKind
from registrations.forms.fields import LineField

ALL = ("", "All statuses")


class SearchForm(forms.Form):
    """A name or an identifier, and a status where the list has such (2023 guide, VII).

    `statuses`: values of the address with their words.
    """

    text = LineField(length=100, required=False)
    status = forms.ChoiceField(required=False, label="Status")

    use_required_attribute = False

    def __init__(
        self,
        *arguments: Any,
        kind: OrganizationKind,
        statuses: Sequence[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["text"].label = f"Search by name or {kind.identifier_label}"
        if statuses:
            self.fields["status"].choices = [ALL, *statuses]  # type: ignore[attr-defined]
        else:
            del self.fields["status"]
