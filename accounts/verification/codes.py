"""One-time codes: sending one to a phone, and checking what the person entered.

A code is bound to one sign-in and one device, is kept only as a keyed hash, works once, and dies
after ten minutes, after five wrong tries, or when a newer one is sent. Wrong codes are counted for
the person over all devices and recovery codes; a passkey's signature can't be guessed, and nobody
can lock it by guessing codes.
"""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import django_otp
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django_otp.models import Device

from accounts import audit
from accounts.actors import official
from accounts.channels import DeliveryFailed, DeliveryRefused, open_channel
from accounts.enums import AuditAction, Channel
from accounts.guards.turns import one_at_a_time
from accounts.models import ChannelDevice, OneTimeCode, RecoveryCodes, User
from accounts.policy import signing_in
from accounts.verification import devices, notices, recovery_codes
from accounts.verification.kinds import is_disabled, label
from qpp_registration import tracing

log = logging.getLogger(__name__)


class TooSoon(Exception):
    """Another code can't be sent yet."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class NotSent(Exception):
    """The code couldn't be handed over; a text fit for the person."""


class Verdict(StrEnum):
    """What came of an entered code."""

    RIGHT = "right"
    WRONG = "wrong"
    DEAD = "dead"  # expired, used, replaced, or guessed at too often: a new one is needed
    LOCKED = "locked"
    DISABLED = "disabled"  # the device, after too many wrong ones


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The verdict, and until when the person's codes are locked."""

    verdict: Verdict
    locked_until: datetime | None = None


def send_code(*, user: User, device: ChannelDevice, sign_in: UUID, received_at: datetime) -> None:
    """Send a new code to the phone; it replaces the code sent before in this sign-in.

    Raises TooSoon (30 s between two, 5 in 15 minutes, 20 in 24 hours, by text and by voice to the
    same number together; while adding a phone the last two hold for all numbers of the person
    together; CODES_PER_ADDRESS in 5 minutes for one client address) and NotSent.
    """
    code = f"{secrets.randbelow(10**signing_in.CODE_DIGITS):0{signing_in.CODE_DIGITS}}"
    with transaction.atomic():
        # The lock on the person makes the counting of two sends at once come out right.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        address = tracing.source_address.get()
        until = max(
            may_send_at(device, received_at=received_at),
            _address_may_send_at(address, received_at),
        )
        if until > received_at:
            raise TooSoon(until)
        kept = OneTimeCode.objects.create(
            user=user,
            device=device,
            sign_in=sign_in,
            digest=_digest(sign_in, device, code),
            sent_at=received_at,
            expires_at=received_at + signing_in.CODE_LIFE,
            source_address=address,
        )
        audit.record(AuditAction.CODE_SENT, actor=official(user), device=device.persistent_id)
    # Out of the transaction: a slow gateway must not hold the lock. A code that didn't get out
    # counts as sent, so that a broken gateway isn't hammered.
    _hand_over(user, device, code, kept.id)


def check_code(
    *, user: User, device: Device, sign_in: UUID, code: str, received_at: datetime
) -> Outcome:
    """Look at an entered code, of a phone, of the authenticator app, or for recovery.

    A right one is used up. Ten wrong ones in a row, over all devices and sign-ins of the person,
    lock their codes for ten minutes; while locked nothing is looked at. A hundred wrong ones in a
    row for one device disable it.
    """
    with transaction.atomic():
        # Counted as wrong before it is looked at: tries in parallel wait for each other here.
        counted = (
            User.objects.filter(pk=user.pk)
            .filter(Q(codes_locked_until=None) | Q(codes_locked_until__lte=received_at))
            .update(code_failures=F("code_failures") + 1)
        )
        user.refresh_from_db(fields=["code_failures", "codes_locked_until"])
        if not counted:
            return Outcome(verdict=Verdict.LOCKED, locked_until=user.codes_locked_until)
        verdict = _check(user, device, sign_in, code, received_at)
        return _settle(user, device, verdict, received_at)


def _check(user: User, device: Device, sign_in: UUID, code: str, received_at: datetime) -> Verdict:
    """What the code is worth. The person's row is locked, so that tries wait for each other."""
    if isinstance(device, RecoveryCodes):
        right = recovery_codes.use_code(codes=device, code=code, received_at=received_at)
        return Verdict.RIGHT if right else Verdict.WRONG
    device.refresh_from_db()
    if is_disabled(device):
        return Verdict.DISABLED
    if isinstance(device, ChannelDevice):
        verdict = _check_sent_code(device, sign_in, code, received_at)
        _count(device, verdict, received_at)
    else:
        right = django_otp.verify_token(user, device.persistent_id, code)
        verdict = Verdict.RIGHT if right else Verdict.WRONG
        device.refresh_from_db()
    if verdict is not Verdict.RIGHT and is_disabled(device):
        audit.record(AuditAction.DEVICE_DISABLED, actor=official(user), device=device.persistent_id)
        notices.tell_disabled(user, label(device), devices.handle_of(device), received_at)
        return Verdict.DISABLED
    return verdict


def _count(device: ChannelDevice, verdict: Verdict, received_at: datetime) -> None:
    """Count wrong codes in a row for a phone. The app counts its own."""
    if verdict is Verdict.RIGHT:
        device.wrong_codes, device.last_used_at = 0, received_at
        device.save(update_fields=["wrong_codes", "last_used_at"])
    else:
        device.wrong_codes += 1
        device.save(update_fields=["wrong_codes"])


def _settle(user: User, device: Device, verdict: Verdict, received_at: datetime) -> Outcome:
    """Reset or keep the count of wrong codes, and tell the audit."""
    if verdict is Verdict.RIGHT:
        User.objects.filter(pk=user.pk).update(code_failures=0, codes_locked_until=None)
        return Outcome(verdict=verdict)
    until = signing_in.lock_after_wrong_code(user.code_failures, received_at=received_at)
    if until:
        User.objects.filter(pk=user.pk).update(code_failures=0, codes_locked_until=until)
        verdict = Verdict.LOCKED
    audit.record(
        AuditAction.CODES_LOCKED if until else AuditAction.CODE_REFUSED,
        actor=official(user),
        device=device.persistent_id,
    )
    return Outcome(verdict=verdict, locked_until=until)


def _check_sent_code(
    device: ChannelDevice, sign_in: UUID, code: str, received_at: datetime
) -> Verdict:
    # Only the newest code of the sign-in counts, whichever device it went to.
    kept = OneTimeCode.objects.filter(sign_in=sign_in).order_by("-sent_at").first()
    if (
        kept is None
        or kept.device_id != device.pk
        or not signing_in.code_is_alive(
            expires_at=kept.expires_at,
            used_at=kept.used_at,
            failures=kept.failures,
            received_at=received_at,
        )
    ):
        return Verdict.DEAD
    alive = OneTimeCode.objects.filter(
        pk=kept.pk,
        used_at=None,
        expires_at__gt=received_at,
        failures__lt=signing_in.WRONG_CODES_KILL_CODE,
    )
    if hmac.compare_digest(kept.digest, _digest(sign_in, device, code)):
        return Verdict.RIGHT if alive.update(used_at=received_at) == 1 else Verdict.DEAD
    alive.update(failures=F("failures") + 1)
    last_try = kept.failures + 1 >= signing_in.WRONG_CODES_KILL_CODE
    return Verdict.DEAD if last_try else Verdict.WRONG


def may_send_at(device: ChannelDevice, *, received_at: datetime) -> datetime:
    """The moment from which another code may be sent to the phone; `received_at`: now."""
    recent = OneTimeCode.objects.filter(
        user_id=device.user_id, sent_at__gt=received_at - signing_in.SENDS_REMEMBERED
    )
    to_number = recent.filter(device__address=device.address).values_list("sent_at", flat=True)
    until = signing_in.may_send_at(list(to_number), received_at=received_at)
    if not device.confirmed:
        # Before a phone is confirmed its number can be anybody's, and each one is a new device.
        to_person = recent.values_list("sent_at", flat=True)
        until = max(
            until,
            signing_in.may_send_at(
                list(to_person), received_at=received_at, resend_after=signing_in.NO_WAIT
            ),
        )
    return until


def _address_may_send_at(address: str, received_at: datetime) -> datetime:
    one_at_a_time(f"codes to {address}")
    recent = OneTimeCode.objects.filter(
        source_address=address, sent_at__gt=received_at - signing_in.ADDRESS_WINDOW
    )
    return signing_in.address_may_send_at(
        list(recent.values_list("sent_at", flat=True)),
        limit=settings.CODES_PER_ADDRESS,
        received_at=received_at,
    )


def _hand_over(user: User, device: ChannelDevice, code: str, message_id: UUID) -> None:
    try:
        open_channel(device.channel).send(
            to=device.address,
            subject="Your one-time code",
            body=_message(device.channel, code),
            message_id=str(message_id),
        )
    except DeliveryRefused as error:
        _keep_not_sent(user, device, error)
        raise NotSent(
            f"We can’t send codes to {audit.masked('phone', device.address)}: the number doesn’t "
            "take them. Check the number, or use a different device."
        ) from error
    except (DeliveryFailed, OSError) as error:
        _keep_not_sent(user, device, error)
        raise NotSent(
            "We couldn't send the code. Try again in a minute, or use a different device."
        ) from error


def _keep_not_sent(user: User, device: ChannelDevice, error: Exception) -> None:
    """Tell the audit and operations; the errors of channels hold no personal data."""
    why = str(error) if not isinstance(error, OSError) else type(error).__name__
    audit.record(AuditAction.CODE_NOT_SENT, actor=official(user), device=device.persistent_id)
    log.warning("A code couldn't be sent as %s: %s", device.channel, why)


def _message(channel: str, code: str) -> str:
    minutes = int(signing_in.CODE_LIFE.total_seconds() // 60)
    warning = "Never share it: nobody from the Quality Payment Program will ask you for it."
    if channel == Channel.VOICE:
        return f"Your QPP Registration code is {code}. It works for {minutes} minutes. {warning}"
    return f"{code} is your QPP Registration code. It works for {minutes} minutes. {warning}"


def _digest(sign_in: UUID, device: ChannelDevice, code: str) -> str:
    text = f"{sign_in}:{device.pk}:{code}"
    return hmac.new(settings.CODE_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
