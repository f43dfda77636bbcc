"""Second-factor devices of a person: which there are, and setting up the first one."""

from django.db import transaction
from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import audit
from accounts.actors import official
from accounts.channels import is_offered
from accounts.enums import AuditAction, Channel
from accounts.models import ChannelDevice, User

# In the order in which the dropdown shows them.
DEVICE_MODELS: tuple[type[Device], ...] = (ChannelDevice, TOTPDevice)


class AlreadySetUp(Exception):
    """The person has a confirmed device; another one is added after signing in, not before."""


def confirmed_devices(user: User) -> list[Device]:
    """The devices that the person may be verified with, oldest first in each kind.

    A phone is left out while no backend is set for its channel.
    """
    devices = [
        device
        for model in DEVICE_MODELS
        for device in model.objects.filter(user=user, confirmed=True).order_by("pk")
    ]
    return [device for device in devices if not is_phone(device) or is_offered(device.channel)]


def has_device(user: User) -> bool:
    """Whether the person has confirmed a device, whether or not its channel is offered now."""
    return any(m.objects.filter(user=user, confirmed=True).exists() for m in DEVICE_MODELS)


def device_of(user: User, device_id: str) -> Device | None:
    """The person's own device with that persistent id; None for another's and for a missing one.

    An unconfirmed one counts only while the person has no confirmed one.
    """
    device = next((d for d in confirmed_devices(user) if d.persistent_id == device_id), None)
    if device or has_device(user):
        return device
    unconfirmed = (d for m in DEVICE_MODELS for d in m.objects.filter(user=user, confirmed=False))
    return next((d for d in unconfirmed if d.persistent_id == device_id), None)


def is_phone(device: Device) -> bool:
    """Whether codes are sent to the device (an authenticator app makes its own)."""
    return isinstance(device, ChannelDevice)


def label(device: Device) -> str:
    """What the device dropdown shows: `Text message to ***-***-8563`, `Authenticator app`."""
    return device.label if isinstance(device, ChannelDevice) else "Authenticator app"


def where_to(device: Device) -> str:
    """Where a code was sent, as the page tells it: `***-***-8563`; empty for an app."""
    return audit.masked("phone", device.address) if isinstance(device, ChannelDevice) else ""


def start_phone(*, user: User, digits: str) -> ChannelDevice:
    """Keep a phone (ten digits) that the person wants to use; a code must confirm it.

    Raises AlreadySetUp.
    """
    with transaction.atomic():
        _require_none(user)
        device, _ = ChannelDevice.objects.get_or_create(
            user=user,
            channel=Channel.TEXT,
            address=digits,
            defaults={"name": Channel.TEXT.label, "confirmed": False},
        )
    return device


def start_app(*, user: User) -> TOTPDevice:
    """Make a new secret for the person's authenticator app; a code of the app must confirm it.

    Earlier secrets that were never confirmed are thrown away. Raises AlreadySetUp.
    """
    with transaction.atomic():
        _require_none(user)
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        app: TOTPDevice = TOTPDevice.objects.create(
            user=user, name="Authenticator app", confirmed=False
        )
    return app


def confirm(*, user: User, device: Device) -> None:
    """Confirm the device that just passed its first code. Call it in the caller's transaction.

    What else was begun is thrown away. Raises AlreadySetUp when another sign-in confirmed one.
    """
    _require_none(user)
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    for model in DEVICE_MODELS:
        model.objects.filter(user=user, confirmed=False).delete()
    audit.record(
        AuditAction.DEVICE_ADDED,
        actor=official(user),
        device=device.persistent_id,
    )


def _require_none(user: User) -> None:
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    if has_device(user):
        raise AlreadySetUp
