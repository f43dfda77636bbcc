"""Creating people's accounts. Nobody's password is typed by somebody else: a link is mailed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.messages import queue_email
from accounts.models import User
from accounts.passwords import set_password_link
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused
from qpp_registration.text import clean_line

USER_ID_SHAPE = (
    "A user ID has 5 to 64 letters, digits, dots, dashes, underscores, + or @, "
    "and begins with a letter or digit."
)


def find_user(user_id: str) -> User:
    """The person with that user ID, without regard to case. Raises Refused."""
    try:
        return User.objects.get_by_natural_key(user_id.strip())
    except User.DoesNotExist:
        raise Refused(f'Nobody has the user ID "{user_id}".') from None


def create_person(
    *,
    user_id: str,
    email: str,
    first_name: str,
    last_name: str,
    cms_staff: bool,
    actor: Actor,
    received_at: datetime,
    password: str | None = None,
) -> User:
    """Create an account (2023 guide, II: Obtain Access).

    Without a password, which is the rule, the person gets a mail with a link to set one. Raises
    Refused naming each field that isn't right.
    """
    user = User(
        user_id=user_id.strip(),
        email=User.objects.normalize_email(email.strip()),
        first_name=_clean_name("first name", first_name),
        last_name=_clean_name("last name", last_name),
        is_staff=cms_staff,
        created_at=received_at,
    )
    user.set_password(password)
    _validate(user)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            audit.record(
                AuditAction.USER_CREATED,
                actor=actor,
                object_id=user.pk,
                user_id=user.user_id,
                email=audit.masked("email", user.email),
                cms_staff=cms_staff,
            )
            if password is None:
                _mail_link(user, received_at)
    except IntegrityError:
        raise Refused("An account with this user ID or e-mail exists.") from None
    return user


def _clean_name(field: str, text: str) -> str:
    try:
        return clean_line(text)
    except ValueError as error:
        raise Refused(f"{field}: {error}") from None


def _validate(user: User) -> None:
    try:
        user.full_clean()
    except ValidationError as error:
        reasons = []
        for field, problems in error.error_dict.items():
            name = "" if field == "__all__" else f"{field.replace('_', ' ')}: "
            for problem in problems:
                if field == "user_id" and problem.code == "invalid":
                    reasons.append(f"{name}{USER_ID_SHAPE}")
                else:
                    reasons.extend(f"{name}{text}" for text in problem.messages)
        raise Refused("\n".join(reasons)) from None


def _mail_link(user: User, received_at: datetime) -> None:
    until = received_at + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    queue_email(
        to=user.email,
        subject="Your account for QPP registration",
        body=(
            f"Hello {user.full_name},\n\n"
            f"an account was created for you. Your user ID is {user.user_id}.\n\n"
            f"Set your password until {show_day_and_time(until)}:\n"
            f"{set_password_link(user)}\n\n"
            "Then sign in. At your first sign-in you set up two-factor authentication: have your "
            "phone at hand.\n"
        ),
        due_at=received_at,
        dedupe_key=f"user.created:{user.pk}",
        expires_at=until,
        secret=True,
    )
