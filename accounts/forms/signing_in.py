"""What people enter while signing in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.policy import signing_in
from accounts.policy.passwords import LONGEST, normalized

LONGEST_TYPED = 1000  # characters, before they are put into one form
TOO_LONG = f"Use at most {LONGEST} characters."


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
        return signing_in.local_path(self.cleaned_data["next"])


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
