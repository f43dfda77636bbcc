"""A view as somebody else offers nothing that it would refuse."""

from playwright.sync_api import Locator, expect

from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from tests.browser.visitor import Visitor
from tests.browser.world import (
    PRACTICES,
    address,
    contact,
    open_offering,
    person,
    practice,
    registered,
)


def test_view_shows_no_button_and_no_link_that_changes_something(visitor: Visitor):
    jane, casey = person(), person("Casey", "Moreau")
    put_into(casey, StaffGroup.SERVICE_CENTER)
    registration = registered(jane, practice(jane), open_offering(), contact())
    practice(jane, "Fresh Start Clinic", "000765631")

    visitor.signed_in(jane).go(address(registration))
    expect(changing(visitor)).not_to_have_count(0)
    visitor.page.context.clear_cookies()

    visitor.signed_in(casey).go(f"/staff/accounts/user/{jane.pk}/view-as/")
    visitor.page.get_by_label("Reason").fill("Call 4711")
    visitor.through(visitor.page.get_by_role("button", name="View as this person"))
    for path in (PRACTICES, address(registration), address(registration, "delete/")):
        visitor.go(path)
        expect(changing(visitor)).to_have_count(0)
        expect(visitor.page.get_by_text("What you type is stored")).to_have_count(0)
        expect(
            visitor.page.get_by_text("Nothing can be changed or saved in a view")
        ).to_be_visible()
    visitor.press("Exit view")


def changing(visitor: Visitor) -> Locator:
    """What the page offers to press or to follow that changes something; what is hidden isn't."""
    main = visitor.page.get_by_role("main")
    delete = main.get_by_role("link", name="Delete")
    return main.get_by_role("button").or_(delete)
