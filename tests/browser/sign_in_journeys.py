"""The pages of signing in, of the first device, and of one's own account, as in `journeys`."""

from collections.abc import Iterator
from typing import Any

from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.accounts.steps import NEW_PASSWORD, reset_link
from tests.browser.visitor import Visitor
from tests.browser.world import newest_code, open_offering, person
from tests.factories import PASSWORD

Stops = Iterator[tuple[str, str]]


def signing_in(visitor: Visitor) -> Stops:
    """Password, device and code, each also with what can go wrong."""
    user = person()
    open_offering()
    visitor.go("/sign-in/")
    yield "sign_in", "empty"
    visitor.press("Sign in", exact=True)
    yield "sign_in", "nothing entered"
    fill_password(visitor, "a wrong password")
    yield "sign_in", "refused"
    fill_password(visitor)
    yield "verify", "devices"
    visitor.press("Send Code")
    yield "enter_code", "sent"
    visitor.press("Verify")
    yield "enter_code", "nothing entered"
    wrong = f"{(int(newest_code()) + 1) % 1_000_000:06}"
    visitor.page.get_by_label("Enter code").fill(wrong)
    visitor.press("Verify")
    yield "enter_code", "wrong"
    visitor.press("Send a new code")
    yield "send_again", "too soon"
    visitor.follow("use a different device")
    visitor.press("Send Code")
    yield "verify", "too soon"
    TOTPDevice.objects.create(user=user, name="App", confirmed=True)
    visitor.go("/sign-in/verify/")
    yield "verify", "with an app"
    visitor.page.get_by_label("Select a verification device").select_option(index=1)
    visitor.press("Send Code")
    yield "enter_code", "app"
    visitor.page.context.clear_cookies()
    visitor.go("/sign-in/?why=idle")
    yield "sign_in", "signed out by time"


def fill_password(visitor: Visitor, password: str = PASSWORD) -> None:
    """Enter user ID and password and agree."""
    page = visitor.page
    page.get_by_label("User ID").fill("jane.doe")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_label("Yes, I agree").check()
    visitor.press("Sign in", exact=True)


def setting_up(visitor: Visitor) -> Stops:
    """The first sign-in of a person without a device."""
    user = person(device=False)
    path = reset_link(user)
    visitor.go(path)
    yield "set_password", "empty"
    visitor.page.get_by_label("New password", exact=True).fill("too short")
    visitor.page.get_by_label("New password again").fill("different")
    visitor.press("Set password")
    yield "set_password", "refused"
    visitor.page.get_by_label("New password", exact=True).fill(NEW_PASSWORD)
    visitor.page.get_by_label("New password again").fill(NEW_PASSWORD)
    visitor.press("Set password")
    yield "sign_in", "password set"
    visitor.go(path)
    yield "open_link", "used link"
    visitor.go("/sign-in/")
    fill_password(visitor, NEW_PASSWORD)
    yield "set_up", "choice"
    visitor.press("Continue")
    yield "set_up", "nothing chosen"
    visitor.page.get_by_role("radio", name="Text message").check()
    visitor.press("Continue")
    yield "set_up_text", "empty"
    visitor.page.get_by_label("Cell phone number").fill("12345")
    visitor.press("Send Code")
    yield "set_up_text", "bad number"
    visitor.page.get_by_label("Cell phone number").fill("(202) 555-0123")
    visitor.press("Send Code")
    yield "enter_code", "first time"
    visitor.go("/sign-in/set-up/")
    visitor.page.get_by_role("radio", name="Authenticator app").check()
    visitor.press("Continue")
    yield "set_up_app", "secret"
    visitor.page.get_by_label("Enter code").fill("123")
    visitor.press("Verify")
    yield "set_up_app", "bad code"


def own_account(visitor: Visitor) -> Stops:
    """My Account, and being asked once more who one is."""
    visitor.signed_in(person())
    visitor.go("/account/")
    yield "account", ""
    visitor.go("/confirm-identity/?next=/account/")
    yield "confirm_identity", "empty"
    visitor.press("Continue")
    yield "confirm_identity", "nothing entered"
    visitor.page.get_by_label("Password", exact=True).fill("a wrong password")
    visitor.press("Continue")
    yield "confirm_identity", "refused"
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press("Continue")
    yield "verify", "signed in"
    visitor.press("Send Code")
    yield "enter_code", "signed in"


SIGN_IN_JOURNEYS: list[Any] = [signing_in, setting_up, own_account]
