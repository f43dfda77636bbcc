"""What people enter while signing in."""

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts import policy
from accounts.models import User
from accounts.password_policy import LONGEST, normalized
from qpp_registration.phones import EXAMPLE, parse_phone

LONGEST_TYPED = 1000  # characters, before they are put into one form
TOO_LONG = f"Use at most {LONGEST} characters."

TEXT = "text"
APP = "app"


class OwnPasswordForm(forms.Form):
    """The password, and where to go on afterwards."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        error_messages={
            "required": "Enter your password.",
            "max_length": "Enter your password; this text is longer than any password here.",
        },
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    next = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_next(self) -> str:
        """The page to go to afterwards, if it is one of this site."""
        return policy.local_path(self.cleaned_data["next"])


class SignInForm(OwnPasswordForm):
    """User ID, password and *Yes, I agree* (2023 guide, III.2 and III.3).

    Checks only that everything is there: a form in error is no try to sign in.
    """

    user_id = forms.CharField(
        label="User ID",
        max_length=254,
        error_messages={"required": "Enter your User ID."},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    agree = forms.BooleanField(
        label="Yes, I agree",
        error_messages={"required": "Select “Yes, I agree” to sign in."},
    )

    field_order = ("user_id", "password", "agree", "next")


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
        if not (code.isascii() and code.isdigit() and len(code) == policy.CODE_DIGITS):
            raise ValidationError(f"The code has {policy.CODE_DIGITS} digits, like 123456.")
        return code


class MethodForm(forms.Form):
    """How a person who has no device yet wants to receive codes."""

    method = forms.ChoiceField(
        label="How do you want to get your codes?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select how you want to get your codes."},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["method"]).choices = choices


class PhoneForm(forms.Form):
    """The cell phone that codes are sent to."""

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


class NewPasswordForm(forms.Form):
    """A new password, typed twice. Long phrases with spaces and any characters are welcome."""

    new_password = forms.CharField(
        label="New password",
        help_text="15 to 128 characters. A few words with spaces are fine.",
        strip=False,
        max_length=LONGEST_TYPED,
        error_messages={"required": "Enter a password.", "max_length": TOO_LONG},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label="New password again",
        strip=False,
        max_length=LONGEST_TYPED,
        error_messages={"required": "Enter the password again.", "max_length": TOO_LONG},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_new_password(self) -> str:
        """The password in Unicode form NFC, which signing in compares; says why if refused."""
        password = normalized(self.cleaned_data["new_password"])
        validate_password(password, self.user)
        return password

    def clean(self) -> None:
        """Refuse a repetition that differs."""
        repeated = normalized(self.cleaned_data.get("repeated", ""))
        if repeated and self.cleaned_data.get("new_password", repeated) != repeated:
            self.add_error("repeated", "The two passwords differ. Enter the same one twice.")
