"""What people enter when they ask for a role, decide one, or ask a Security Official."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.enums import RoleName
from accounts.forms.text_fields import LineField, ParagraphsField
from accounts.roles.requests import Wanted
from accounts.words.about_roles import EXPLAINED
from organizations.enums import OrganizationKind
from organizations.policy import normalize_identifier, show_identifier
from qpp_registration.phones import EXAMPLE, parse_phone, show_phone

KINDS = {
    OrganizationKind.GROUP: "One practice, known by its Taxpayer Identification Number (TIN).",
    OrganizationKind.VIRTUAL_GROUP: "Practices that CMS approved as one for the year.",
    OrganizationKind.APM_ENTITY: "Takes part in an Alternative Payment Model (APM), like an ACO.",
}
IDENTIFIER_HELP = (
    "The TIN of a practice, like 00-0765630, or the Virtual Group ID, or the APM Entity ID."
)


class OrganizationForm(forms.Form):
    """Which organization is meant. Whether there is one isn't checked here, nor told."""

    kind = forms.ChoiceField(
        label="What kind of organization is it?",
        choices=[(kind.value, kind.in_tab) for kind in OrganizationKind],
        widget=forms.RadioSelect,
        error_messages={"required": "Select the kind of organization."},
    )
    identifier = LineField(
        label="TIN, Virtual Group ID or APM Entity ID",
        help_text=IDENTIFIER_HELP,
        max_length=40,
        error_messages={"required": "Enter the identifier of the organization."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    use_required_attribute = False

    @property
    def kinds(self) -> Iterator[tuple[Any, str]]:
        """The radio buttons of the kind, each explained."""
        yield from zip(self["kind"].subwidgets, KINDS.values(), strict=True)

    def clean(self) -> None:
        """The identifier as it is stored, if it has the shape of its kind."""
        kind, identifier = self.cleaned_data.get("kind"), self.cleaned_data.get("identifier")
        if kind and identifier:
            try:
                self.cleaned_data["identifier"] = normalize_identifier(
                    OrganizationKind(kind), identifier
                )
            except ValueError as error:
                self.add_error("identifier", str(error))


class ConnectForm(OrganizationForm):
    """*Connect to Organization*. No role is chosen beforehand: people don't notice a default."""

    role = forms.ChoiceField(
        label="Which role do you need?",
        choices=RoleName.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the role that you need."},
    )
    job_title = LineField(
        label="Job title",
        help_text="What you do at the organization, for example Practice Manager",
        max_length=100,
        error_messages={"required": "Enter your job title."},
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    work_phone = LineField(
        label="Work phone",
        help_text=f"Where those who decide can reach you, for example {EXAMPLE}",
        max_length=40,
        error_messages={"required": "Enter your phone number at work."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    note = ParagraphsField(
        label="Note to those who decide (optional)",
        help_text="Why you need the role. At most 1,000 characters.",
        max_length=1000,
        required=False,
    )

    @property
    def roles(self) -> Iterator[tuple[Any, str]]:
        """The radio buttons of the role, each explained."""
        yield from zip(self["role"].subwidgets, EXPLAINED.values(), strict=True)

    def clean_work_phone(self) -> str:
        """The ten digits."""
        try:
            return parse_phone(self.cleaned_data["work_phone"])
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def wanted(self) -> Wanted:
        """What the valid form asks for."""
        values = self.cleaned_data
        return Wanted(
            kind=OrganizationKind(values["kind"]),
            identifier=values["identifier"],
            role=RoleName(values["role"]),
            job_title=values["job_title"],
            work_phone=values["work_phone"],
            note=values["note"],
        )


class QuestionForm(OrganizationForm):
    """*Ask our Security Official*."""

    text = ParagraphsField(
        label="Your question",
        help_text="At most 1,000 characters. Don’t give passwords, codes or patients’ data.",
        max_length=1000,
        error_messages={"required": "Enter your question."},
    )


class ReasonForm(forms.Form):
    """Why a request is denied. The person reads it."""

    reason = LineField(
        label="Reason",
        help_text="The person reads it, in an e-mail and on their page.",
        max_length=300,
        error_messages={"required": "Enter the reason."},
    )

    use_required_attribute = False


class StaffReasonForm(forms.Form):
    """Why CMS staff approves: how the person was checked. For the audit."""

    reason = LineField(
        label="Reason",
        help_text="How you made sure that the person acts for the organization. For the audit.",
        max_length=300,
        error_messages={"required": "Enter the reason."},
    )

    use_required_attribute = False


class MatchForm(OrganizationForm, StaffReasonForm):
    """Which organization CMS staff found for a request, and how."""

    field_order = ("kind", "identifier", "reason")


class HandOverForm(forms.Form):
    """To whom to hand over, and what becomes of oneself."""

    to = forms.ChoiceField(
        label="Who takes over?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select who takes over.",
            "invalid_choice": "Select one of the people in the list.",
        },
    )
    afterwards = forms.ChoiceField(
        label="What are you afterwards?",
        choices=[("stay", "Staff User"), ("leave", "Not connected any more")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what you are afterwards."},
    )

    use_required_attribute = False

    def __init__(self, *arguments: Any, choices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


def reviewed(wanted: Wanted) -> list[tuple[str, str]]:
    """What is asked for, as the review lists it; the identifier as the guides show it."""
    return [
        ("Kind of organization", wanted.kind.in_tab),
        (wanted.kind.identifier_label, show_identifier(wanted.kind, wanted.identifier)),
        ("Role", wanted.role.label),
        ("Job title", wanted.job_title),
        ("Work phone", show_phone(wanted.work_phone)),
        ("Note", wanted.note or "None"),
    ]
