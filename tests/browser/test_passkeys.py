"""Passkeys in Chromium, whose virtual authenticator stands for a finger on a sensor."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from accounts.models import User
from tests.browser.visitor import DESKTOP, NARROW, Visitor, Way
from tests.browser.world import open_offering, person
from tests.factories import PASSWORD


class Key:
    """The browser's virtual authenticator."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id = {"authenticatorId": added["authenticatorId"]}

    def credentials(self) -> list[Any]:
        return self.session.send("WebAuthn.getCredentials", self.id)["credentials"]

    def set_verified(self, verified: bool) -> None:
        """Whether the finger is the right one."""
        self.session.send("WebAuthn.setUserVerified", {**self.id, "isUserVerified": verified})

    def forget(self) -> None:
        self.session.send("WebAuthn.clearCredentials", self.id)


@pytest.fixture
def key(visitor: Visitor) -> Iterator[Key]:
    session = visitor.page.context.new_cdp_session(visitor.page)
    yield Key(session)
    session.detach()


def give_password(visitor: Visitor) -> None:
    visitor.go("/sign-in/")
    visitor.page.get_by_label("User ID").fill("jane.doe")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("Yes, I agree").check()
    visitor.press("Sign in", exact=True)


def set_up(visitor: Visitor) -> User:
    open_offering()
    user = person(device=False)
    give_password(visitor)
    visitor.page.get_by_role("radio", name="Passkey or security key").check()
    visitor.press("Continue")
    visitor.press("Create Passkey")
    visitor.sees_heading("Account Home")
    return user


@pytest.mark.parametrize("visitor", [DESKTOP, Way(NARROW)], indirect=True, ids=str)
def test_first_device_is_a_passkey_and_signs_in_again(visitor: Visitor, key: Key) -> None:
    user = set_up(visitor)
    (credential,) = key.credentials()
    assert credential["isResidentCredential"]
    passkey = user.webauthncredential_set.get()
    visitor.open_menu()
    visitor.press("Sign out")

    give_password(visitor)
    visitor.sees_heading("Two-Factor Authentication")
    visitor.press("Use Passkey")
    visitor.sees_heading("Account Home")
    before = passkey.sign_count
    passkey.refresh_from_db()
    assert passkey.sign_count > before
    assert passkey.last_used_at


@pytest.mark.parametrize("visitor", [DESKTOP], indirect=True, ids=str)
def test_second_device_is_a_passkey_which_also_proves_who_one_is(
    visitor: Visitor, key: Key
) -> None:
    user = person()
    visitor.signed_in(user)
    visitor.go("/account/devices/")
    visitor.follow("Add a Device")
    visitor.page.get_by_role("radio", name="Passkey or security key").check()
    visitor.press("Continue")
    visitor.press("Create Passkey")
    visitor.sees("The device was added: Passkey or security key.")
    visitor.go("/confirm-identity/?next=/account/devices/")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press("Continue")
    devices = visitor.page.get_by_label("Select a verification device")
    devices.select_option("Passkey or security key")
    visitor.press("Send Code")
    visitor.press("Use Passkey")
    visitor.sees_heading("Verification Devices")


@pytest.mark.parametrize("visitor", [DESKTOP], indirect=True, ids=str)
def test_same_passkey_again_is_told(visitor: Visitor, key: Key) -> None:
    set_up(visitor)
    visitor.go("/account/devices/add/")
    visitor.page.get_by_role("radio", name="Passkey or security key").check()
    visitor.press("Continue")
    visitor.page.get_by_role("button", name="Create Passkey").click()
    told = visitor.page.get_by_role("status").filter(has_text="one of your devices already")
    expect(told).to_be_visible()


@pytest.mark.parametrize("visitor", [DESKTOP], indirect=True, ids=str)
def test_wrong_finger_and_lost_passkey_are_told_and_another_try_is_possible(
    visitor: Visitor, key: Key
) -> None:
    set_up(visitor)
    visitor.press("Sign out")
    give_password(visitor)
    key.set_verified(False)
    visitor.page.get_by_role("button", name="Use Passkey").click()
    told = visitor.page.get_by_role("status").filter(has_text="Nothing was confirmed")
    expect(told).to_be_visible()
    key.set_verified(True)
    visitor.press("Use Passkey")
    visitor.sees_heading("Account Home")


@pytest.mark.parametrize("visitor", [Way(NARROW, scripts=False)], indirect=True, ids=str)
def test_without_javascript_the_page_says_so_and_other_devices_work(
    visitor: Visitor,
) -> None:
    person(device=False)
    give_password(visitor)
    visitor.page.get_by_role("radio", name="Passkey or security key").check()
    visitor.press("Continue")
    visitor.sees("A passkey needs JavaScript, which is off in your browser.")
    expect(visitor.page.get_by_role("button", name="Create Passkey")).to_be_hidden()
    visitor.follow("Use a different device")
    visitor.sees_heading("Set Up Two-Factor Authentication")


@pytest.mark.parametrize("visitor", [DESKTOP], indirect=True, ids=str)
def test_countdown_says_when_another_code_can_be_sent(visitor: Visitor) -> None:
    person()
    give_password(visitor)
    visitor.press("Send Code")
    shown = visitor.page.locator("[data-resend-in]")
    expect(shown).to_contain_text("Possible in 2")
    visitor.page.evaluate(
        "performance.now = (() => { const n = performance.now.bind(performance);"
        " return () => n() + 30000; })()"
    )
    expect(shown).to_contain_text("Possible now")
