"""The steps of signing in: password and Statement of Truth, then the second factor.

The password alone opens nothing: it begins a pending sign-in (see `accounts.signing_in.pending`),
and only a verified code signs the person in.
"""

from datetime import datetime

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django_otp.models import Device

from accounts import audit
from accounts.actors import Actor, official
from accounts.enums import ActorKind, AuditAction
from accounts.guards import lock_out
from accounts.guards.same_time import undone
from accounts.guards.turns import one_at_a_time
from accounts.models import StatementAcceptance, User
from accounts.policy import account, passwords, signing_in
from accounts.verification import devices
from accounts.words import statement
from accounts.words.browser_names import browser_name
from qpp_registration import tracing

NOBODY = Actor(kind=ActorKind.OFFICIAL, name="")


def check_password(
    *, user_id: str, password: str, browser_id: str, received_at: datetime
) -> User | None:
    """The person whose user ID and password these are, who also agreed to the Statement of Truth.

    Keeps the acceptance. None for a wrong or unknown pair, a disabled person, an account that
    wasn't used for 60 days, and while locked: the caller answers all of them alike. Five failures
    in two hours lock the user ID for an hour from the fifth, known or not; what is tried during
    that hour doesn't lengthen it.

    `browser_id`: what the browser has in its cookie, or an empty text (see
    `accounts.guards.lock_out`).
    """
    with transaction.atomic():
        user = _try(user_id, password, browser_id, received_at)
        if user is None:
            return None
        StatementAcceptance.objects.create(
            user=user, accepted_at=received_at, text_version=statement.VERSION
        )
        audit.record(
            AuditAction.STATEMENT_ACCEPTED, actor=official(user), version=statement.VERSION
        )
    return user


def check_own_password(
    *, user: User, password: str, browser_id: str, received_at: datetime
) -> bool:
    """Whether this is the password of the person who is signed in.

    Counted as signing in is, and refused while that is locked.
    """
    with transaction.atomic():
        return _try(user.user_id, password, browser_id, received_at) == user


def complete(*, user: User, device: Device, browser_id: str, received_at: datetime) -> None:
    """Tell the audit that the person is in; confirm the device if this was its first code.

    The browser is a known one from now on, and the failures that counted for it are forgotten.
    Raises devices.AlreadySetUp.
    """
    with transaction.atomic():
        if not device.confirmed:
            devices.confirm(user=user, device=device, received_at=received_at)
        lock_out.forget_own(user=user, browser_id=browser_id, received_at=received_at)
        lock_out.know(user=user, browser_id=browser_id, received_at=received_at)
        audit.record(
            AuditAction.SIGNED_IN,
            actor=official(user),
            device=device.persistent_id,
            browser=_browser(),
        )


def record_proof(*, user: User, device: Device, browser_id: str, received_at: datetime) -> None:
    """Tell the audit that the person gave password and code once more while signed in."""
    with transaction.atomic():
        lock_out.forget_own(user=user, browser_id=browser_id, received_at=received_at)
        audit.record(
            AuditAction.IDENTITY_PROVED,
            actor=official(user),
            device=device.persistent_id,
            browser=_browser(),
        )


def record_sign_out(*, user: User) -> None:
    """Tell the audit that the person pressed *Sign out*."""
    audit.record(AuditAction.SIGNED_OUT, actor=official(user))


def _try(user_id: str, password: str, browser_id: str, received_at: datetime) -> User | None:
    """Look at one user ID and password. Call it in a transaction."""
    key = signing_in.lockout_key(user_id)
    # So that a burst can't outrun the count.
    one_at_a_time(key)
    password = passwords.normalized(password)
    counted = lock_out.counter(
        user_id=key,
        browser_id=browser_id,
        source_address=tracing.source_address.get(),
        received_at=received_at,
    )
    if counted.is_locked(received_at=received_at):
        # A locked user ID takes as long as any other.
        make_password(password)
        undone(lambda: lock_out.add_failure(counted, received_at=received_at))
        _record_refusal(key, locked="locked", counted=counted)
        return None
    user = authenticate(user_id=key, password=password)
    # A paused account is found out last and counted as a failure, to answer as any other.
    if isinstance(user, User) and not account.is_idle(
        last_used_at=user.last_used_at, received_at=received_at
    ):
        return user
    now_locked = lock_out.add_failure(counted, received_at=received_at)
    _record_refusal(key, locked="now locked" if now_locked else "", counted=counted)
    return None


def _record_refusal(key: str, *, locked: str, counted: lock_out.Counter) -> None:
    """Tell the audit. What was typed is not kept: it may be a password in the wrong field."""
    user = User.objects.with_user_id(key).first()
    actor = official(user) if user else NOBODY
    audit.record(
        AuditAction.SIGN_IN_REFUSED,
        actor=actor,
        known=user is not None,
        locked=locked,
        known_browser=bool(counted.browser),
        browser=_browser(),
    )
    if locked == "now locked":
        audit.record(AuditAction.SIGN_IN_LOCKED, actor=actor, known_browser=bool(counted.browser))


def _browser() -> str:
    return browser_name(tracing.browser.get())
