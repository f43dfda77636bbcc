"""Somebody lost all devices and recovery codes: a reset that two members of staff do together.

The person asks for it, or staff does for them. One member of staff proves who the person is and
asks; another one approves. Every step is audited once and told to the person.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.actors import Actor, official, staff
from accounts.enums import AuditAction, ResetStatus
from accounts.guards import lock_out
from accounts.messages import links
from accounts.models import DeviceReset, RecoveryCodes, User
from accounts.models.resets import OPEN
from accounts.policy import signing_in
from accounts.sessions import live
from accounts.staff.reach import require_reach, why_out_of_reach
from accounts.verification import notices
from accounts.verification.kinds import DEVICE_MODELS
from qpp_registration.errors import Refused
from qpp_registration.text import clean_line


def open_reset_of(user: User, *, received_at: datetime) -> DeviceReset | None:
    """The reset of the person's devices that is neither decided nor too old."""
    return _open(received_at).filter(person=user).first()


def request_reset(*, user: User, phone: str, received_at: datetime) -> DeviceReset:
    """The person, who gave the password, lost everything. `phone`: where staff reaches them.

    Asking again while it is open changes nothing.
    """
    with transaction.atomic():
        _lock(user)
        _end_too_old(user, received_at)
        reset = open_reset_of(user, received_at=received_at)
        if reset:
            return reset
        reset = _new(user, received_at, status=ResetStatus.REQUESTED, phone=phone)
        reset.save()
        _record(AuditAction.DEVICE_RESET_REQUESTED, reset, official(user))
        notices.tell_reset_begun(reset, received_at)
    return reset


def withdraw(*, user: User, received_at: datetime) -> None:
    """The person still has a device, or never asked. Without an open reset nothing happens."""
    with transaction.atomic():
        _lock(user)
        reset = open_reset_of(user, received_at=received_at)
        if reset is None:
            return
        reset.status = ResetStatus.WITHDRAWN
        reset.save(update_fields=["status"])
        _record(AuditAction.DEVICE_RESET_WITHDRAWN, reset, official(user))


def ask(
    *, person: User, asked_by: User, reason: str, identity_proof: str, received_at: datetime
) -> DeviceReset:
    """A member of staff proved who the person is, and asks a second one to approve the reset.

    It can be approved for seven days. Raises Refused when it is about their own devices or those of
    staff with more rights, when something isn't said, and when it was asked for already.
    """
    reason = _said("Say why the devices are to be reset.", reason)
    identity_proof = _said("Say how the person’s identity was proved.", identity_proof)
    if person == asked_by:
        raise Refused("Nobody asks for a reset of their own devices.")
    with transaction.atomic():
        require_reach(staff(asked_by), _lock(person))
        _end_too_old(person, received_at)
        reset = open_reset_of(person, received_at=received_at)
        if reset and reset.status == ResetStatus.ASKED:
            raise Refused(f"{reset.asked_by} asked for this reset already.")
        reset = reset or _new(person, received_at)
        reset.status = ResetStatus.ASKED
        reset.expires_at = received_at + signing_in.RESET_LIFE
        reset.asked_by, reset.asked_at = asked_by, received_at
        reset.reason, reset.identity_proof = reason, identity_proof
        reset.save()
        _record(AuditAction.DEVICE_RESET_ASKED, reset, staff(asked_by, reason))
        notices.tell_reset_begun(reset, received_at)
    return reset


def approve(*, reset_id: UUID, decided_by: User, reason: str, received_at: datetime) -> DeviceReset:
    """A second member of staff agrees: all devices and recovery codes go, all sessions end.

    The password goes as well: the person sets a new one by mail, then a first device.
    Approving an approved one changes nothing. Raises Refused (`why_not_decided`), also without a
    reason, and DeviceReset.DoesNotExist.
    """
    reason = _said("Say why the reset is approved.", reason)
    with transaction.atomic():
        reset = _lock_reset(reset_id)
        if reset.status == ResetStatus.APPROVED and reset.person_id != decided_by.pk:
            return reset
        _decide(reset, ResetStatus.APPROVED, decided_by, reason, received_at)
        person = reset.person
        for model in DEVICE_MODELS:
            model.objects.filter(user=person).delete()
        RecoveryCodes.objects.filter(user=person).delete()
        actor = staff(decided_by, reason)
        live.end_sessions_of(users=[person], actor=actor, received_at=received_at)
        lock_out.forget_all(user=person)
        # Whoever knows the password mustn't be the first to set up a device.
        person.set_unusable_password()
        person.save(update_fields=["password"])
        links.void(user=person)
        _record(AuditAction.DEVICE_RESET_APPROVED, reset, actor)
        notices.tell_reset_done(reset, received_at)
    return reset


def deny(*, reset_id: UUID, decided_by: User, reason: str, received_at: datetime) -> DeviceReset:
    """A second member of staff doesn't agree; nothing changes for the person.

    Denying a denied one changes nothing. Raises Refused and DeviceReset.DoesNotExist.
    """
    reason = _said("Say why the reset is denied.", reason)
    with transaction.atomic():
        reset = _lock_reset(reset_id)
        if reset.status == ResetStatus.DENIED and reset.person_id != decided_by.pk:
            return reset
        _decide(reset, ResetStatus.DENIED, decided_by, reason, received_at)
        _record(AuditAction.DEVICE_RESET_DENIED, reset, staff(decided_by, reason))
        notices.tell_reset_denied(reset, received_at)
    return reset


def why_not_decided(reset: DeviceReset, *, by: User, received_at: datetime) -> str:
    """Why this member of staff can't decide on the reset; an empty text when they can."""
    return signing_in.why_not_decided(
        status=ResetStatus(reset.status),
        expires_at=reset.expires_at,
        is_own=reset.person_id == by.pk,
        asked_too=reset.asked_by_id == by.pk,
        out_of_reach=why_out_of_reach(by, reset.person),
        now=received_at,
    )


def _decide(
    reset: DeviceReset, status: ResetStatus, by: User, reason: str, received_at: datetime
) -> None:
    if refused := why_not_decided(reset, by=by, received_at=received_at):
        raise Refused(refused)
    reset.status = status
    reset.decided_by, reset.decided_at, reset.decision_reason = by, received_at, reason
    reset.save()


def _open(received_at: datetime) -> Any:
    return DeviceReset.objects.filter(status__in=OPEN, expires_at__gt=received_at)


def _end_too_old(person: User, received_at: datetime) -> None:
    """Make room for a new one: a person has at most one that is open."""
    DeviceReset.objects.filter(
        Q(person=person, status__in=OPEN), expires_at__lte=received_at
    ).update(status=ResetStatus.EXPIRED)


def _new(person: User, received_at: datetime, **fields: Any) -> DeviceReset:
    return DeviceReset(
        person=person,
        begun_at=received_at,
        expires_at=received_at + signing_in.RESET_LIFE,
        **fields,
    )


def _lock(person: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def _lock_reset(reset_id: UUID) -> DeviceReset:
    """The reset, read after its person was locked, as everywhere here."""
    _lock(DeviceReset.objects.select_related("person").get(pk=reset_id).person)
    return DeviceReset.objects.select_related("person", "asked_by").get(pk=reset_id)


def _said(otherwise: str, text: str) -> str:
    try:
        line = clean_line(text)
    except ValueError as error:
        raise Refused(str(error)) from None
    if not line:
        raise Refused(otherwise)
    return line


def _record(action: AuditAction, reset: DeviceReset, actor: Actor) -> None:
    audit.record(action, actor=actor, object_id=reset.person_id, reset=str(reset.pk))
