"""The end of a session in pages that are open: the dialog before it, and the words after it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import Session, User
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from registrations.models import Registration
from tests.browser.conftest import OpenBrowser
from tests.browser.explicit_journeys import open_2022, place
from tests.browser.session_journeys import MINUTE, leave, set_back, with_clock
from tests.browser.typing import SAVED, Typist
from tests.browser.visitor import PHONE, Visitor, Way
from tests.browser.world import person, practice

SECOND = 1000  # milliseconds
TITLE = "My Account | QPP Registration"
STORED = "Object.keys(localStorage).length + Object.keys(sessionStorage).length"


@pytest.fixture
def at_account(visitor: Visitor, jane: User) -> Visitor:
    """Jane at My Account, in a page whose time can be moved."""
    with_clock(visitor).signed_in(jane).go("/account/")
    visitor.allowed = (200, 401)
    return visitor


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog")


def wait_idle(page: Page, user: User, *, left: float) -> None:
    """28 minutes pass in the page; on the server so many seconds are left."""
    leave(user, idle=left)
    page.clock.fast_forward(28 * MINUTE)


def test_nothing_is_said_while_the_server_knows_of_activity(at_account: Visitor) -> None:
    """In another tab, say: the page's own time isn't asked."""
    with at_account.page.expect_response("**/session/") as answer:
        at_account.page.clock.fast_forward(28 * MINUTE)
    assert answer.value.json()["idle"] > 29 * 60
    expect(dialog_of(at_account.page)).to_be_hidden()
    expect(at_account.page).to_have_title(TITLE)


@pytest.mark.parametrize("visitor", [Way(1280), PHONE], indirect=True, ids=str)
def test_dialog_opens_at_two_minutes_and_one_key_goes_on(at_account: Visitor, jane: User) -> None:
    page, dialog = at_account.page, dialog_of(at_account.page)
    link = page.get_by_role("link", name="See and end sessions")
    link.focus()
    wait_idle(page, jane, left=110)
    expect(dialog).to_be_visible()
    expect(dialog).to_have_accessible_name("You will be signed out within two minutes")
    expect(page).to_have_title(f"Signing out soon – {TITLE}")
    expect(dialog.get_by_text("1:")).to_have_text(re.compile(r"1:[345]\d"))
    expect(dialog.get_by_role("button", name="Keep me signed in")).to_be_focused()
    with page.expect_response("**/session/extend/") as answer:
        page.keyboard.press("Enter")
    assert answer.value.json()["idle"] == 30 * 60
    expect(dialog).to_be_hidden()
    expect(page).to_have_title(TITLE)
    expect(link).to_be_focused()
    assert page.evaluate(STORED) == 0


def test_going_on_works_more_than_ten_times(at_account: Visitor, jane: User) -> None:
    page, dialog = at_account.page, dialog_of(at_account.page)
    for number in range(12):
        wait_idle(page, jane, left=100)
        expect(dialog).to_be_visible()
        if number % 2:
            page.keyboard.press("Escape")
        else:
            dialog.get_by_role("button", name="Keep me signed in").click()
        expect(dialog).to_be_hidden()


def test_time_is_told_every_thirty_seconds(at_account: Visitor, jane: User) -> None:
    page = at_account.page
    wait_idle(page, jane, left=119)
    timer = dialog_of(page).get_by_role("timer")
    expect(timer).to_have_attribute("aria-live", "polite")
    expect(timer).to_have_text("2 minutes")
    for left, words in {89: "1 minute 30 seconds", 59: "1 minute", 29: "30 seconds"}.items():
        leave(jane, idle=left)
        page.clock.run_for(31 * SECOND)
        expect(timer).to_have_text(words)


def test_sign_me_out_now(at_account: Visitor, jane: User) -> None:
    wait_idle(at_account.page, jane, left=100)
    with at_account.page.expect_navigation():
        dialog_of(at_account.page).get_by_role("button", name="Sign me out now").click()
    at_account.sees("You are signed out.")
    assert not Session.objects.filter(user=jane).exists()


def test_after_the_end_the_page_says_so_and_leads_back_to_itself(
    at_account: Visitor, jane: User
) -> None:
    page, dialog = at_account.page, dialog_of(at_account.page)
    wait_idle(page, jane, left=60)
    expect(dialog).to_be_visible()
    leave(jane, idle=0)
    page.clock.run_for(61 * SECOND)
    expect(dialog.get_by_role("heading")).to_have_text("You were signed out")
    expect(dialog).to_contain_text("after 30 minutes without activity")
    expect(page).to_have_title(f"Signed out – {TITLE}")
    link = dialog.get_by_role("link", name="Sign in")
    expect(link).to_be_focused()
    assert link.get_attribute("href") == "/sign-in/?next=%2Faccount%2F"
    expect(dialog.get_by_role("button", name="Keep me signed in")).to_be_hidden()


def test_twelve_hours_end_whatever_is_done(at_account: Visitor, jane: User) -> None:
    page, dialog = at_account.page, dialog_of(at_account.page)
    set_back(jane, signed_in_at=12 * 60 * 60 - 90)
    page.clock.fast_forward(28 * MINUTE)
    expect(dialog).to_contain_text("You signed in 12 hours ago.")
    expect(dialog.get_by_role("button", name="Keep me signed in")).to_be_hidden()
    dialog.get_by_role("button", name="Go on until then").click()
    expect(dialog).to_be_hidden()
    page.clock.run_for(3 * SECOND)
    expect(dialog).to_be_hidden()
    set_back(jane, signed_in_at=90)
    page.clock.fast_forward(90 * SECOND)
    expect(dialog).to_contain_text("you signed in 12 hours ago")


# --- Several tabs -------------------------------------------------------------------------------


def another_tab(visitor: Visitor, path: str = "/account/") -> Page:
    page = visitor.page.context.new_page()
    page.goto(f"{visitor.site}{path}")
    return page


def test_going_on_in_one_tab_goes_on_in_the_other(at_account: Visitor, jane: User) -> None:
    first, second = at_account.page, another_tab(at_account)
    leave(jane, idle=100)
    for page in (first, second):
        page.clock.fast_forward(28 * MINUTE)
        expect(dialog_of(page)).to_be_visible()
    dialog_of(first).get_by_role("button", name="Keep me signed in").click()
    for page in (first, second):
        expect(dialog_of(page)).to_be_hidden()


def test_end_in_one_tab_shows_in_the_other_and_so_does_being_back(
    at_account: Visitor, jane: User
) -> None:
    first, second = at_account.page, another_tab(at_account)
    Session.objects.all().delete()
    second.clock.fast_forward(28 * MINUTE)
    for page in (second, first):
        expect(dialog_of(page).get_by_role("heading")).to_have_text("You were signed out")
    at_account.signed_in(jane)
    third = another_tab(at_account)
    for page in (first, second, third):
        expect(dialog_of(page)).to_be_hidden()
    expect(first).to_have_title(TITLE)


def test_somebody_else_who_signed_in_meanwhile_is_not_taken_for_the_person(
    at_account: Visitor,
) -> None:
    first = at_account.page
    at_account.signed_in(person("Sam", "Roe"))
    first.clock.fast_forward(28 * MINUTE)
    dialog = dialog_of(first)
    expect(dialog.get_by_role("heading")).to_have_text("Somebody else is signed in")
    expect(dialog.get_by_role("link")).to_have_text("Open the page anew")


# --- Nothing typed is lost ----------------------------------------------------------------------


def test_typed_text_stays_and_is_stored_after_signing_in_in_another_tab(
    visitor: Visitor, jane: User
) -> None:
    organization = practice(jane)
    open_2022()
    path = place(organization, "size/?back=cahps")
    with_clock(visitor).signed_in(jane).go(path)
    visitor.allowed = (200, 401)
    page, dialog = visitor.page, dialog_of(visitor.page)
    page.get_by_role("radio", name="25-99").check()
    Session.objects.all().delete()
    page.clock.fast_forward(28 * MINUTE)
    link = dialog.get_by_role("link", name="Sign in in another tab")
    expect(link).to_be_focused()
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.context.clear_cookies(name="csrf")  # signing in gives another one
    visitor.signed_in(jane)
    opened.value.goto(f"{visitor.site}/account/")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("radio", name="25-99")).to_be_checked()
    visitor.press("Continue", exact=True)
    visitor.sees("25-99")


def test_saving_by_itself_goes_on_beside_the_dialog_and_counts_as_activity(
    complete: Registration, jane: User, open_browser: OpenBrowser
) -> None:
    visitor = with_clock(open_browser())
    typist = Typist(visitor, complete).open(jane)
    leave(jane, idle=10 * 60)
    typist.field("Extension").fill("5")
    visitor.page.clock.run_for(SECOND)
    typist.reads(SAVED)
    with visitor.page.expect_response("**/session/") as answer:
        visitor.page.clock.fast_forward(28 * MINUTE)
    assert answer.value.json()["idle"] > 29 * 60
    expect(dialog_of(visitor.page)).to_be_hidden()
    Session.objects.all().delete()
    typist.field("Extension").fill("6")
    visitor.page.clock.run_for(SECOND)
    typist.reads("Signed out")
    expect(typist.field("Extension")).to_have_value("6")


@pytest.mark.parametrize("visitor", [Way(1280, scripts=False)], indirect=True, ids=str)
def test_without_javascript_the_limits_are_stated(visitor: Visitor, jane: User) -> None:
    visitor.signed_in(jane).go("/account/")
    words = "You are signed out after 30 minutes without activity, and 12 hours after signing in."
    expect(visitor.page.get_by_role("contentinfo")).to_contain_text(words)
    expect(visitor.page.get_by_role("dialog")).to_be_hidden()


def test_staff_site_has_the_dialog(visitor: Visitor, jane: User) -> None:
    put_into(User.objects.get(), StaffGroup.ADMINISTRATOR)
    with_clock(visitor).signed_in(jane)
    visitor.page.goto(f"{visitor.site}/staff/")
    wait_idle(visitor.page, jane, left=100)
    expect(dialog_of(visitor.page)).to_be_visible()
    dialog_of(visitor.page).get_by_role("button", name="Keep me signed in").click()
    expect(dialog_of(visitor.page)).to_be_hidden()
