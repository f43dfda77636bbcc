"""Who is signed in, read together with the device that they were verified with."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import BigAutoField, QuerySet, UUIDField
from django.utils.crypto import constant_time_compare
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.middleware import is_verified

from accounts.models import RecoveryCodes, User
from accounts.verification.kinds import DEVICE_MODELS
from qpp_registration.prepared import Prepared

_KINDS: tuple[type[Any], ...] = (*DEVICE_MODELS, RecoveryCodes)


def _confirmed(model: type[Any], *, device: Any, user: Any) -> QuerySet[Any]:
    """The person's own device, if it is confirmed, with its person."""
    return model.objects.filter(pk=device, user=user, confirmed=True).select_related("user")


_CONFIRMED: dict[str, Prepared[Any]] = {
    model.model_label(): Prepared(
        partial(_confirmed, model), device=BigAutoField(), user=UUIDField()
    )
    for model in _KINDS
}


def verified_person(session: SessionBase) -> User | None:
    """The session's person, where all of it holds: in one query, anew with each request.

    They are active, have the password that the session began with, and still have the confirmed
    device that they were verified with. None where anything doesn't hold: what is then to be done,
    Django and django-otp decide, which know more, such as keys that were replaced.
    """
    kind, _, number = session.get(DEVICE_ID_SESSION_KEY, "").rpartition("/")
    if (
        kind not in _CONFIRMED
        or not number.isdecimal()
        or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS
    ):
        return None
    device = _CONFIRMED[kind].first(device=int(number), user=session.get(SESSION_KEY))
    if device is None or not device.user.is_active:
        return None
    user: User = device.user
    began_with = session.get(HASH_SESSION_KEY, "")
    if not constant_time_compare(began_with, user.get_session_auth_hash()):
        return None
    user.otp_device = device  # type: ignore[attr-defined]
    user.is_verified = partial(is_verified, user)  # type: ignore[attr-defined]
    return user
