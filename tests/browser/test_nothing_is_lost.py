"""What a person typed is still there after a mistake, after the close, and beside a colleague."""

import re

import pytest
from playwright.sync_api import expect

from registrations.models import Registration
from tests.browser.conftest import OpenBrowser
from tests.browser.visitor import DESKTOP, NARROW, WIDE, Visitor, Way
from tests.browser.world import (
    address,
    close,
    contact,
    open_offering,
    person,
    practice,
    registered,
)
from tests.factories import RoleFactory


@pytest.mark.parametrize("visitor", [DESKTOP, Way(NARROW, scripts=False)], indirect=True, ids=str)
def test_errors_stand_beside_their_fields_and_the_rest_is_stored(visitor: Visitor):
    jane = person()
    registration = registered(jane, practice(jane), open_offering(), size="")
    visitor.signed_in(jane).go(address(registration))
    page = visitor.page
    typed = {
        "First name": "Pat",
        "Last name": "Example3",
        "E-mail": "not an address",
        "Phone": "202-555-014",
        "Extension": "ten",
    }
    for label, text in typed.items():
        page.get_by_label(label, exact=False).fill(text)
    page.get_by_role("radio", name="25-99").check()
    visitor.allowed = (422,)
    visitor.press("Save", exact=True)

    summary = page.get_by_role("alert", name="There is a problem")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(4)
    wrong = {
        "Last name": "may only contain letters",
        "E-mail": "Enter an e-mail address, like name@example.org.",
        "Phone": "Enter a 10-digit phone number",
        "Extension": "An extension has digits only.",
    }
    for label, text in typed.items():
        field = page.get_by_label(label)
        expect(field).to_have_value(text)
        if label in wrong:
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(field).to_have_accessible_description(re.compile(re.escape(wrong[label])))
    expect(page.get_by_role("radio", name="25-99")).to_be_checked()
    assert Registration.objects.get().size == "25-99"
    assert Registration.objects.get().contacts.get().first_name == "Pat"

    summary.get_by_role("link", name="Enter an e-mail address").click()
    expect(page.get_by_label("E-mail")).to_be_focused()


# Without script: with it the page may save by itself between the typing and the close.
BY_HAND = [Way(NARROW, scripts=False)]


@pytest.mark.parametrize("visitor", BY_HAND, indirect=True, ids=str)
def test_page_left_open_over_the_close_keeps_what_was_typed_and_says_so(visitor: Visitor):
    jane = person()
    offering = open_offering()
    registration = registered(jane, practice(jane), offering, size="")
    visitor.signed_in(jane).go(address(registration))
    visitor.page.get_by_role("radio", name="2-24").check()
    visitor.page.get_by_label("E-mail").fill("late@example.org")
    close(offering)
    visitor.allowed = (403,)
    visitor.press("Save", exact=True)

    expect(visitor.page.get_by_role("alert")).to_contain_text("Registration closed on")
    visitor.sees("Not saved")
    expect(visitor.page.get_by_label("E-mail")).to_have_value("late@example.org")
    expect(visitor.page.get_by_role("radio", name="2-24")).to_be_checked()
    expect(visitor.page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert not registration.contacts.exists()
    visitor.allowed = (200,)
    visitor.follow("Back to List")
    visitor.sees("Registration is closed")


@pytest.mark.parametrize("visitor", BY_HAND, indirect=True, ids=str)
def test_change_of_a_complete_contact_over_the_close_is_still_visible(visitor: Visitor):
    jane = person()
    offering = open_offering()
    registration = registered(jane, practice(jane), offering, contact())
    visitor.signed_in(jane).go(address(registration))
    visitor.page.get_by_text("Edit", exact=True).click()
    visitor.page.get_by_label("Last name").fill("Typed Too Late")
    close(offering)
    visitor.allowed = (403,)
    visitor.press("Save", exact=True)
    expect(visitor.page.get_by_label("Last name")).to_have_value("Typed Too Late")
    expect(visitor.page.get_by_label("Last name")).to_be_visible()


def test_two_officials_see_both_values_and_choose(open_browser: OpenBrowser):
    jane, ken = person(), person("Ken", "Ito")
    organization = practice(jane)
    RoleFactory(user=ken, organization=organization)
    registration = registered(jane, organization, open_offering(), contact())
    first = open_browser(Way(WIDE, scripts=False)).signed_in(jane)
    second = open_browser(Way(NARROW, scripts=False)).signed_in(ken)
    for visitor in (first, second):
        visitor.go(address(registration))
        visitor.page.get_by_text("Edit", exact=True).click()

    type_and_save(second, "25-99", "Itos-Word")
    second.sees("Saved at")
    first.allowed = (409,)
    type_and_save(first, "100 or greater", "Janes-Word")

    clashes = first.page.get_by_role("region", name="Changed by someone else")
    expect(clashes).to_contain_text("Ken Ito changed it to 25-99. You typed 100 or greater.")
    expect(clashes).to_contain_text("Ken Ito changed it to Itos-Word. You typed Janes-Word.")
    expect(first.page.get_by_label("Last name")).to_have_value("Janes-Word")
    assert stored(registration) == ("25-99", "Itos-Word")

    first.allowed = (200, 409)
    first.press("Use theirs Organization Size")
    expect(clashes).not_to_contain_text("25-99")
    first.press("Keep mine Last name")
    expect(clashes).to_have_count(0)
    assert stored(registration) == ("25-99", "Janes-Word")


def type_and_save(visitor: Visitor, size: str, last_name: str) -> None:
    visitor.page.get_by_role("radio", name=size).check()
    visitor.page.get_by_label("Last name").fill(last_name)
    visitor.press("Save", exact=True)


def stored(registration: Registration) -> tuple[str, str]:
    registration.refresh_from_db()
    return registration.size, registration.contacts.get().last_name
