"""People's accounts. Nobody's password is typed by somebody else: a link is mailed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor, official
from accounts.enums import AuditAction, LinkPurpose
from accounts.messages import links
from accounts.models import User
from accounts.people import passwords
from accounts.policy.account import FIRST_LINK_LIFE
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from accounts.words import account_mail
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
    staff_group: StaffGroup | None,
    actor: Actor,
    received_at: datetime,
    phone: str = "",
    password: str | None = None,
) -> User:
    """Create an account (2023 guide, II: Obtain Access).

    `staff_group`: for CMS staff, what they may do. Without a password, which is the rule, the
    person gets a mail with a link to set one. Raises Refused naming each field that isn't right.
    """
    user = User(
        user_id=user_id.strip(),
        email=User.objects.normalize_email(email.strip()),
        first_name=_clean_name("first name", first_name),
        last_name=_clean_name("last name", last_name),
        phone=phone,
        created_at=received_at,
    )
    user.set_password(password)
    validate(user)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            audit.record(
                AuditAction.USER_CREATED,
                actor=actor,
                object_id=user.pk,
                user_id=user.user_id,
                email=audit.masked("email", user.email),
                staff_group=staff_group.label if staff_group else "",
            )
            if staff_group:
                put_into(user, staff_group)
            if password is None:
                _mail_link(user, received_at)
            else:
                passwords.keep(user, received_at=received_at)
    except IntegrityError:
        raise Refused("An account with this user ID or e-mail exists.") from None
    return user


def change_profile(*, user: User, first_name: str, last_name: str, phone: str) -> bool:
    """Change names (one line each) and phone (ten digits or empty). Whether anything is new."""
    new = {"first_name": first_name, "last_name": last_name, "phone": phone}
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        old = {name: getattr(locked, name) for name in new}
        changed = {name: value for name, value in new.items() if value != old[name]}
        if not changed:
            return False
        for name, value in changed.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(changed))
        audit.record(
            AuditAction.PROFILE_CHANGED,
            actor=official(locked),
            object_id=locked.pk,
            before={name: audit.masked(name, old[name]) for name in changed},
            after={name: audit.masked(name, value) for name, value in changed.items()},
        )
    return True


def _clean_name(field: str, text: str) -> str:
    try:
        return clean_line(text)
    except ValueError as error:
        raise Refused(f"{field}: {error}") from None


def validate(user: User) -> None:
    """Raise Refused with each reason why the person can't be stored, one a line."""
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
    link, address = links.make(
        purpose=LinkPurpose.PASSWORD,
        user=user,
        email=user.email,
        life=FIRST_LINK_LIFE,
        received_at=received_at,
    )
    letter = account_mail.account_made(
        name=user.full_name,
        user_id=user.user_id,
        link=address,
        until=show_day_and_time(link.expires_at),
    )
    links.mail(
        letter,
        to=user.email,
        at=received_at,
        key=f"user.created:{user.pk}",
        until=link.expires_at,
    )
