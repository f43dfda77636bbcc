"""The register page saves by itself, as it is completed (2023 guide, III.8)."""

import re

from playwright.sync_api import expect

from registrations.models import Registration
from tests.browser.conftest import OpenBrowser
from tests.browser.typing import Typist, size_of, soon, status_of, stored
from tests.browser.world import PRACTICES, address


def test_registration_completes_while_it_is_typed(at_start: Typist, started: Registration) -> None:
    page, visitor = at_start.page, at_start.visitor
    visitor.sees("Changes are saved as you type.")
    assert stored(started) == [], "the offered names are not stored by themselves"
    with at_start.saves():
        at_start.type("E-mail", "jane.doe@example.org")
    assert stored(started)[0]["email"] == "jane.doe@example.org"
    assert stored(started)[0]["first_name"] == "Jane"
    expect(page.get_by_role("link", name="Delete Contact")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("Phone of contact 1")).to_be_visible()

    with at_start.saves():
        at_start.size("25-99").check()
    assert size_of(started) == "25-99"
    expect(visitor.fact("Status")).to_contain_text("Incomplete")

    with at_start.saves("Registration complete. Saved at"):
        at_start.type("Phone", "2025550123")
    assert status_of(started) == "complete"
    expect(visitor.fact("Status")).to_contain_text("Complete")
    expect(visitor.fact("Contacts receiving updates")).to_have_text("1")
    expect(page.get_by_role("heading", name="Nothing is missing")).to_be_visible()
    expect(page.get_by_role("heading", name="Registration complete")).to_be_attached()
    expect(at_start.field("Phone")).to_be_focused()

    with at_start.saves():
        at_start.type("Extension", "14")
    expect(at_start.line).not_to_contain_text("Registration complete")
    assert stored(started)[0]["extension"] == "14"


def test_address_that_is_valid_on_the_way_is_stored_as_it_goes(
    at_start: Typist, started: Registration
) -> None:
    with at_start.saves():
        at_start.type("E-mail", "jane.doe@example.co")
    assert stored(started)[0]["email"] == "jane.doe@example.co"
    with at_start.saves("E-mail not saved; we still have jane.doe@example.co."):
        at_start.field("E-mail").press("Backspace")
        at_start.field("E-mail").press("Backspace")
        at_start.field("E-mail").press("Backspace")
    expect(at_start.field("E-mail")).to_have_value("jane.doe@example")
    expect(at_start.field("E-mail")).not_to_have_attribute("aria-invalid", "true")
    assert stored(started)[0]["email"] == "jane.doe@example.co"
    at_start.field("Phone").focus()
    expect(at_start.field("E-mail")).to_have_attribute("aria-invalid", "true")
    expect(at_start.field("E-mail")).to_have_accessible_description(
        re.compile("Enter an e-mail address, like name@example.org.")
    )
    with at_start.saves():
        at_start.type("E-mail", "jane.doe@example.com")
    expect(at_start.field("E-mail")).to_have_attribute("aria-invalid", "false")
    assert stored(started)[0]["email"] == "jane.doe@example.com"


def test_error_elsewhere_is_still_told_when_another_field_is_saved(
    at_start: Typist, started: Registration
) -> None:
    with at_start.saves("Phone not saved: Enter a 10-digit phone number"):
        at_start.type("Phone", "202555")
    with at_start.saves("Phone not saved: Enter a 10-digit phone number"):
        at_start.type("Extension", "14")
    assert stored(started)[0]["extension"] == "14"
    assert stored(started)[0]["phone"] == ""
    expect(at_start.field("Phone")).to_have_value("202555")
    at_start.type("Phone", "")
    at_start.reads("Saved at")
    expect(at_start.page.locator(".field__error")).to_have_count(0)


def test_press_on_the_button_counts_though_an_error_appears_above_it(
    at_start: Typist, started: Registration
) -> None:
    with at_start.saves("Phone not saved"):
        at_start.type("Phone", "202555")
    button = at_start.page.get_by_role("button", name="Save", exact=True)
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    at_start.page.mouse.move(box["x"] + 20, box["y"] + 20)
    with at_start.page.expect_navigation():
        at_start.page.mouse.down()
        at_start.page.wait_for_timeout(100)  # as long as a finger stays
        at_start.page.mouse.up()
    expect(at_start.page.get_by_role("alert", name="There is a problem")).to_be_visible()
    expect(at_start.field("Phone")).to_have_value("202555")


def test_error_that_the_page_came_with_is_told_until_it_is_mended(
    at_complete: Typist, complete: Registration
) -> None:
    at_complete.type("Phone", "202555")
    at_complete.visitor.press("Save", exact=True)
    expect(at_complete.page.get_by_role("alert", name="There is a problem")).to_be_visible()
    with at_complete.saves("Phone not saved; we still have (202) 555-0144."):
        at_complete.type("Extension", "14")
    assert stored(complete)[0]["extension"] == "14"
    expect(at_complete.field("Phone")).to_have_attribute("aria-invalid", "true")
    with at_complete.saves():
        at_complete.type("Phone", "2025550177")
    assert stored(complete)[0]["phone"] == "2025550177"
    expect(at_complete.page.locator(".field__error, .error-summary")).to_have_count(0)
    expect(at_complete.page).to_have_title(re.compile("^Register"))


def test_blank_that_would_undo_complete_is_not_stored_and_the_page_says_so(
    at_complete: Typist, complete: Registration
) -> None:
    before = stored(complete)
    with at_complete.saves("E-mail not saved; we still have pat.example@example.org."):
        at_complete.type("E-mail", "")
    at_complete.field("Phone").focus()
    expect(at_complete.field("E-mail")).to_have_accessible_description(
        re.compile("a complete registration needs one complete contact")
    )
    assert stored(complete) == before
    assert status_of(complete) == "complete"
    at_complete.type("E-mail", "pat.example@example.org")
    at_complete.reads(re.compile(r"^\s*Saved at"))
    expect(at_complete.field("E-mail")).to_have_attribute("aria-invalid", "false")


def test_leaving_within_a_second_of_typing_saves(at_start: Typist, started: Registration) -> None:
    at_start.type("Phone", "2025550123")
    at_start.page.goto(f"{at_start.visitor.site}{PRACTICES}")
    assert soon(lambda: [c["phone"] for c in stored(started)] == ["2025550123"])
    at_start.open()
    expect(at_start.field("Phone")).to_have_value("(202) 555-0123")


def test_closing_the_tab_saves(at_start: Typist, started: Registration) -> None:
    at_start.size("100 or greater").check()
    at_start.type("E-mail", "jane.doe@example.org")
    at_start.page.close(run_before_unload=True)
    assert soon(lambda: [c["email"] for c in stored(started)] == ["jane.doe@example.org"])
    assert soon(lambda: size_of(started) == "100+")


def test_coming_back_with_the_back_button_shows_what_is_stored(
    at_complete: Typist, complete: Registration
) -> None:
    with at_complete.saves():
        at_complete.size("25-99").check()
        at_complete.type("Phone", "2025550166")
    at_complete.page.goto(f"{at_complete.visitor.site}{PRACTICES}")
    complete.contacts.update(phone="2025550177")
    at_complete.page.go_back()
    at_complete.unfold()
    expect(at_complete.size("25-99")).to_be_checked()
    expect(at_complete.field("Phone")).to_have_value("(202) 555-0177")
    with at_complete.saves():
        at_complete.type("Extension", "9")
    assert stored(complete)[0]["phone"] == "2025550177"
    assert stored(complete)[0]["extension"] == "9"


def test_page_whose_script_does_not_load_saves_with_its_button(
    open_browser: OpenBrowser, started: Registration, jane
) -> None:
    visitor = open_browser()
    visitor.disturbed = True
    visitor.page.route("**/autosave-page*.js", lambda route: route.abort())
    typist = Typist(visitor, started).open(jane)
    for label, text in {"E-mail": "jane.doe@example.org", "Phone": "202-555-0123"}.items():
        typist.type(label, text)
    typist.size("2-24").check()
    visitor.sees("What you type is stored when you press Save.")
    assert stored(started) == []
    visitor.press("Save", exact=True)
    visitor.sees("Registration complete")
    assert status_of(started) == "complete"
    visitor.problems.clear()  # the console tells of the script


def test_button_still_leads_to_the_news_after_the_page_saved_by_itself(
    at_start: Typist, started: Registration
) -> None:
    at_start.size("2-24").check()
    at_start.type("E-mail", "jane.doe@example.org")
    with at_start.saves("Registration complete."):
        at_start.type("Phone", "2025550123")
    at_start.visitor.press("Save", exact=True)
    expect(at_start.page.get_by_role("heading", name="Registration complete")).to_be_in_viewport()
    assert at_start.visitor.path == f"{address(started)}?completed=1#complete"


def test_another_contact_is_added_after_what_was_typed_is_saved(
    at_complete: Typist, complete: Registration
) -> None:
    at_complete.type("Extension", "7")
    at_complete.visitor.press("Add another contact")
    assert stored(complete)[0]["extension"] == "7"
    with at_complete.saves("Phone of contact 2 not saved: Enter"):
        at_complete.type("First name", "Maria", number=2)
        at_complete.type("Phone", "1", number=2)
    assert stored(complete)[1]["first_name"] == "Maria"
    assert status_of(complete) == "complete"
    at_complete.visitor.follow(
        "Delete Contact", within=at_complete.page.get_by_role("group", name="Contact 2")
    )
    at_complete.visitor.press("Delete", exact=False)
    assert len(stored(complete)) == 1
