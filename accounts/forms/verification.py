"""What people enter about verification devices, and staff about resetting them."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from accounts.policy import signing_in
from qpp_registration.phones import EXAMPLE, parse_phone


class DeviceForm(forms.Form):
    """The device dropdown of *Two-Factor Authentication* (2023 guide, III.4)."""

    device = forms.ChoiceField(
        label="Select a verification device",
        error_messages={
            "required": "Select a device.",
            "invalid_choice": "Select one of the devices in the list.",
        },
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["device"]).choices = choices


class CodeForm(forms.Form):
    """The one-time code; spaces and dashes in it don't matter."""

    code = forms.CharField(
        label="Enter code",
        help_text="Six digits, for example 123456",
        max_length=40,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        """The six digits."""
        code = "".join(c for c in self.cleaned_data["code"] if not c.isspace() and c not in "-‑–")
        if not (code.isascii() and code.isdigit() and len(code) == signing_in.CODE_DIGITS):
            raise ValidationError(f"The code has {signing_in.CODE_DIGITS} digits, like 123456.")
        return code


class RecoveryCodeForm(forms.Form):
    """One of the recovery codes; letter case, spaces and dashes don't matter."""

    code = forms.CharField(
        label="Enter recovery code",
        help_text="16 letters and digits, for example 7K2M-9QXD-0B4T-VW3N",
        max_length=60,
        error_messages={"required": "Enter a recovery code."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        """The code as it is kept."""
        code = signing_in.recovery_code(self.cleaned_data["code"])
        if not code:
            raise ValidationError("A recovery code has 16 letters and digits. Check each of them.")
        return code


class PasskeyForm(forms.Form):
    """What the browser answered for a passkey; a script fills it in."""

    answer = forms.CharField(
        max_length=20_000,
        widget=forms.HiddenInput,
        error_messages={"required": "Press the button to use your passkey."},
    )

    def clean(self) -> None:
        """Say what is wrong with the answer above the form: its field is hidden."""
        for message in self.errors.pop("answer", []):
            self.add_error(None, message)


class NotedRadios(forms.RadioSelect):
    """Radio buttons with a second line each (`notes`, by value)."""

    notes: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Django's, with the note where the template finds it."""
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "note": self.notes.get(str(value), "")}


class MethodForm(forms.Form):
    """Which kind of device a person wants to use."""

    method = forms.ChoiceField(
        label="How do you want to confirm that it’s you?",
        widget=NotedRadios,
        error_messages={"required": "Select one of these kinds of devices."},
    )

    def __init__(
        self,
        *args: Any,
        choices: list[tuple[str, str]],
        notes: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["method"])
        field.choices = choices
        cast(NotedRadios, field.widget).notes = notes or {}


class PhoneForm(forms.Form):
    """The phone that codes are sent to."""

    phone = forms.CharField(
        label="Cell phone number",
        help_text=f"A number in the United States, for example {EXAMPLE}",
        max_length=40,
        error_messages={"required": "Enter the number of your cell phone."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def clean_phone(self) -> str:
        """The ten digits."""
        try:
            return parse_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise ValidationError(str(error)) from error


class AnyPhoneForm(PhoneForm):
    """A phone that is called, wherever it stands."""

    phone = forms.CharField(
        label="Phone number",
        help_text=f"A number in the United States without extension, for example {EXAMPLE}",
        max_length=40,
        error_messages={"required": "Enter the number of your phone."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class ReachForm(PhoneForm):
    """Where staff reaches a person who lost every device."""

    phone = forms.CharField(
        label="Phone number where we reach you",
        help_text=f"A number in the United States, for example {EXAMPLE}",
        max_length=40,
        error_messages={"required": "Enter a phone number, so that we can reach you."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class NameForm(forms.Form):
    """What a person calls a device."""

    name = forms.CharField(
        label="Name",
        help_text="For example Work phone or Blue security key",
        max_length=64,
        error_messages={"required": "Enter a name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AskResetForm(forms.Form):
    """A member of staff asks for a reset of the devices of somebody who lost all of them."""

    user_id = forms.CharField(
        label="User ID", max_length=254, error_messages={"required": "Enter the person’s User ID."}
    )
    reason = forms.CharField(
        label="Why the devices are to be reset",
        max_length=300,
        error_messages={"required": "Say why the devices are to be reset."},
    )
    identity_proof = forms.CharField(
        label="How the person’s identity was proved",
        help_text="What you compared, and how you reached the person. No numbers of documents.",
        max_length=300,
        error_messages={"required": "Say how the person’s identity was proved."},
    )


class ApproveResetForm(forms.Form):
    """A second member of staff agrees."""

    reason = forms.CharField(
        label="Why it is approved",
        help_text="What you made sure of. For the audit; other staff read it.",
        max_length=300,
        error_messages={"required": "Say why the reset is approved."},
    )


class DenyResetForm(forms.Form):
    """A second member of staff doesn't agree."""

    reason = forms.CharField(
        label="Why it is denied",
        max_length=300,
        error_messages={"required": "Say why the reset is denied."},
    )
