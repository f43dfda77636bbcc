"""The kinds of devices that there are: the one place that knows what differs between them."""

from dataclasses import dataclass

from django_otp.models import Device
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from accounts import audit
from accounts.channels import is_offered
from accounts.enums import Channel, DeviceKind
from accounts.models import ChannelDevice, RecoveryCodes
from accounts.policy import signing_in


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a kind of device is, and how somebody proves that they have it.

    Where `channel` is set, a code is sent over it. `hint` is for whoever chooses a kind.
    """

    kind: DeviceKind
    model: type[Device]
    hint: str
    icon: str
    channel: Channel | None = None

    @property
    def name(self) -> str:
        """The kind as people read it."""
        return str(self.kind.label)

    @property
    def is_offered(self) -> bool:
        """Whether it can be used now: a phone needs a backend for its channel."""
        return self.channel is None or is_offered(self.channel)


# In the order in which people choose.
KINDS: dict[DeviceKind, Kind] = {
    kind.kind: kind
    for kind in (
        Kind(
            kind=DeviceKind.TEXT,
            model=ChannelDevice,
            channel=Channel.TEXT,
            icon="phone",
            hint="A code is sent to your cell phone. A phone number can be taken over by others.",
        ),
        Kind(
            kind=DeviceKind.VOICE,
            model=ChannelDevice,
            channel=Channel.VOICE,
            icon="phone",
            hint=(
                "A call to any phone reads the code to you. "
                "A phone number can be taken over by others."
            ),
        ),
        Kind(
            kind=DeviceKind.APP,
            model=TOTPDevice,
            icon="schedule",
            hint="An app on your phone or computer makes codes, also without a network. Safer.",
        ),
        Kind(
            kind=DeviceKind.PASSKEY,
            model=WebAuthnCredential,
            icon="lock",
            hint=(
                "Your fingerprint, face, PIN or a security key, without a code. The safest: "
                "it works on this site only, so nobody can trick you into giving it away."
            ),
        ),
    )
}
RECOVERY = Kind(
    kind=DeviceKind.RECOVERY,
    model=RecoveryCodes,
    icon="list",
    hint="One of the ten codes that you printed or saved.",
)
DEVICE_MODELS: tuple[type[Device], ...] = (ChannelDevice, TOTPDevice, WebAuthnCredential)


def kind_of(device: Device) -> Kind:
    """The kind of the device."""
    if isinstance(device, RecoveryCodes):
        return RECOVERY
    if isinstance(device, ChannelDevice):
        return KINDS[DeviceKind(device.channel)]
    return next(kind for kind in KINDS.values() if isinstance(device, kind.model))


def is_phone(device: Device) -> bool:
    """Whether codes are sent to the device."""
    return isinstance(device, ChannelDevice)


def is_passkey(device: Device) -> bool:
    """Whether the device signs a challenge instead of giving a code."""
    return isinstance(device, WebAuthnCredential)


def label(device: Device) -> str:
    """What the device dropdown shows: `Text message to ***-***-8563`, `Passkey …: Laptop`."""
    if isinstance(device, ChannelDevice):
        return device.label
    kind = kind_of(device).name
    if device.name.startswith(kind) or not device.name:
        return device.name or kind
    return f"{kind}: {device.name}"


def where_to(device: Device) -> str:
    """Where a code is sent, as pages tell it: `***-***-8563`; empty where none is sent."""
    return audit.masked("phone", device.address) if isinstance(device, ChannelDevice) else ""


def wrong_codes(device: Device) -> int:
    """How many wrong codes in a row were entered for the device."""
    if isinstance(device, ChannelDevice):
        return int(device.wrong_codes)
    return device.throttling_failure_count if isinstance(device, TOTPDevice) else 0


def is_disabled(device: Device) -> bool:
    """Whether the device is used no more because of too many wrong codes."""
    return signing_in.disables_device(wrong_codes(device))
