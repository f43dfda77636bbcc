"""What CMS staff type about a caller."""

from django import forms

from accounts.forms.text_fields import LineField


class CallerForm(forms.Form):
    """One field for whatever the caller says."""

    text = LineField(
        label="What the caller says",
        help_text=(
            "A registration ID, a TIN, virtual group ID or APM Entity ID, a user ID, an e-mail, "
            "or the last four digits of a phone."
        ),
        max_length=254,
        error_messages={
            "required": "Enter what the caller says.",
            "max_length": "Enter one of these; this text is longer than any of them.",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    use_required_attribute = False
