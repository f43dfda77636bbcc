"""The 2022 guide's registering, modifying and cancelling, walked in four kinds of browser.

The steps stand in the guide's order and use its words; every control is found by role and label.
"""

import re

import pytest
from playwright.sync_api import Locator, expect

from accounts.models import User
from organizations.models import Organization
from tests.browser.explicit_journeys import choose_size, open_2022, place, type_contact
from tests.browser.visitor import WALKED, Visitor
from tests.browser.world import BETTER, person, practice

OVERVIEW = "Registration Overview"
WEB_INTERFACE = "CMS Web Interface Registration"
CONGRATULATIONS = "Congratulations, you have successfully registered!"
CANCELLED = "You have successfully cancelled your registration."


@pytest.fixture
def jane(transactional_db: None) -> User:
    """A Security Official."""
    return person()


@pytest.mark.parametrize("visitor", WALKED, indirect=True, ids=str)
def test_registering_modifying_and_cancelling_can_be_walked(visitor: Visitor, jane: User) -> None:
    organization = practice(jane)
    open_2022()
    visitor.signed_in(jane)

    select_size(visitor)
    complete_the_information(visitor)
    number = register(visitor)
    register_for_the_survey(visitor, number)
    change_contacts(visitor)
    change_size(visitor, number)
    register_again(visitor, number)
    cancel(visitor, number)
    keep_the_record(visitor, organization, number)


def select_size(visitor: Visitor) -> None:
    """IV.1 and IV.2: Select Size on the overview, then Register under the CMS Web Interface."""
    visitor.go("/registration/2022/overview/practices/")
    visitor.follow("Select Size", within=visitor.item(BETTER))
    visitor.sees("will allow you to register for the CMS Web Interface and/or the CAHPS")
    choose_size(visitor, "25-99")
    visitor.sees_heading(OVERVIEW)
    expect(visitor.item(BETTER)).to_contain_text("Size: 25-99")
    visitor.press("Register Better Business Health for CMS Web Interface")
    visitor.sees_heading(WEB_INTERFACE)


def complete_the_information(visitor: Visitor) -> None:
    """IV.3 to IV.7: the gap has the focus; a check mark at each piece; Update and Cancel."""
    page = visitor.page
    visitor.allowed = (422,)
    visitor.press("Register", exact=True)
    expect(
        page.get_by_role("region", name="Contact Information").get_by_role(
            "link", name="one complete contact"
        )
    ).to_be_focused()

    visitor.allowed = (200,)
    visitor.follow("Edit Organization Information")
    expect(page.get_by_label("Organization name")).to_have_value(BETTER)
    page.get_by_role("textbox", name="Address", exact=True).fill("123 Better Health Way")
    page.get_by_label("State").select_option("Maryland")
    visitor.press("Update", exact=True)
    expect(information(visitor)).to_contain_text("123 Better Health Way, Baltimore, MD 21239")
    expect(information(visitor).get_by_text("Complete:")).to_have_count(4)

    visitor.follow("Edit Jane Doe")
    expect(page.get_by_label("First name")).to_have_value("Jane")
    expect(page.get_by_label("Last name")).to_have_value("Doe")
    type_contact(visitor, "Jane", "Doe")
    visitor.press("Update", exact=True)
    visitor.sees_heading(WEB_INTERFACE)
    visitor.follow("Add New contact")
    visitor.follow("Cancel", exact=True)
    visitor.sees("Nothing is missing")


def information(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("region", name="Organization Information")


def register(visitor: Visitor) -> str:
    """IV.8. The registration ID."""
    visitor.press("Register", exact=True)
    visitor.sees_heading(CONGRATULATIONS)
    number = visitor.fact("Registration ID").inner_text()
    assert re.fullmatch(r"\d{6}", number)
    expect(visitor.fact("Registered for")).to_have_text("CMS Web Interface")
    expect(visitor.page.get_by_role("link", name="Back to List")).to_be_visible()
    return number


def register_for_the_survey(visitor: Visitor, number: str) -> None:
    """IV.8 and IV.9: Back to List; Register leads straight to success, everything carries over."""
    visitor.follow("Back to List")
    expect(visitor.item(BETTER)).to_contain_text(f"Registration ID: {number}")
    visitor.press("Register Better Business Health for CAHPS for MIPS Survey")
    visitor.sees_heading(CONGRATULATIONS)
    expect(visitor.fact("Registered for")).to_have_text("CAHPS for MIPS Survey")
    expect(visitor.fact("Registration ID")).to_have_text(number)
    visitor.follow("Back to List")
    visitor.sees_heading(OVERVIEW)


def show_details(visitor: Visitor) -> Locator:
    """Unfold the organization on the overview, where it isn't after a change."""
    row = visitor.item(BETTER)
    if row.get_by_text("Show Details").is_visible():
        row.get_by_text("Show Details").click()
    return row


def change_contacts(visitor: Visitor) -> None:
    """V: address, add, edit, delete; never the last contact."""
    row = show_details(visitor)
    expect(row).to_contain_text("At least one contact is required")
    visitor.follow("Edit address", within=row)
    visitor.page.get_by_label("Address, second line").fill("Suite 4")
    visitor.press("Update", exact=True)
    visitor.follow("Add New Contact", within=show_details(visitor))
    type_contact(visitor, "John", "Smith")
    visitor.press("Update", exact=True)
    visitor.follow("Edit John Smith", within=show_details(visitor))
    visitor.page.get_by_label("Last name").fill("Smythe")
    visitor.press("Update", exact=True)
    expect(visitor.page.locator("#messages")).to_be_focused()
    visitor.follow("Delete Jane Doe", within=show_details(visitor))
    visitor.sees_heading("Delete this contact?")
    visitor.press("Delete", exact=True)
    row = show_details(visitor)
    expect(row).to_contain_text("John Smythe")
    expect(row).to_contain_text("Suite 4")
    expect(row).not_to_contain_text("Jane Doe")


def change_size(visitor: Visitor, number: str) -> None:
    """V: Update Organization Size, with the warning; Cancel changes nothing, Yes does both."""
    visitor.follow("Edit size", within=visitor.item(BETTER))
    choose_size(visitor, "2-24")
    visitor.sees_heading("Confirm Change in Size?")
    visitor.sees("your CMS Web Interface registration will be deleted")
    visitor.follow("Cancel", exact=True)
    expect(visitor.item(BETTER)).to_contain_text("Size: 25-99")
    visitor.follow("Edit size", within=visitor.item(BETTER))
    choose_size(visitor, "2-24")
    visitor.press("Yes", exact=True)
    visitor.sees("You have successfully cancelled your registration for the CMS Web Interface.")
    expect(visitor.item(BETTER)).to_contain_text("Size: 2-24")
    expect(visitor.item(BETTER)).to_contain_text(f"Registration ID: {number}")


def register_again(visitor: Visitor, number: str) -> None:
    """VII and IV: the same registration ID."""
    visitor.follow("Edit size", within=visitor.item(BETTER))
    choose_size(visitor, "100 or greater")
    visitor.press("Yes", exact=True)
    visitor.press("Register Better Business Health for CMS Web Interface")
    visitor.sees_heading(CONGRATULATIONS)
    expect(visitor.fact("Registration ID")).to_have_text(number)
    visitor.follow("Back to List")


def cancel(visitor: Visitor, number: str) -> None:
    """VII: Cancel Registration, Continue or Cancel; the list shows it as not registered."""
    link = "Cancel Registration of Better Business Health for CMS Web Interface"
    visitor.follow(link)
    visitor.follow("Cancel", exact=True)
    visitor.follow(link)
    visitor.press("Continue", exact=True)
    visitor.sees_heading(CANCELLED)
    expect(visitor.fact("Registration ID")).to_have_text(number)
    visitor.sees("Record the registration identification number")
    visitor.follow("Back to List")
    button = "Register Better Business Health for CMS Web Interface"
    expect(visitor.page.get_by_role("button", name=button)).to_be_visible()


def keep_the_record(visitor: Visitor, organization: Organization, number: str) -> None:
    """VI and VII: receipt and summary."""
    visitor.go(place(organization, "web-interface/cancelled/"))
    name = visitor.download("Download receipt of cancellation")
    assert name == f"CMS-Web-Interface-2022-cancellation-{number}.pdf"
    visitor.go(place(organization, "cahps/"))
    visitor.follow("Print-ready page")
    visitor.sees_heading("Group CAHPS Registration Summary")
    expect(visitor.fact("Status")).to_have_text("Registered")
    expect(visitor.fact("Address")).to_have_text(
        "123 Better Health Way, Suite 4, Baltimore, MD 21239"
    )
