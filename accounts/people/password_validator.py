"""The password policy as Django asks for it (setting AUTH_PASSWORD_VALIDATORS)."""

from collections.abc import Iterator

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.models import Role, User
from accounts.policy import passwords

NAMES_LOOKED_AT = 200  # organizations of one person


class PasswordPolicy:
    """Refuses what `policy.passwords` refuses. Reads the list of common passwords once."""

    def __init__(self) -> None:
        self.common = frozenset(CommonPasswordValidator().passwords)

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError with the reason."""
        known = [] if user is None else list(known_of(user))
        if reason := passwords.problem(password, known=known, common=self.common):
            raise ValidationError(reason, code="password_refused")

    def get_help_text(self) -> str:
        """What a good password is."""
        return (
            f"{passwords.SHORTEST} to {passwords.LONGEST} characters. "
            "A few words with spaces are fine."
        )


def known_of(user: User) -> Iterator[str]:
    """What others know of the person: names, user ID, e-mail, organizations."""
    yield from (user.first_name, user.last_name, user.user_id, user.email)
    yield from user.email.split("@")
    if user._state.adding:
        return
    roles = Role.objects.filter(user=user).order_by("granted_at", "pk")
    yield from roles.values_list("organization__name", flat=True)[:NAMES_LOOKED_AT]
