"""The 2022 guide's registering, modifying and cancelling, walked in four kinds of browser.

The steps stand in the guide's order and use its words; every control is found by role and label.
"""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from organizations.models import Organization
from tests.browser.explicit_journeys import choose_size, open_2022, place, type_contact
from tests.browser.visitor import EVERY_WAY, Visitor
from tests.browser.world import BETTER, person, practice

WEB_INTERFACE = "CMS Web Interface Registration"
CONGRATULATIONS = "Congratulations, you have successfully registered!"
CANCELLED = "You have successfully cancelled your registration."


@pytest.fixture
def jane(transactional_db: None) -> User:
    """A Security Official."""
    return person()


@pytest.mark.parametrize("visitor", EVERY_WAY, indirect=True, ids=str)
def test_registering_modifying_and_cancelling_can_be_walked(visitor: Visitor, jane: User) -> None:
    organization = practice(jane)
    open_2022()
    visitor.signed_in(jane)

    select_size(visitor, organization)
    complete_the_information(visitor)
    number = register(visitor)
    register_for_the_survey(visitor, number)
    change_contacts(visitor, organization)
    change_size(visitor, organization, number)
    register_again(visitor, organization, number)
    cancel(visitor, organization, number)
    keep_the_record(visitor, organization, number)


def select_size(visitor: Visitor, organization: Organization) -> None:
    """IV.1 and IV.2: the size first, then the page with Register."""
    visitor.go(place(organization, "web-interface/"))
    visitor.sees("Select the Organization Size first")
    visitor.follow("Select Size")
    visitor.sees("will allow you to register for the CMS Web Interface and/or the CAHPS")
    choose_size(visitor, "25-99")
    visitor.sees_heading(WEB_INTERFACE)


def complete_the_information(visitor: Visitor) -> None:
    """IV.3 to IV.7: the gap has the focus; a check mark at each piece; Update and Cancel."""
    page = visitor.page
    visitor.allowed = (422,)
    visitor.press("Register", exact=True)
    expect(
        page.get_by_role("main").get_by_role("link", name="one complete contact").nth(1)
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


def information(visitor: Visitor):
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
    """IV.9: information and contacts carry over, straight to success."""
    visitor.press("Register for CAHPS for MIPS Survey too")
    visitor.sees_heading(CONGRATULATIONS)
    expect(visitor.fact("Registered for")).to_have_text("CAHPS for MIPS Survey")
    expect(visitor.fact("Registration ID")).to_have_text(number)


def change_contacts(visitor: Visitor, organization: Organization) -> None:
    """V: edit, never delete the last, add, delete."""
    visitor.go(place(organization, "cahps/"))
    visitor.follow("Delete Jane Doe")
    visitor.sees_heading("This contact can’t be deleted")
    visitor.go(place(organization, "cahps/"))
    visitor.follow("Add New contact")
    type_contact(visitor, "John", "Smith")
    visitor.press("Update", exact=True)
    visitor.follow("Edit John Smith")
    visitor.page.get_by_label("Last name").fill("Smythe")
    visitor.press("Update", exact=True)
    visitor.sees("John Smythe")
    visitor.follow("Delete Jane Doe")
    visitor.sees_heading("Delete this contact?")
    visitor.press("Delete", exact=True)
    expect(visitor.page.get_by_role("region", name="Contact Information")).not_to_contain_text(
        "Jane Doe"
    )


def change_size(visitor: Visitor, organization: Organization, number: str) -> None:
    """V: Update Organization Size, with the warning; Cancel changes nothing, Yes does both."""
    visitor.go(place(organization, "web-interface/"))
    visitor.follow("Change size")
    choose_size(visitor, "2-24")
    visitor.sees_heading("Confirm Change in Size?")
    visitor.sees("your CMS Web Interface registration will be deleted")
    visitor.follow("Cancel", exact=True)
    expect(information(visitor)).to_contain_text("25-99")
    expect(visitor.fact("Status")).to_have_text("Registered")
    visitor.follow("Change size")
    choose_size(visitor, "2-24")
    visitor.press("Yes", exact=True)
    visitor.sees("You have successfully cancelled your registration for the CMS Web Interface.")
    visitor.sees(number)


def register_again(visitor: Visitor, organization: Organization, number: str) -> None:
    """VII and IV: the same registration ID."""
    visitor.follow("Edit Size")
    choose_size(visitor, "100 or greater")
    visitor.sees_heading("Confirm Change in Size?")
    visitor.press("Yes", exact=True)
    visitor.sees_heading(WEB_INTERFACE)
    visitor.press("Register", exact=True)
    visitor.sees_heading(CONGRATULATIONS)
    expect(visitor.fact("Registration ID")).to_have_text(number)


def cancel(visitor: Visitor, organization: Organization, number: str) -> None:
    """VII: Cancel Registration, Continue or Cancel."""
    visitor.go(place(organization, "web-interface/"))
    visitor.follow("Cancel Registration")
    visitor.follow("Cancel", exact=True)
    expect(visitor.fact("Status")).to_have_text("Registered")
    visitor.follow("Cancel Registration")
    visitor.press("Continue", exact=True)
    visitor.sees_heading(CANCELLED)
    expect(visitor.fact("Registration ID")).to_have_text(number)
    visitor.sees("Record the registration identification number")


def keep_the_record(visitor: Visitor, organization: Organization, number: str) -> None:
    """VI and VII: receipt and summary."""
    name = visitor.download("Download receipt of cancellation")
    assert name == f"CMS-Web-Interface-2022-cancellation-{number}.pdf"
    visitor.go(place(organization, "cahps/"))
    visitor.follow("Print-ready page")
    visitor.sees_heading("Group CAHPS Registration Summary")
    expect(visitor.fact("Status")).to_have_text("Registered")
    expect(visitor.fact("Address")).to_have_text("123 Better Health Way, Baltimore, MD 21239")
