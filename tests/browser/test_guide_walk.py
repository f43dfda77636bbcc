"""The 2023 guide, walked from its first step to its last, in four kinds of browser.

The steps stand in the guide's order and use its words; every control is found by role and label.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import WALKED, Visitor
from tests.browser.world import (
    BETTER,
    all_kinds,
    newest_code,
    open_offering,
    person,
    practice,
)
from tests.factories import PASSWORD

REGISTER = "Register for CAHPS for MIPS Survey"
LIST = "2023 CAHPS for MIPS Survey registration"
OTHER = "Lakeside Family Practice"


@pytest.fixture
def jane():
    """A Security Official of two practices and of the other kinds, with a phone."""
    user = person()
    all_kinds(user)
    practice(user, OTHER, "000765631")
    return user


@pytest.mark.parametrize("visitor", WALKED, indirect=True, ids=str)
def test_whole_guide_can_be_walked(visitor: Visitor, transactional_db, jane):
    open_offering()

    sign_in(visitor)
    find_the_practice(visitor)
    number = register(visitor)
    read_confirmation(visitor, number)
    change_contacts(visitor)
    change_size(visitor)
    read_summary(visitor, number)
    delete_registration(visitor)
    register_again(visitor, number)
    search(visitor)
    sign_out(visitor)


def sign_in(visitor: Visitor) -> None:
    """III.1 to III.4."""
    visitor.go("/")
    visitor.sees_heading("Register for the 2023 CAHPS for MIPS Survey")
    corner = visitor.page.get_by_role("banner").get_by_role("link", name="Sign In", exact=True)
    box = corner.bounding_box()
    assert box
    assert box["x"] > visitor.way.width / 2
    assert box["y"] < 150
    visitor.follow("Sign In", exact=True)

    page = visitor.page
    page.get_by_label("User ID").fill("jane.doe")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    expect(page.get_by_role("group", name="Statement of Truth")).to_be_visible()
    page.get_by_label("Yes, I agree").check()
    visitor.press("Sign in", exact=True)

    visitor.sees_heading("Two-Factor Authentication")
    page.get_by_label("Select a verification device").select_option("Text message to ***-***-0123")
    visitor.press("Send Code")
    visitor.sees("Code sent to")
    page.get_by_label("Enter code").fill(newest_code())
    visitor.press("Verify")
    visitor.sees_heading("Account Home")


def find_the_practice(visitor: Visitor) -> None:
    """III.5 to III.7: both ways to the Registration screen, then the tab."""
    visitor.navigate("Registration")
    visitor.sees_heading("Registration")
    visitor.navigate("Account Home")
    visitor.follow("Start Registration")
    visitor.sees_heading("Registration")
    visitor.follow("Register and Edit CAHPS Registration")
    visitor.sees_heading(LIST)

    tabs = visitor.page.get_by_role("navigation", name="Organization types").get_by_role("link")
    expect(tabs).to_have_text(["APM Entities (2)", "Virtual Groups (2)", "Practices (2)"])
    visitor.follow("Practices (2)")
    row = visitor.item(BETTER)
    expect(row).to_contain_text("TIN 00-0765630")
    expect(row).to_contain_text("Not started")
    visitor.press(f"Register Group for CAHPS {BETTER}")


def register(visitor: Visitor) -> str:
    """III.8 and IV.1 to IV.2. The registration ID."""
    visitor.sees_heading(REGISTER)
    number = visitor.fact("Registration ID").inner_text()
    assert re.fullmatch(r"\d{6}", number)
    expect(visitor.fact("Status")).to_have_text("Incomplete")
    expect(visitor.fact("Contacts receiving updates")).to_have_text("0")
    expect(visitor.page.get_by_role("link", name="Delete Registration")).to_be_visible()

    visitor.page.get_by_role("radio", name="2-24").check()
    visitor.press("Save", exact=True)
    expect(visitor.page.get_by_role("radio", name="2-24")).to_be_checked()
    expect(visitor.fact("Status")).to_have_text("Incomplete")
    visitor.sees("What is still missing")

    fill_contact(visitor, 1, "Pat", "Example", phone="202-555-0144")
    visitor.press("Save", exact=True)
    return number


def fill_contact(
    visitor: Visitor, place: int, first_name: str, last_name: str, phone: str, extension: str = ""
) -> None:
    """Type one contact (IV.2)."""
    fields = visitor.page.get_by_role("group", name=f"Contact {place}", exact=True)
    fields.get_by_label("First name").fill(first_name)
    fields.get_by_label("Last name").fill(last_name)
    fields.get_by_label("E-mail").fill(f"{first_name}@example.org")
    fields.get_by_label("Phone").fill(phone)
    fields.get_by_label("Extension").fill(extension)


def read_confirmation(visitor: Visitor, number: str) -> None:
    """IV.3: a heading says so, the focus is there, and the next steps."""
    news = visitor.page.get_by_role("region", name="Registration complete")
    expect(news).to_be_visible()
    expect(news).to_be_focused()
    expect(news).to_contain_text(f"registration ID is {number}")
    expect(news).to_contain_text("Hire a CMS-approved vendor")
    expect(news).to_contain_text("minimum patient sample")
    expect(news).to_contain_text("No confirmation e-mail is sent")
    expect(visitor.fact("Status")).to_have_text("Complete")
    expect(visitor.fact("Contacts receiving updates")).to_have_text("1")


def change_contacts(visitor: Visitor) -> None:
    """V: add, edit, delete; the last one stays."""
    visitor.press("Add another contact")
    fill_contact(visitor, 2, "Alex", "Sample", phone="(202) 555-0155", extension="42")
    visitor.press("Save", exact=True)
    expect(visitor.fact("Contacts receiving updates")).to_have_text("2")

    card = open_contact(visitor, "Alex Sample")
    card.get_by_label("Last name").fill("Specimen")
    visitor.press("Save", exact=True)
    card = open_contact(visitor, "Alex Specimen")

    visitor.follow("Delete Contact 2 Alex Specimen", within=card)
    visitor.sees_heading("Delete this contact?")
    visitor.press("Delete", exact=True)
    visitor.sees("The contact is deleted.")
    expect(visitor.fact("Contacts receiving updates")).to_have_text("1")

    card = open_contact(visitor, "Pat Example")
    visitor.follow("Delete Contact 1 Pat Example", within=card)
    visitor.sees_heading("This contact can’t be deleted")
    visitor.sees("Edit it instead, or add another contact first")
    visitor.follow("Edit this contact")
    expect(visitor.page.get_by_label("First name")).to_be_focused()


def open_contact(visitor: Visitor, name: str):
    """Unfold a complete contact."""
    card = visitor.page.get_by_role("group").filter(has_text=name).first
    card.get_by_text("Edit", exact=True).click()
    return card


def change_size(visitor: Visitor) -> None:
    """V: Update Organization Size."""
    visitor.page.get_by_role("radio", name="25-99").check()
    visitor.press("Save", exact=True)
    expect(visitor.page.get_by_role("radio", name="25-99")).to_be_checked()
    expect(visitor.fact("Status")).to_have_text("Complete")


def read_summary(visitor: Visitor, number: str) -> None:
    """IV.3 and VI: by the left navigation to the list, which says Complete, and to the summary."""
    visitor.navigate("CAHPS For MIPS Survey Registration")
    visitor.follow("Practices (2)")
    row = visitor.item(BETTER)
    expect(row).to_contain_text("Complete")
    expect(row).to_contain_text(number)
    name = visitor.download(f"Download Group CAHPS Registration Summary {BETTER}", within=row)
    assert name == f"CAHPS-2023-registration-{number}.pdf"

    visitor.follow(f"Edit {BETTER}", within=row)
    visitor.follow("Print-ready page")
    visitor.sees_heading("Group CAHPS Registration Summary")
    expect(visitor.fact("Registration ID")).to_have_text(number)
    expect(visitor.fact("Status")).to_have_text("Complete")
    expect(visitor.fact("Organization")).to_have_text(BETTER)
    expect(visitor.fact("TIN")).to_have_text("00-0765630")
    expect(visitor.fact("Organization Size")).to_have_text("25-99 clinicians")
    expect(visitor.fact("Received")).to_have_text(
        re.compile(r"at \d+:\d\d:\d\d [ap]\.m\. ET, from Jane Doe")
    )
    contact = visitor.page.get_by_role("table").get_by_role("row").filter(has_text="Pat Example")
    expect(contact).to_contain_text("Pat@example.org")
    expect(contact).to_contain_text("(202) 555-0144")
    print_button = visitor.page.get_by_role("button", name="Print")
    expect(print_button).to_have_count(1 if visitor.way.scripts else 0)
    visitor.follow("Back to List")


def delete_registration(visitor: Visitor) -> None:
    """VII, by way of the list."""
    visitor.follow(f"Delete Registration {BETTER}")
    visitor.sees_heading("Delete this registration?")
    visitor.press("Delete", exact=True)
    visitor.sees_heading(LIST)
    visitor.sees(f"{BETTER} is no longer registered")
    expect(visitor.item(BETTER)).to_contain_text("Not started")


def register_again(visitor: Visitor, number: str) -> None:
    """VII and IV: the same ID, the contacts come back, the size is asked anew."""
    visitor.press(f"Register Group for CAHPS {BETTER}")
    expect(visitor.fact("Registration ID")).to_have_text(number)
    expect(visitor.fact("Status")).to_have_text("Incomplete")
    expect(visitor.fact("Contacts receiving updates")).to_have_text("1")
    expect(visitor.page.get_by_role("main")).to_contain_text("Pat Example")
    expect(visitor.page.get_by_role("radio", checked=True)).to_have_count(0)
    visitor.page.get_by_role("radio", name="100 or greater").check()
    visitor.press("Save", exact=True)
    expect(visitor.fact("Status")).to_have_text("Complete")
    visitor.follow("Back to List")


def search(visitor: Visitor) -> None:
    """VII: filter and search; a TIN never stands in an address."""
    search_for(visitor, status="Complete")
    expect(visitor.item(BETTER)).to_be_visible()
    expect(visitor.item(OTHER)).to_have_count(0)
    visitor.follow("Show all")
    search_for(visitor, text="lakeside")
    expect(visitor.item(OTHER)).to_be_visible()
    expect(visitor.item(BETTER)).to_have_count(0)
    search_for(visitor, text="00-0765630")
    expect(visitor.item(BETTER)).to_be_visible()
    expect(visitor.item(OTHER)).to_have_count(0)
    assert "765630" not in visitor.page.url


def search_for(visitor: Visitor, *, text: str = "", status: str = "All statuses") -> None:
    visitor.page.get_by_label("Search by name or TIN").fill(text)
    visitor.page.get_by_label("Status", exact=True).select_option(status)
    visitor.press("Search")


def sign_out(visitor: Visitor) -> None:
    visitor.open_menu()
    visitor.press("Sign out")
    visitor.sees("You are signed out.")
    visitor.go("/home/")
    visitor.sees_heading("Sign in")
