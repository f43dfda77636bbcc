"""Passkeys and security keys: what the browser is asked to sign, and whether it did.

Each challenge is kept for five minutes, for one sign-in, and is gone with the first answer to it,
right or wrong. The authenticator must have verified its person (fingerprint, face, PIN).
"""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import UserVerificationRequirement

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction
from accounts.models import PasskeyChallenge, User
from accounts.policy import signing_in
from accounts.verification import devices

LONGEST_ANSWER = 20_000  # characters of JSON
# Whatever the libraries raise for an answer that isn't what was asked for.
NOT_VALID = (
    OTPWebAuthnApiError,
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    RecursionError,
)


class NotProved(Exception):
    """The answer isn't the signature that was asked for; a text fit for the person."""


class Ceremony(WebAuthnHelper):
    """The library's ceremonies, with a verified person in each and people's names in ours."""

    def get_credential_display_name(self, user: User) -> str:
        """What the browser shows beside the passkey."""
        return f"{user.full_name} ({user.user_id})"

    def get_generate_registration_options_kwargs(self, *, user: User) -> dict[str, Any]:
        """As the library has it, but the authenticator must verify its person."""
        options: dict[str, Any] = super().get_generate_registration_options_kwargs(user=user)
        wanted = options["authenticator_selection"]
        wanted.user_verification = UserVerificationRequirement.REQUIRED
        return options

    def create_credential(self, *args: Any, **kwargs: Any) -> WebAuthnCredential:
        """As the library has it, but not confirmed: `devices.confirm` decides on that."""
        passkey: WebAuthnCredential = super().create_credential(*args, **kwargs)
        passkey.confirmed = False
        return passkey


def works_on(host: str) -> bool:
    """Whether passkeys work under that host: browsers bind them to the site's own name."""
    return host == urlsplit(settings.PASSKEY_ORIGIN).netloc


def wrong_address() -> str:
    """What is said where they don't work."""
    return f"Browsers bind a passkey to the site’s name. Open {settings.PASSKEY_ORIGIN}/ instead."


def ask_to_sign(
    *, user: User, passkey: WebAuthnCredential, sign_in: UUID, received_at: datetime
) -> dict[str, Any]:
    """What the browser is to have signed by this passkey; replaces what was asked before."""
    options, state = Ceremony(None).authenticate_begin(user=user, require_user_verification=True)
    asked = [one for one in options["allowCredentials"] if one["id"] == _name_of(passkey)]
    _keep(user, sign_in, state, received_at)
    return {**options, "allowCredentials": asked}


def check_signature(
    *, user: User, passkey: WebAuthnCredential, sign_in: UUID, answer: str, received_at: datetime
) -> None:
    """Check what the browser sent for `ask_to_sign`. Of many at once one succeeds.

    Raises NotProved: no valid signature of this passkey, asked for too long ago, answered before.
    """
    challenge = _take(user, sign_in, received_at)
    with transaction.atomic():
        if challenge and _signed(user, passkey, challenge, answer):
            WebAuthnCredential.objects.filter(pk=passkey.pk).update(last_used_at=received_at)
            return
        audit.record(AuditAction.CODE_REFUSED, actor=official(user), device=passkey.persistent_id)
    raise NotProved(
        "The passkey that you chose didn’t confirm this, or it took too long. Try again."
    )


def ask_to_make(*, user: User, sign_in: UUID, received_at: datetime) -> dict[str, Any]:
    """What the browser needs to make a new passkey; those that the person has are left out."""
    options, state = Ceremony(None).register_begin(user=user)
    _keep(user, sign_in, state, received_at)
    result: dict[str, Any] = options
    return result


def add_passkey(
    *, user: User, sign_in: UUID, answer: str, received_at: datetime, first: bool
) -> WebAuthnCredential:
    """Keep the passkey that the browser made for `ask_to_make`, confirmed by its signature.

    Raises NotProved, devices.AlreadySetUp, and Refused when there are too many devices.
    """
    challenge = _take(user, sign_in, received_at)
    if not challenge:
        raise NotProved("This took too long, or was confirmed before. Try again.")
    try:
        with transaction.atomic():
            passkey: WebAuthnCredential = Ceremony(None).register_complete(
                user=user, state=_state(challenge), data=_read(answer)
            )
            devices.confirm(user=user, device=passkey, received_at=received_at, first=first)
    except (*NOT_VALID, IntegrityError) as error:
        raise NotProved("The passkey couldn’t be added. Try again, or use another one.") from error
    return passkey


def _keep(user: User, sign_in: UUID, state: dict[str, Any], received_at: datetime) -> None:
    """Keep what is asked; what the person was asked too long ago is forgotten."""
    PasskeyChallenge.objects.filter(user=user, expires_at__lte=received_at).delete()
    PasskeyChallenge.objects.update_or_create(
        sign_in=sign_in,
        defaults={
            "user": user,
            "challenge": state["challenge"],
            "expires_at": received_at + signing_in.CEREMONY_LIFE,
        },
    )


def _take(user: User, sign_in: UUID, received_at: datetime) -> str:
    """The challenge that is to be answered, which is gone with this; empty when there is none."""
    asked = PasskeyChallenge.objects.filter(
        user=user, sign_in=sign_in, expires_at__gt=received_at
    ).first()
    if asked and PasskeyChallenge.objects.filter(challenge=asked.challenge).delete()[0]:
        return str(asked.challenge)
    return ""


def _state(challenge: str) -> dict[str, Any]:
    """What the library kept between question and answer."""
    return {"challenge": challenge, "require_user_verification": True}


def _signed(user: User, passkey: WebAuthnCredential, challenge: str, answer: str) -> bool:
    """Whether this passkey signed the challenge; another one's signature leaves no trace."""
    try:
        data = _read(answer)
        if data.get("rawId") != _name_of(passkey):
            return False
        with transaction.atomic():
            used = Ceremony(None).authenticate_complete(
                user=user, state=_state(challenge), data=data
            )
    except NOT_VALID:
        return False
    return bool(used.confirmed)


def _name_of(passkey: WebAuthnCredential) -> str:
    """The passkey's own name, as browsers write it."""
    return bytes_to_base64url(bytes(passkey.credential_id))


def _read(answer: str) -> dict[str, Any]:
    """The browser's JSON. Raises ValueError."""
    data = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    if isinstance(data, dict):
        return data
    raise ValueError("no object")
