"""*Leave without saving?*: asked only when something typed isn't saved (2022 guide, IV.4, V)."""

import pytest
from playwright.sync_api import Dialog, expect

from registrations.models import Registration
from tests.browser.explicit_journeys import choose_size, open_2022, place
from tests.browser.typing import soon
from tests.browser.visitor import PHONE, WIDE, Visitor, Way
from tests.browser.world import person, practice


@pytest.fixture
def at_information(visitor: Visitor, transactional_db: None) -> Visitor:
    """Jane at Organization Information, on the way from the register page."""
    jane = person()
    organization = practice(jane)
    open_2022()
    visitor.signed_in(jane).go(place(organization, "size/?back=cahps"))
    choose_size(visitor, "25-99")
    visitor.follow("Edit Organization Information")
    return visitor


def question(visitor: Visitor):
    return visitor.page.get_by_role("dialog", name="Leave without saving?")


def test_nothing_is_asked_when_nothing_was_typed_or_it_was_taken_back(at_information: Visitor):
    city = at_information.page.get_by_label("City")
    city.fill("Columbia")
    city.fill("Baltimore")
    at_information.follow("Cancel", exact=True)
    at_information.sees_heading("CAHPS for MIPS Survey Registration")


@pytest.mark.parametrize("visitor", [PHONE, Way(WIDE)], indirect=True, ids=str)
def test_dialog_asks_and_works_by_keyboard(at_information: Visitor):
    page = at_information.page
    page.get_by_label("City").fill("Columbia")
    cancel = page.get_by_role("link", name="Cancel", exact=True)
    cancel.focus()
    page.keyboard.press("Enter")
    expect(question(at_information)).to_be_visible()
    expect(question(at_information)).to_have_accessible_description(
        "What you typed isn’t saved yet."
    )
    expect(page.get_by_role("button", name="Keep editing")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question(at_information)).to_be_hidden()
    expect(cancel).to_be_focused()
    expect(page.get_by_label("City")).to_have_value("Columbia")

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Leave without saving")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    at_information.sees_heading("CAHPS for MIPS Survey Registration")
    assert Registration.objects.get().city == "Baltimore"


def test_browser_asks_on_every_other_way_out_but_not_on_update(at_information: Visitor):
    page = at_information.page
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_label("City").press_sequentially("x")
    page.evaluate("setTimeout(() => location.assign('/home/'))")
    assert soon(lambda: asked == ["beforeunload"], page)
    expect(page.get_by_label("City")).to_have_value("xBaltimore")
    at_information.press("Update", exact=True)
    assert asked == ["beforeunload"]
    at_information.sees("xBaltimore")


def test_what_came_back_with_an_error_is_unsaved(at_information: Visitor):
    at_information.page.get_by_label("ZIP code").fill("123")
    at_information.allowed = (422,)
    at_information.press("Update", exact=True)
    at_information.page.get_by_role("link", name="Cancel", exact=True).click()
    expect(question(at_information)).to_be_visible()


@pytest.mark.parametrize("visitor", [Way(WIDE, scripts=False)], indirect=True, ids=str)
def test_without_javascript_nothing_is_asked(at_information: Visitor):
    at_information.page.get_by_label("City").fill("Columbia")
    at_information.follow("Cancel", exact=True)
    at_information.sees_heading("CAHPS for MIPS Survey Registration")


def test_check_marks_follow_the_typing(at_information: Visitor):
    page = at_information.page
    mark = page.locator("[data-check=id_zip_code]")
    expect(mark).to_be_visible()
    for typed, is_right in (("123", False), ("", False), ("21239-0001", True)):
        page.get_by_label("ZIP code").fill(typed)
        expect(mark).to_be_visible() if is_right else expect(mark).to_be_hidden()
