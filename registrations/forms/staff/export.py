"""What staff takes away as a file, and what staff writes to contacts."""

from uuid import uuid4

from django import forms

from accounts.forms.staff import XLSX, ListFileForm, WhyForm
from accounts.forms.text_fields import LineField, ParagraphsField
from registrations.enums import RosterTable

LONGEST_SUBJECT = 120
LONGEST_TEXT = 5_000


class RegistrationsFileForm(ListFileForm):
    """The format of a file with registrations, and of which of its two tables."""

    file = forms.ChoiceField(
        label="File",
        choices=[
            (RosterTable.REGISTRATIONS, "CSV: one row a registration"),
            (RosterTable.CONTACTS, "CSV: one row a contact, joined by the registration ID"),
            (XLSX, "XLSX: both, as two sheets of a spreadsheet that keeps all zeros"),
        ],
        initial=RosterTable.REGISTRATIONS,
        widget=forms.RadioSelect,
    )


class KeptFileForm(WhyForm):
    """Which file of a final roster."""

    file = forms.ChoiceField(
        label="File",
        choices=RosterTable.choices,
        initial=RosterTable.REGISTRATIONS,
        widget=forms.RadioSelect,
    )

    field_order = ("file", "reason")


class AnnouncementForm(WhyForm):
    """What the contacts of a list are told.

    `announcement` is drawn with the page, so that pressing twice is pressing once. `reviewed`
    stands for what the review showed; empty before it.
    """

    subject = LineField(
        label="Subject",
        max_length=LONGEST_SUBJECT,
        error_messages={"required": "Enter the subject."},
    )
    text = ParagraphsField(
        label="Text",
        help_text=(
            "Plain text. Below it each mail lists the registrations of its contact, and how to "
            "reach the Service Center."
        ),
        max_length=LONGEST_TEXT,
        error_messages={"required": "Enter the text."},
    )
    announcement = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)
    reviewed = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("subject", "text", "reason")
