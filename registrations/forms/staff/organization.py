"""What CMS staff fill in about an organization: its window, and what CMS has on record of it."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.forms.staff import WhyForm
from accounts.forms.text_fields import LineField
from organizations.addresses import STATE_GROUPS
from organizations.enums import OrganizationKind, OrganizationSize
from registrations.forms.information import ZipField
from registrations.forms.staff.eastern_time import EasternTimeField
from registrations.policy.registration import ORGANIZATION_FIELDS
from registrations.staff.corrections import YearFacts


class ExtendForm(WhyForm):
    """Until when the window of one organization is open, for which offering."""

    offering = forms.ChoiceField(
        label="Year and offering", error_messages={"required": "Choose the offering."}
    )
    until = EasternTimeField(label="Open until")

    field_order = ("offering", "until", "reason")

    def __init__(
        self, *arguments: Any, offerings: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["offering"].choices = offerings  # type: ignore[attr-defined]


class CorrectForm(WhyForm):
    """Name and mailing address on record. Only the name has to be there. `seen`: what was shown."""

    name = LineField(
        label="Organization name",
        max_length=200,
        error_messages={"required": "Enter the organization name."},
    )
    address1 = LineField(label="Address", max_length=100, required=False)
    address2 = LineField(label="Address, second line", max_length=100, required=False)
    city = LineField(label="City", max_length=60, required=False)
    state = forms.ChoiceField(
        label="State",
        choices=[("", "Not known"), *STATE_GROUPS],
        required=False,
        error_messages={"invalid_choice": "Choose one of the states."},
    )
    zip_code = ZipField(length=10, label="ZIP code", required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    field_order = (*ORGANIZATION_FIELDS, "reason")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name in ORGANIZATION_FIELDS:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def values(self) -> dict[str, str]:
        """For `correct_organization`; the form is valid."""
        return {name: self.cleaned_data[name] for name in ORGANIZATION_FIELDS}


class ParticipationForm(WhyForm):
    """What CMS has on record for a year: only what the organization's kind can have."""

    approved = forms.BooleanField(label="CMS-approved virtual group", required=False)
    shared_savings_program = forms.BooleanField(label="Shared Savings Program ACO", required=False)
    size = forms.ChoiceField(
        label="Organization Size on record",
        choices=[("", "Not known"), *OrganizationSize.choices],
        required=False,
        help_text="A hint only: what the organization chooses counts.",
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    field_order = ("approved", "shared_savings_program", "size", "reason")

    def __init__(self, *arguments: Any, kind: OrganizationKind, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if kind != OrganizationKind.VIRTUAL_GROUP:
            del self.fields["approved"]
        if kind != OrganizationKind.APM_ENTITY:
            del self.fields["shared_savings_program"]

    @property
    def facts(self) -> YearFacts:
        """For `correct_participation`; the form is valid."""
        values = self.cleaned_data
        return YearFacts(
            approved=values.get("approved", False),
            shared_savings_program=values.get("shared_savings_program", False),
            size=values["size"],
        )
