"""Mails about verification devices: each change is told, so that nobody misses a stranger's."""

from datetime import datetime

from accounts.messages.outbox import queue_email
from accounts.models import DeviceReset, RecoveryCode, RecoveryCodes, User
from accounts.policy import signing_in
from qpp_registration.addresses import whole_address
from qpp_registration.clock import show_day_and_time

CONTACT = (
    "Quality Payment Program\n1-866-288-8292 (TRS: 711)\nQPP@cms.hhs.gov\n"
    "Monday to Friday, 8 a.m. to 8 p.m. ET\n"
)


def tell_added(user: User, label: str, handle: str, at: datetime) -> None:
    """A device was added."""
    _tell(
        user,
        "A verification device was added",
        f"on {show_day_and_time(at)} a verification device was added to your account: {label}.",
        key=f"device.added:{handle}",
        at=at,
    )


def tell_renamed(user: User, label: str, handle: str, at: datetime) -> None:
    """A device has another name."""
    _tell(
        user,
        "A verification device was renamed",
        f"on {show_day_and_time(at)} a verification device of your account got another name. "
        f"It is now: {label}.",
        key=f"device.renamed:{handle}:{at.isoformat()}",
        at=at,
    )


def tell_removed(user: User, label: str, handle: str, at: datetime) -> None:
    """A device was removed."""
    _tell(
        user,
        "A verification device was removed",
        f"on {show_day_and_time(at)} a verification device was removed from your account: {label}.",
        key=f"device.removed:{handle}",
        at=at,
    )


def tell_disabled(user: User, label: str, handle: str, at: datetime) -> None:
    """Too many wrong codes disabled a device."""
    _tell(
        user,
        "A verification device was disabled",
        f"{signing_in.WRONG_CODES_DISABLE} wrong codes in a row were entered for a verification "
        f"device of your account: {label}. It can’t be used any more. "
        "Your account works as before.\n\n"
        "Sign in with another device or a recovery code, remove the disabled one under My Account "
        f"and add it again: {whole_address('devices')}\n"
        "If you have neither, ask us to reset your devices.\n\n"
        "Whoever entered those codes knew your password: if it wasn’t you, change it.",
        key=f"device.disabled:{handle}:{at.isoformat()}",
        at=at,
    )


def tell_codes_made(codes: RecoveryCodes) -> None:
    """New recovery codes replace the ones before."""
    _tell(
        codes.user,
        "You have new recovery codes",
        f"on {show_day_and_time(codes.made_at)} new recovery codes were made for your account. "
        "Recovery codes from before no longer work.",
        key=f"recovery.made:{codes.pk}:{codes.made_at.isoformat()}",
        at=codes.made_at,
    )


def tell_code_used(user: User, code: RecoveryCode, left: int, at: datetime) -> None:
    """A recovery code stood for a device."""
    _tell(
        user,
        "A recovery code was used",
        f"on {show_day_and_time(at)} a recovery code was used in place of a verification device. "
        f"{left} of your codes {'is' if left == 1 else 'are'} left.\n\n"
        "If you lost your device, remove it and add a new one under My Account:\n"
        f"{whole_address('devices')}",
        key=f"recovery.used:{code.pk}",
        at=at,
    )


def tell_reset_begun(reset: DeviceReset, at: datetime) -> None:
    """The person, or staff for them, asked for a reset of all devices."""
    _tell(
        reset.person,
        "Your verification devices are to be reset",
        f"on {show_day_and_time(at)} somebody asked us to reset your verification devices, because "
        "all of them were lost. Two members of our staff check who asked before anything happens. "
        f"If they agree until {show_day_and_time(reset.expires_at)}, all your devices and recovery "
        "codes are removed, and you set up a new device at your next sign-in.\n\n"
        "If you still have a device: sign in and cancel this request under My Account:\n"
        f"{whole_address('devices')}",
        key=f"device_reset.{reset.status}:{reset.pk}",
        at=at,
    )


def tell_reset_done(reset: DeviceReset, at: datetime) -> None:
    """All devices of the person are gone."""
    _tell(
        reset.person,
        "Your verification devices were reset",
        f"on {show_day_and_time(at)} we removed all verification devices and recovery codes of "
        "your account and signed you out everywhere. Your password doesn’t work any more either. "
        "Set a new one, then sign in and set up a new device:\n"
        f"{whole_address('recover')}",
        key=f"device_reset.approved:{reset.pk}",
        at=at,
    )


def tell_reset_denied(reset: DeviceReset, at: datetime) -> None:
    """Nothing changes."""
    _tell(
        reset.person,
        "Your verification devices were not reset",
        "we were asked to reset your verification devices and didn’t do it. "
        "Your devices and recovery codes work as before.",
        key=f"device_reset.denied:{reset.pk}",
        at=at,
    )


def _tell(user: User, subject: str, text: str, *, key: str, at: datetime) -> None:
    queue_email(
        to=user.email,
        subject=subject,
        body=(
            f"Hello {user.full_name},\n\n{text}\n\n"
            f"If this wasn’t you, contact us at once:\n{CONTACT}"
        ),
        due_at=at,
        dedupe_key=key,
    )
