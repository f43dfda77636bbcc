"""Setting and changing passwords. Hashing takes long, so it happens before anything is locked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, SessionEnd
from accounts.guards import lock_out
from accounts.messages import links
from accounts.models import AccountLink, FormerPassword, User
from accounts.policy.account import REMEMBERED_PASSWORDS
from accounts.sessions.live import end_other_sessions
from accounts.words import account_mail
from qpp_registration.addresses import whole_address
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused


class PasswordReused(Refused):
    """It is one of the person's last passwords."""


class PasswordChangedMeanwhile(Refused):
    """Somebody else changed the password while this change was made."""


def set_password(*, link: AccountLink, password: str, received_at: datetime) -> User:
    """Set the password with a mailed link. Ends all sessions of the person; signs nobody in.

    A paused account works again, and failures to sign in that were counted so far are forgotten:
    the link shows whose mailbox it is, and the second factor is still asked for. Raises
    links.LinkEnded, also for the second of two at once, and PasswordReused.
    """
    user = link.user
    assert user  # noqa: S101 - only a link to register has none
    known = _refuse_reused(user, password)
    encoded = make_password(password)
    with transaction.atomic():
        locked = _lock(user)
        links.use(link_id=link.pk, received_at=received_at)
        had_one = locked.has_usable_password()
        if _hashes_of(locked) != known:
            raise PasswordChangedMeanwhile("The password was changed just now. Ask for a new link.")
        _store(locked, encoded, received_at)
        _end_sessions(locked, None, received_at)
        lock_out.forget_all(user=locked)
        audit.record(AuditAction.PASSWORD_SET, actor=official(locked))
        if had_one:
            _notify(locked, link.pk, received_at)
    return locked


def change_password(
    *, user: User, password: str, own_key: str | None, received_at: datetime
) -> User:
    """Change the password of somebody who just gave the old one.

    Ends their sessions but that of `own_key`.

    Raises PasswordReused and PasswordChangedMeanwhile.
    """
    known = _refuse_reused(user, password)
    encoded = make_password(password)
    with transaction.atomic():
        locked = _lock(user)
        if locked.password != user.password or _hashes_of(locked) != known:
            raise PasswordChangedMeanwhile("Your password was changed just now, in another place.")
        kept = _store(locked, encoded, received_at)
        _end_sessions(locked, own_key, received_at)
        audit.record(AuditAction.PASSWORD_CHANGED, actor=official(locked))
        _notify(locked, kept.pk, received_at)
    return locked


def keep(user: User, *, received_at: datetime) -> FormerPassword:
    """Remember the person's password, and forget all but the last six. In a transaction."""
    kept = FormerPassword.objects.create(user=user, password=user.password, set_at=received_at)
    newest = FormerPassword.objects.filter(user=user).order_by("-pk")
    old = newest.values_list("pk", flat=True)[REMEMBERED_PASSWORDS:]
    FormerPassword.objects.filter(pk__in=list(old)).delete()
    return kept


def _end_sessions(user: User, own_key: str | None, received_at: datetime) -> None:
    end_other_sessions(user=user, own_key=own_key, received_at=received_at, why=SessionEnd.PASSWORD)


def _refuse_reused(user: User, password: str) -> set[str]:
    """The hashes that the password was compared with. Raises PasswordReused."""
    hashes = _hashes_of(user)
    if _is_one_of(password, hashes):
        raise PasswordReused(
            f"You used this password before. Choose one that differs from your last "
            f"{REMEMBERED_PASSWORDS}."
        )
    return hashes


def _hashes_of(user: User) -> set[str]:
    kept = set(FormerPassword.objects.filter(user=user).values_list("password", flat=True))
    return kept | ({user.password} if user.has_usable_password() else set())


def _is_one_of(password: str, hashes: Iterable[str]) -> bool:
    return any(check_password(password, encoded) for encoded in hashes)


def _lock(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _store(user: User, encoded: str, received_at: datetime) -> FormerPassword:
    kept = FormerPassword.objects.filter(user=user, password=user.password)
    if user.has_usable_password() and not kept.exists():
        keep(user, received_at=user.password_set_at or user.created_at)
    user.password = encoded
    user.password_set_at = received_at
    user.save(update_fields=["password", "password_set_at"])
    links.void(user=user)
    return keep(user, received_at=received_at)


def _notify(user: User, about: int | UUID, received_at: datetime) -> None:
    letter = account_mail.password_changed(
        name=user.full_name,
        when=show_day_and_time(received_at),
        recover=whole_address("recover"),
    )
    links.mail(letter, to=user.email, at=received_at, key=f"password.changed:{about}")
