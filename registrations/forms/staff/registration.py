"""What CMS staff fill in to register an organization, and to change its registration."""

import uuid
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from accounts.forms.staff import WhyForm
from organizations.enums import OrganizationSize
from registrations.forms.information import ASKS, InformationForm, UpdateContactForm
from registrations.forms.select_size import SelectSizeForm
from registrations.policy.registration import CONTACT_FIELDS, REQUIRED_OF_A_CONTACT
from registrations.staff.register import Given, Lacks


class VersionForm(WhyForm):
    """A change of a registration that staff looked at: in which version it was then."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SizeForStaffForm(SelectSizeForm, VersionForm):
    """The Organization Size."""

    field_order = ("size", "reason")


class InformationForStaffForm(InformationForm, VersionForm):
    """Name and mailing address of a registration."""

    field_order = (*InformationForm.base_fields, "reason")

    @property
    def values(self) -> dict[str, str]:
        """Name and address of the valid form."""
        return {name: self.cleaned_data[name] for name in InformationForm.base_fields}


class _ContactForm(UpdateContactForm, WhyForm):
    field_order = (*CONTACT_FIELDS, "reason")

    @property
    def values(self) -> dict[str, str]:
        """The contact of the valid form."""
        return {name: self.cleaned_data[name] for name in CONTACT_FIELDS}


class NewContactForm(_ContactForm):
    """A contact to add. `key`: a repeat of the same page adds no other one."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class ChangeContactForm(_ContactForm, VersionForm):
    """A contact to change."""


class DeleteContactForm(WhyForm):
    """Which contact goes."""

    contact = forms.ChoiceField(
        label="Contact",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the contact."},
    )

    field_order = ("contact", "reason")

    def __init__(
        self, *arguments: Any, contacts: Sequence[tuple[UUID, str]], **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["contact"].choices = contacts  # type: ignore[attr-defined]


class RegisterForForm(UpdateContactForm, InformationForm, WhyForm):
    """What a registration still lacks, and no more: size, name and address, one contact.

    In years that complete by themselves nothing has to be given: the registration starts, and is
    incomplete until it is.
    """

    size = forms.ChoiceField(
        label="Organization Size",
        choices=OrganizationSize.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the size of the organization."},
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    field_order = ("size", *InformationForm.base_fields, *CONTACT_FIELDS, "reason")

    def __init__(self, *arguments: Any, lacks: Lacks, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.lacks = lacks
        asked = {*lacks.information, *(CONTACT_FIELDS if lacks.contact else ())}
        for name in (*InformationForm.base_fields, *CONTACT_FIELDS):
            if name not in asked:
                del self.fields[name]
        for name in CONTACT_FIELDS if lacks.contact else ():
            field = self.fields[name]
            field.label = f"Contact: {str(field.label).lower()}"
            field.required = field.required and not lacks.may_wait
        if lacks.size:
            self.fields["size"].required = not lacks.may_wait
            if lacks.size_hint:
                hint = OrganizationSize(lacks.size_hint).label
                self.fields["size"].help_text = f"CMS has {hint} on record. Nobody confirmed it."
        else:
            del self.fields["size"]

    def clean(self) -> None:
        """A contact that was begun is complete."""
        super().clean()
        if self.lacks.contact and self.lacks.may_wait and any(self._contact().values()):
            for name in REQUIRED_OF_A_CONTACT:
                if name not in self.errors and not self.cleaned_data.get(name):
                    self.add_error(name, ASKS[name])

    @property
    def given(self) -> Given:
        """For `register_for`; the form is valid."""
        values, contact = self.cleaned_data, self._contact()
        size = values.get("size", "")
        return Given(
            size=OrganizationSize(size) if size else None,
            information={name: values[name] for name in self.lacks.information},
            contact=contact if any(contact.values()) else {},
            contact_id=values["key"],
        )

    def _contact(self) -> dict[str, str]:
        names: Sequence[str] = CONTACT_FIELDS if self.lacks.contact else ()
        return {name: self.cleaned_data.get(name, "") for name in names}
