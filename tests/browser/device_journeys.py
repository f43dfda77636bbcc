"""The pages of verification devices, recovery codes and resets, as in `journeys`."""

from collections.abc import Iterator
from typing import Any

from django.test import override_settings
from django_otp_webauthn.models import WebAuthnCredential

from accounts.models import ChannelDevice, User
from accounts.verification import recovery_codes, resets
from accounts.verification.devices import handle_of
from qpp_registration import clock
from tests.browser.visitor import Visitor
from tests.browser.world import newest_code, person
from tests.factories import PASSWORD, DeviceFactory

Stops = Iterator[tuple[str, str]]


def passkey_of(user: User) -> WebAuthnCredential:
    """A passkey that is only looked at."""
    return WebAuthnCredential.objects.create(
        user=user, name="Laptop", credential_id=b"1", public_key=b"1", aaguid="0"
    )


def give_password(visitor: Visitor) -> None:
    """As far as the second factor."""
    visitor.go("/sign-in/")
    visitor.page.get_by_label("User ID").fill("jane.doe")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("Yes, I agree").check()
    visitor.press("Sign in", exact=True)


def choose(visitor: Visitor, kind: str) -> None:
    """Choose a kind of device."""
    visitor.page.get_by_role("radio", name=kind).check()
    visitor.press("Continue")


def setting_up_other_kinds(visitor: Visitor) -> Stops:
    """The first device: a call, a passkey."""
    person(device=False)
    give_password(visitor)
    choose(visitor, "Voice call")
    yield "set_up_voice", "empty"
    visitor.press("Call Me")
    yield "set_up_voice", "nothing entered"
    visitor.page.get_by_label("Phone number").fill("(202) 555-0123")
    visitor.press("Call Me")
    yield "enter_code", "called"
    visitor.go("/sign-in/set-up/")
    choose(visitor, "Passkey or security key")
    yield "set_up_passkey", "ready"
    with override_settings(PASSKEY_ORIGIN="https://qpp.example.org"):
        visitor.go("/sign-in/set-up/passkey/")
        yield "set_up_passkey", "wrong address"


def verifying(visitor: Visitor) -> Stops:
    """Passkey and recovery code, what can go wrong, and everything lost."""
    user = person()
    passkey_of(user)
    recovery_codes.make_codes(user=user, received_at=clock.now())
    give_password(visitor)
    yield "verify", "many kinds"
    devices = visitor.page.get_by_label("Select a verification device")
    devices.select_option("Passkey or security key: Laptop")
    visitor.press("Send Code")
    yield "verify_passkey", "ready"
    visitor.page.evaluate("document.querySelector('[data-passkey]').submit()")
    visitor.page.wait_for_selector(".error-summary")
    yield "verify_passkey", "nothing answered"
    visitor.follow("use a different device")
    devices.select_option("Recovery code (10 left)")
    visitor.press("Send Code")
    yield "enter_code", "recovery code"
    visitor.page.get_by_label("Enter recovery code").fill("ABC")
    visitor.press("Verify")
    yield "enter_code", "no recovery code"
    visitor.follow("Change verification settings")
    yield "verification_settings", ""
    visitor.follow("Ask us to reset your devices")
    yield "lost_devices", "empty"
    visitor.press("Ask for Reset")
    yield "lost_devices", "nothing entered"
    visitor.page.get_by_label("Phone number where we reach you").fill("(202) 555-0199")
    visitor.press("Ask for Reset")
    yield "lost_devices", "asked"
    ChannelDevice.objects.update(wrong_codes=100)
    WebAuthnCredential.objects.all().delete()
    visitor.go("/sign-in/verify/")
    yield "verify", "recovery code only"


def device_list(visitor: Visitor) -> Stops:
    """The devices of My Account, and what is done with each."""
    user = person()
    visitor.signed_in(user)
    visitor.go("/account/devices/")
    yield "devices", "one"
    passkey_of(user)
    voice = DeviceFactory(user=user, channel="voice", address="2025550142", name="Front desk")
    DeviceFactory(user=user, address="2025550188", wrong_codes=100)
    recovery_codes.make_codes(user=user, received_at=clock.now())
    resets.request_reset(user=user, phone="2025550199", received_at=clock.now())
    visitor.go("/account/devices/")
    yield "devices", "many"
    visitor.press("Cancel the request")
    yield "devices", "cancelled request"
    visitor.go(f"/account/devices/{handle_of(voice)}/rename/")
    yield "rename_device", ""
    visitor.page.get_by_label("Name").fill("")
    visitor.press("Save")
    yield "rename_device", "nothing entered"
    visitor.go(f"/account/devices/{handle_of(voice)}/remove/")
    yield "remove_device", "asks"
    WebAuthnCredential.objects.all().delete()
    voice.delete()
    only = user.channeldevice_set.get(address="2025550123")
    visitor.go(f"/account/devices/{handle_of(only)}/remove/")
    yield "remove_device", "refused"


def adding(visitor: Visitor) -> Stops:
    """A further device of each kind."""
    user = person()
    visitor.signed_in(user)
    visitor.go("/account/devices/add/")
    yield "add_device", "choice"
    visitor.press("Continue")
    yield "add_device", "nothing chosen"
    choose(visitor, "Voice call")
    yield "add_voice", "empty"
    visitor.go("/account/devices/add/")
    choose(visitor, "Text message")
    yield "add_text", "empty"
    visitor.page.get_by_label("Cell phone number").fill("(202) 555-0123")
    visitor.press("Send Code")
    yield "add_text", "own number"
    visitor.page.get_by_label("Cell phone number").fill("(202) 555-0177")
    visitor.press("Send Code")
    yield "add_code", "sent"
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06}"
    visitor.page.get_by_label("Enter code").fill(wrong)
    visitor.press("Verify")
    yield "add_code", "wrong"
    visitor.press("Send a new code")
    yield "add_send_again", "too soon"
    visitor.go("/account/devices/add/")
    choose(visitor, "Authenticator app")
    yield "add_app", "secret"
    visitor.go("/account/devices/add/")
    choose(visitor, "Passkey or security key")
    yield "add_passkey", "ready"


def own_recovery_codes(visitor: Visitor) -> Stops:
    """Making recovery codes."""
    visitor.signed_in(person())
    visitor.go("/account/recovery-codes/")
    yield "recovery_codes", "none"
    visitor.press("Make New Codes")
    yield "recovery_codes", "new ones"
    visitor.go("/account/recovery-codes/")
    yield "recovery_codes", "ten left"


DEVICE_JOURNEYS: list[Any] = [
    setting_up_other_kinds,
    verifying,
    device_list,
    adding,
    own_recovery_codes,
]
