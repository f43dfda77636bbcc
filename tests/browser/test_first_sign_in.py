"""The first sign-in of a person: setting up two-factor authentication (2023 guide, III.4)."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESKTOP, NARROW, Visitor, Way
from tests.browser.world import newest_code, open_offering, person
from tests.factories import PASSWORD


def give_password(visitor: Visitor) -> None:
    visitor.go("/sign-in/")
    visitor.page.get_by_label("User ID").fill("jane.doe")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.page.get_by_label("Yes, I agree").check()
    visitor.press("Sign in", exact=True)


@pytest.mark.parametrize("visitor", [Way(NARROW, scripts=False)], indirect=True, ids=str)
def test_first_sign_in_sets_up_a_phone(visitor: Visitor):
    open_offering()
    person(device=False)
    give_password(visitor)
    visitor.sees_heading("Set Up Two-Factor Authentication")
    visitor.page.get_by_role("radio", name="Text message").check()
    visitor.press("Continue")
    visitor.page.get_by_label("Cell phone number").fill("202-555-0177")
    visitor.press("Send Code")
    visitor.sees("Code sent to ***-***-0177")
    visitor.page.get_by_label("Enter code").fill(newest_code())
    visitor.press("Verify")
    visitor.sees_heading("Account Home")

    visitor.open_menu()
    visitor.press("Sign out")
    give_password(visitor)
    devices = visitor.page.get_by_label("Select a verification device")
    expect(devices.get_by_role("option")).to_have_text(["Text message to ***-***-0177"])


@pytest.mark.parametrize("visitor", [DESKTOP], indirect=True, ids=str)
def test_password_can_be_shown_while_typing(visitor: Visitor):
    visitor.go("/sign-in/")
    field = visitor.page.get_by_label("Password", exact=True)
    field.fill("seen while typing")
    expect(field).to_have_attribute("type", "password")
    visitor.page.get_by_role("button", name="Show password").click()
    expect(field).to_have_attribute("type", "text")
    visitor.page.get_by_role("button", name="Hide password").click()
    expect(field).to_have_attribute("type", "password")
