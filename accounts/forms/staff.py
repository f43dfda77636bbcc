"""What CMS staff fill in at the staff site."""

from django import forms

from accounts.forms.text_fields import LineField
from accounts.policy.rights import StaffGroup

CSV, XLSX = "csv", "xlsx"
WHY = "Why you do it. For the audit; other staff read it."


class WhyForm(forms.Form):
    """Why staff does something. Every deed has its reason."""

    reason = LineField(
        label="Reason",
        help_text=WHY,
        max_length=300,
        error_messages={"required": "Enter the reason."},
    )

    use_required_attribute = False


class RightsForm(WhyForm):
    """Which group of CMS staff a person is in."""

    group = forms.ChoiceField(
        label="Staff rights",
        choices=[("", "None: not CMS staff"), *StaffGroup.choices],
        required=False,
        widget=forms.RadioSelect,
    )

    field_order = ("group", "reason")


class ListFileForm(WhyForm):
    """The format of a list's file."""

    file = forms.ChoiceField(
        label="File",
        choices=[
            (CSV, "CSV: for programs; begins to load at once"),
            (XLSX, "XLSX: for spreadsheets; keeps the zeros of ZIP codes and identifiers"),
        ],
        initial=CSV,
        widget=forms.RadioSelect,
    )

    field_order = ("file", "reason")
