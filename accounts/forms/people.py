"""What people enter to register, to recover an account, and on My Account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.signing_in import NewPasswordForm
from accounts.models import User
from accounts.people.profiles import USER_ID_SHAPE
from accounts.people.register import unsaved
from qpp_registration.names import check_name
from qpp_registration.phones import EXAMPLE, parse_phone
from qpp_registration.text import clean_line

USER_ID = User._meta.get_field("user_id")


class OneLine(forms.CharField):
    """One line of plain text."""

    def clean(self, value: Any) -> str:
        """The normalised line. Raises ValidationError saying how to mend it."""
        line = str(super().clean(value))
        try:
            return self.check(clean_line(line)) if line else ""
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def check(self, line: str) -> str:
        """What is stored for a line that isn't empty; raises ValueError saying how to mend it."""
        return line


class Name(OneLine):
    """A first or last name."""

    def check(self, line: str) -> str:
        """Letters and what joins them."""
        return check_name(line, str(self.label))


class Phone(OneLine):
    """A phone number."""

    def check(self, line: str) -> str:
        """The ten digits."""
        return parse_phone(line)


class Email(OneLine):
    """An e-mail address."""

    widget = forms.EmailInput

    def check(self, line: str) -> str:
        """An address in the usual shape."""
        try:
            return str(forms.EmailField(max_length=254).clean(line))
        except ValidationError:
            raise ValueError("Enter an e-mail address, like name@example.org.") from None


def _name(label: str, autocomplete: str) -> Name:
    return Name(
        label=label,
        max_length=100,
        error_messages={"required": f"Enter your {label.lower()}."},
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
    )


def _email(label: str = "E-mail", help_text: str = "") -> Email:
    return Email(
        label=label,
        help_text=help_text,
        max_length=254,
        error_messages={"required": "Enter your e-mail."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


def _user_id(autocomplete: str = "username", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label="User ID",
        help_text=help_text,
        max_length=254,
        error_messages={"required": "Enter your User ID."},
        widget=forms.TextInput(
            attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class ProfileForm(forms.Form):
    """Names and phone of an account."""

    first_name = _name("First name", "given-name")
    last_name = _name("Last name", "family-name")
    phone = Phone(
        label="Phone",
        help_text=f"For example {EXAMPLE}",
        max_length=40,
        error_messages={"required": "Enter your phone number."},
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel-national"}),
    )


class RegisterForm(ProfileForm):
    """The first step of registering."""

    email = _email(help_text="Your own, not one that several people read. A link is sent there.")

    field_order = ("first_name", "last_name", "email", "phone")


class FinishForm(NewPasswordForm):
    """The second step: user ID and password."""

    user_id = _user_id(
        help_text="5 to 64 letters, digits, dots, dashes, underscores, + or @. "
        "Capital letters make no difference."
    )

    field_order = ("user_id", "new_password", "repeated")

    def __init__(self, *args: Any, link: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=unsaved(link), **kwargs)

    def clean_user_id(self) -> str:
        """A user ID in its shape; the password must not be made of it."""
        user_id = str(self.cleaned_data["user_id"]).strip()
        try:
            USER_ID.run_validators(user_id)
        except ValidationError:
            raise ValidationError(USER_ID_SHAPE) from None
        self.user.user_id = user_id
        return user_id


class RecoverUserIdForm(forms.Form):
    """By e-mail: the user ID is sent there."""

    prefix = "id"
    email = _email()


class RecoverPasswordForm(forms.Form):
    """By user ID: a link goes to the address of the account."""

    prefix = "password"
    user_id = _user_id()


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    current = forms.CharField(
        label="Current password",
        strip=False,
        max_length=1000,
        error_messages={
            "required": "Enter your current password.",
            "max_length": "This text is longer than any password here.",
        },
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ("current", "new_password", "repeated")


class NewEmailForm(forms.Form):
    """The new address."""

    email = _email("New e-mail")

    def __init__(self, *args: Any, now: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_email(self) -> str:
        """Another one than now."""
        email = str(self.cleaned_data["email"])
        if email.lower() == self.now.lower():
            raise ValidationError("This is your e-mail already.")
        return email
