"""Verification devices of a person: which there are, adding, renaming and removing them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from django.db import transaction
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, DeviceKind
from accounts.models import ChannelDevice, RecoveryCodes, User
from accounts.policy import signing_in
from accounts.verification import notices
from accounts.verification.kinds import DEVICE_MODELS, is_disabled, kind_of, label
from qpp_registration.clock import Moment, moment
from qpp_registration.errors import Refused
from qpp_registration.text import clean_line


class AlreadySetUp(Exception):
    """The person has a confirmed device; another one is added after signing in, not before."""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A device as the page of devices shows it. `handle` stands for it in addresses."""

    handle: str
    label: str
    name: str
    icon: str
    added: Moment | None
    last_used: Moment | None
    disabled: bool
    is_passkey: bool


def confirmed_devices(user: User) -> list[Device]:
    """The devices that the person may be verified with, oldest first in each kind.

    A phone is left out while no backend is set for its channel, and every device that too many
    wrong codes disabled.
    """
    return [d for d in _all_confirmed(user) if kind_of(d).is_offered and not is_disabled(d)]


def recovery_codes(user: User) -> RecoveryCodes | None:
    """The person's set of recovery codes, while any of them is unused."""
    return RecoveryCodes.objects.filter(user=user, all__used_at=None).distinct().first()


def has_device(user: User) -> bool:
    """Whether the person has confirmed a device, whether or not it can be used now.

    A disabled one counts: wrong codes must not open the set-up of a first device to whoever
    knows the password.
    """
    return any(m.objects.filter(user=user, confirmed=True).exists() for m in DEVICE_MODELS)


def device_of(user: User, device_id: str) -> Device | None:
    """What the person may be verified with under that persistent id, recovery codes included.

    None for another's, a disabled and a missing one. An unconfirmed one counts only while the
    person has no confirmed one.
    """
    device = next((d for d in confirmed_devices(user) if d.persistent_id == device_id), None)
    if device:
        return device
    codes = recovery_codes(user)
    if codes and codes.persistent_id == device_id:
        return codes
    return None if has_device(user) else unconfirmed(user, device_id)


def unconfirmed(user: User, device_id: str) -> Device | None:
    """The device that the person is just adding; None for another's and for a missing one."""
    begun = (d for m in DEVICE_MODELS for d in m.objects.filter(user=user, confirmed=False))
    return next((d for d in begun if d.persistent_id == device_id), None)


def list_devices(user: User) -> list[Listed]:
    """All confirmed devices of the person, also those that can't be used now."""
    return [_listed(device) for device in _all_confirmed(user)]


def find(user: User, handle: str) -> Listed | None:
    """The person's own device with that handle; None for another's and for a missing one."""
    return next((device for device in list_devices(user) if device.handle == handle), None)


def start_phone(
    *, user: User, kind: DeviceKind = DeviceKind.TEXT, digits: str, first: bool = True
) -> ChannelDevice:
    """Keep a phone (ten digits) that the person wants to use; a code must confirm it.

    `first`: they set up their first device. Raises AlreadySetUp, and Refused when the phone is
    one of theirs or there are too many.
    """
    with transaction.atomic():
        _require_room(user, first=first)
        device, _ = ChannelDevice.objects.get_or_create(
            user=user,
            channel=kind.value,
            address=digits,
            defaults={"name": kind.label, "confirmed": False},
        )
        if device.confirmed:
            raise Refused("This number is one of your devices already.")
    return device


def start_app(*, user: User, first: bool = True) -> TOTPDevice:
    """Make a new secret for the person's authenticator app; a code of the app must confirm it.

    Earlier secrets that were never confirmed are thrown away. Raises AlreadySetUp and Refused.
    """
    with transaction.atomic():
        _require_room(user, first=first)
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        app: TOTPDevice = TOTPDevice.objects.create(user=user, confirmed=False)
    return app


def confirm(
    *, user: User, device: Device, received_at: datetime, first: bool = True, tell: bool = True
) -> None:
    """Confirm the device that just passed its first code or signature, and `tell` by mail.

    Call it in the caller's transaction. What else was begun while setting up the first one is
    thrown away. Raises AlreadySetUp when another sign-in confirmed one, and Refused.
    """
    _require_room(user, first=first)
    device.confirmed = True
    if not isinstance(device, ChannelDevice):
        device.name = _free_name(user, kind_of(device).name)
    device.save()
    if first:
        for model in DEVICE_MODELS:
            model.objects.filter(user=user, confirmed=False).delete()
    audit.record(
        AuditAction.DEVICE_ADDED,
        actor=official(user),
        device=device.persistent_id,
        kind=kind_of(device).kind.value,
    )
    if tell:
        notices.tell_added(user, label(device), handle_of(device), received_at)


def add(*, user: User, device: Device, received_at: datetime) -> None:
    """Confirm a further device that just passed its first code, and tell by mail. Raises Refused.

    One that is confirmed already stays as it is.
    """
    with transaction.atomic():
        _lock(user)
        device.refresh_from_db(fields=["confirmed"])
        if not device.confirmed:
            confirm(user=user, device=device, received_at=received_at, first=False)


def rename(*, user: User, handle: str, name: str, received_at: datetime) -> None:
    """Give the person's device another name, and tell by mail. The same name writes nothing.

    Raises Refused for a text that isn't a name, and for a missing device.
    """
    try:
        name = clean_line(name)
    except ValueError as error:
        raise Refused(str(error)) from None
    with transaction.atomic():
        device = _own(user, handle)
        if device.name == name:
            return
        device.name = name
        device.save(update_fields=["name"])
        audit.record(AuditAction.DEVICE_RENAMED, actor=official(user), device=device.persistent_id)
        told = f"{label(device)} ({name})" if isinstance(device, ChannelDevice) else label(device)
        notices.tell_renamed(user, told, handle, received_at)


def remove(*, user: User, handle: str, received_at: datetime) -> None:
    """Remove the person's device and tell by mail; sessions that began by it end.

    Raises Refused for the last device that the person can sign in with, and for a missing one.
    """
    with transaction.atomic():
        _lock(user)
        device = _own(user, handle)
        refused = _why_not_removed(user, device)
        if refused:
            raise Refused(refused)
        audit.record(
            AuditAction.DEVICE_REMOVED,
            actor=official(user),
            device=device.persistent_id,
            kind=kind_of(device).kind.value,
        )
        notices.tell_removed(user, label(device), handle, received_at)
        device.delete()


def why_not_added(user: User) -> str:
    """Why the person can't add another device; an empty text when they can."""
    return signing_in.why_not_added(len(_all_confirmed(user)))


def why_not_removed(user: User, handle: str) -> str:
    """Why the person's device can't be removed; an empty text when it can. Raises Refused."""
    return _why_not_removed(user, _own(user, handle))


def handle_of(device: Device) -> str:
    """A short name of the device for addresses and forms, from which its key can't be found."""
    return salted_hmac("device handle", device.persistent_id).hexdigest()[:16]


def _all_confirmed(user: User) -> list[Device]:
    return [
        device
        for model in DEVICE_MODELS
        for device in model.objects.filter(user=user, confirmed=True).order_by("pk")
    ]


def _listed(device: Device) -> Listed:
    kind = kind_of(device)
    return Listed(
        handle=handle_of(device),
        label=device.label if isinstance(device, ChannelDevice) else kind.name,
        name="" if device.name == kind.name else device.name,
        icon=kind.icon,
        added=device.created_at and moment(device.created_at),
        last_used=device.last_used_at and moment(device.last_used_at),
        disabled=is_disabled(device),
        is_passkey=kind.kind is DeviceKind.PASSKEY,
    )


def _own(user: User, handle: str) -> Device:
    device = next((d for d in _all_confirmed(user) if handle_of(d) == handle), None)
    if device is None:
        raise Refused("This device was removed already.")
    return device


def _why_not_removed(user: User, device: Device) -> str:
    others = [d for d in confirmed_devices(user) if d.persistent_id != device.persistent_id]
    return signing_in.why_not_removed(usable_others=len(others))


def _free_name(user: User, kind: str) -> str:
    taken = {device.name for device in _all_confirmed(user)}
    names = (kind if number == 1 else f"{kind} {number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _require_room(user: User, *, first: bool) -> None:
    """Lock the person, and refuse where they have a first device already, or too many."""
    _lock(user)
    if first and has_device(user):
        raise AlreadySetUp
    if refused := why_not_added(user):
        raise Refused(refused)


def _lock(user: User) -> None:
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
