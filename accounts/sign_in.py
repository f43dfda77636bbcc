"""The steps of signing in: password and Statement of Truth, then the second factor.

The password alone opens nothing: it begins a pending sign-in (see `accounts.pending`), and only a
verified code signs the person in.
"""

from datetime import datetime

from axes.handlers.proxy import AxesProxyHandler
from axes.utils import reset
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpRequest
from django_otp.models import Device

from accounts import account_policy, audit, devices, password_policy, policy, statement
from accounts.actors import Actor, official
from accounts.browser_names import browser_name
from accounts.enums import ActorKind, AuditAction
from accounts.models import StatementAcceptance, User
from accounts.turns import one_at_a_time
from qpp_registration import tracing
from qpp_registration.requests import received_at as received_at_of

NOBODY = Actor(kind=ActorKind.OFFICIAL, name="")


def check_password(
    *, request: HttpRequest, user_id: str, password: str, received_at: datetime
) -> User | None:
    """The person whose user ID and password these are, who also agreed to the Statement of Truth.

    Keeps the acceptance. None for a wrong or unknown pair, a disabled person, an account that
    wasn't used for 60 days, and while locked: the caller answers all of them alike. Five failures
    lock the user ID for an hour from the fifth, known or not; what is tried during that hour
    doesn't lengthen it.

    Takes the request because the lock-out library counts by it.
    """
    with transaction.atomic():
        user = _try(request, user_id, password)
        if user is None:
            return None
        StatementAcceptance.objects.create(
            user=user, accepted_at=received_at, text_version=statement.VERSION
        )
        audit.record(
            AuditAction.STATEMENT_ACCEPTED, actor=official(user), version=statement.VERSION
        )
    return user


def check_own_password(*, request: HttpRequest, user: User, password: str) -> bool:
    """Whether this is the password of the person who is signed in.

    Counted as signing in is, and refused while that is locked.
    """
    with transaction.atomic():
        return _try(request, user.user_id, password) == user


def complete(*, user: User, device: Device) -> None:
    """Tell the audit that the person is in; confirm the device if this was its first code.

    Forgets the failures that were counted for the user ID. Raises devices.AlreadySetUp.
    """
    with transaction.atomic():
        if not device.confirmed:
            devices.confirm(user=user, device=device)
        reset(username=policy.lockout_key(user.user_id))
        audit.record(
            AuditAction.SIGNED_IN,
            actor=official(user),
            device=device.persistent_id,
            browser=_browser(),
        )


def forget_failures(*, user: User) -> None:
    """Let the person try again at once: they showed by a mailed link that the mailbox is theirs."""
    reset(username=policy.lockout_key(user.user_id))


def record_proof(*, user: User, device: Device) -> None:
    """Tell the audit that the person gave password and code once more while signed in."""
    audit.record(
        AuditAction.IDENTITY_PROVED,
        actor=official(user),
        device=device.persistent_id,
        browser=_browser(),
    )


def record_sign_out(*, user: User) -> None:
    """Tell the audit that the person pressed *Sign out*."""
    audit.record(AuditAction.SIGNED_OUT, actor=official(user))


def _try(request: HttpRequest, user_id: str, password: str) -> User | None:
    """Look at one user ID and password. Call it in a transaction."""
    key = policy.lockout_key(user_id)
    one_at_a_time(key)
    user, locked = _authenticate(request, key, password_policy.normalized(password))
    if user and account_policy.is_idle(
        last_used_at=user.last_used_at, received_at=received_at_of(request)
    ):
        # Looked at last and counted as a failure, so that a paused account answers as any other.
        user_login_failed.send(__name__, credentials={User.USERNAME_FIELD: key}, request=request)
        request.axes_locked_out = False  # type: ignore[attr-defined]
        user = None
    if user is None:
        _record_refusal(key, locked=locked)
    return user


def _authenticate(request: HttpRequest, key: str, password: str) -> tuple[User | None, str]:
    """The person, or None and what the lock-out library said: "", "locked" or "now locked"."""
    # Counted by user ID alone, in one row whose last failure begins the hour: not by address or
    # browser, which an attacker changes at will.
    AxesProxyHandler.update_request(request)
    request.axes_ip_address = None  # type: ignore[attr-defined]
    request.axes_user_agent = ""  # type: ignore[attr-defined]
    was_locked = AxesProxyHandler.is_locked(request, {User.USERNAME_FIELD: key})
    user = authenticate(request, user_id=key, password=password)
    now_locked = request.axes_locked_out  # type: ignore[attr-defined]
    # The library's middleware would answer with a page of its own, unlike every other refusal.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    if isinstance(user, User):
        return user, ""
    if was_locked:
        # A locked user ID takes as long as any other: the password is hashed all the same.
        make_password(password)
        return None, "locked"
    return None, "now locked" if now_locked else ""


def _record_refusal(key: str, *, locked: str) -> None:
    """Tell the audit. What was typed is not kept: it may be a password in the wrong field."""
    user = User.objects.filter(user_id__iexact=key).first()
    actor = official(user) if user else NOBODY
    audit.record(
        AuditAction.SIGN_IN_REFUSED,
        actor=actor,
        known=user is not None,
        locked=locked,
        browser=_browser(),
    )
    if locked == "now locked":
        audit.record(AuditAction.SIGN_IN_LOCKED, actor=actor)


def _browser() -> str:
    return browser_name(tracing.browser.get())
