"""Devices and recovery codes as people use them, and staff who reset them."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.models import ChannelDevice, DeviceReset, User
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from tests.accounts.steps import NEW_PASSWORD, reset_link
from tests.browser.conftest import OpenBrowser
from tests.browser.visitor import NARROW, Visitor, Way
from tests.browser.world import newest_code, open_offering, person
from tests.factories import PASSWORD


def give_password(visitor: Visitor, user_id: str = "jane.doe", password: str = PASSWORD) -> None:
    visitor.go("/sign-in/")
    visitor.page.get_by_label("User ID").fill(user_id)
    visitor.page.get_by_label("Password", exact=True).fill(password)
    visitor.page.get_by_label("Yes, I agree").check()
    visitor.press("Sign in", exact=True)


@pytest.mark.parametrize("visitor", [Way(NARROW, scripts=False)], indirect=True, ids=str)
def test_without_javascript_a_second_phone_is_added_and_the_first_one_removed(visitor: Visitor):
    user = person()
    visitor.signed_in(user)
    visitor.go("/account/")
    visitor.follow("See and change your devices")
    visitor.sees("Add a second device")
    visitor.follow("Add a Device")
    visitor.page.get_by_role("radio", name="Voice call").check()
    visitor.press("Continue")
    visitor.page.get_by_label("Phone number").fill("202-555-0177")
    visitor.press("Call Me")
    visitor.sees("Possible 30 seconds after the last one")
    visitor.page.get_by_label("Enter code").fill(newest_code())
    visitor.press("Verify")
    visitor.sees("The device was added: Voice call to ***-***-0177.")
    visitor.follow("Remove Text message to ***-***-0123")
    visitor.sees("This session did: you will have to sign in again.")
    visitor.press("Remove")
    visitor.sees_heading("Sign in")
    give_password(visitor)
    devices = visitor.page.get_by_label("Select a verification device")
    expect(devices.get_by_role("option")).to_have_text(["Voice call to ***-***-0177"])


@pytest.mark.parametrize("scripts", [True, False])
def test_recovery_codes_are_saved_and_sign_in(open_browser: OpenBrowser, scripts: bool, tmp_path):
    open_offering()
    visitor = open_browser(Way(NARROW, scripts=scripts))
    visitor.signed_in(person())
    visitor.go("/account/recovery-codes/")
    visitor.press("Make New Codes")
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name="Save as Text File").click()
    assert waiting.value.suggested_filename == "qpp-recovery-codes.txt"
    lines = waiting.value.path().read_text().splitlines()
    expect(visitor.page.get_by_role("listitem").filter(has_text=lines[-1])).to_be_visible()
    visitor.page.context.clear_cookies()

    give_password(visitor)
    devices = visitor.page.get_by_label("Select a verification device")
    devices.select_option("Recovery code (10 left)")
    visitor.press("Send Code")
    visitor.page.get_by_label("Enter recovery code").fill(lines[-1].lower())
    visitor.press("Verify")
    visitor.sees_heading("Account Home")
    visitor.sees("You used a recovery code; 9 are left.")
    visitor.follow("remove it and add a new one")
    visitor.sees_heading("Verification Devices")


class Staff:
    """A member of staff at the staff site, whose pages have another look."""

    def __init__(self, visitor: Visitor, user: User) -> None:
        put_into(user, StaffGroup.ADMINISTRATOR)
        self.visitor, self.page = visitor.signed_in(user), visitor.page
        visitor.allowed = (200, 422)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.visitor.site}/staff/accounts/devicereset/{path}")
        self.inspect()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=name).first.click()
        self.inspect()

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=name).click()
        self.inspect()

    def inspect(self) -> None:
        found: Any = Axe().run(self.page)
        assert not found.violations_count, found.generate_report()

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()


def test_two_members_of_staff_help_somebody_who_lost_everything(open_browser: OpenBrowser):
    open_offering()
    lost = person("Lou", "Lost")
    visitor = open_browser()
    give_password(visitor, "lou.lost")
    visitor.follow("Change verification settings")
    visitor.follow("Ask us to reset your devices")
    visitor.page.get_by_label("Phone number where we reach you").fill("(202) 555-0199")
    visitor.press("Ask for Reset")
    visitor.sees_heading("We have your request")

    casey = Staff(open_browser(), person("Casey", "Moreau"))
    casey.go("")
    casey.follow("Lou Lost")
    casey.sees("(202) 555-0199")
    casey.follow("Ask for this reset")
    casey.press("Ask")
    casey.sees("Say how the person’s identity was proved.")
    casey.page.get_by_label("Why the devices").fill("Phone stolen")
    casey.page.get_by_label("How the person’s identity").fill("Called the practice back")
    casey.press("Ask")
    casey.sees("You asked for this reset. Another member of staff has to decide.")

    coralie = Staff(open_browser(), person("Coralie", "Petit"))
    coralie.go(f"{DeviceReset.objects.get().pk}/deny/")
    coralie.go(f"{DeviceReset.objects.get().pk}/change/")
    coralie.follow("Approve")
    coralie.page.get_by_label("Why it is approved").fill("Called the practice as well")
    coralie.press("Approve")
    coralie.sees("all devices and recovery codes are removed")
    assert not ChannelDevice.objects.filter(user=lost).exists()

    visitor.page.context.clear_cookies()
    give_password(visitor, "lou.lost")
    visitor.sees("The User ID or password isn’t right.")
    visitor.go(reset_link(lost))
    for field in ("New password", "New password again"):
        visitor.page.get_by_label(field, exact=True).fill(NEW_PASSWORD)
    visitor.press("Set password")
    give_password(visitor, "lou.lost", NEW_PASSWORD)
    visitor.sees_heading("Set Up Two-Factor Authentication")
