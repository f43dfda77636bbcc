"""An official of many practices registers them in one go, with and without script."""

import pytest
from playwright.sync_api import expect

from registrations.models import Contact, Enrollment
from tests.browser.visitor import WALKED, Visitor
from tests.browser.world import PRACTICES, open_offering, person, practices


@pytest.mark.parametrize("visitor", WALKED, indirect=True, ids=str)
def test_many_practices_are_registered_in_one_go(visitor: Visitor, transactional_db: None) -> None:
    maya = person("Maya", "Lindqvist")
    practices(maya, 30)
    open_offering()
    page = visitor.signed_in(maya).page

    visitor.go(PRACTICES)
    visitor.press("Register selected for CAHPS")
    visitor.sees("Nothing is selected.")

    select_the_whole_page_but_one(visitor)
    visitor.press("Register selected for CAHPS")
    chosen = 24 if visitor.way.scripts else 25
    visitor.sees_heading(f"Register {chosen} practices for CAHPS")
    expect(page.get_by_label("First name")).to_have_value("Maya")
    page.get_by_role("group", name="The same size for all").get_by_label("2-24").check()
    visitor.press("Set for all")
    rows = page.get_by_role("group", name="Size of Practice 007")
    expect(rows.get_by_label("2-24")).to_be_checked()
    rows.get_by_label("25-99").check()
    page.get_by_label("E-mail").fill("maya@example.org")
    page.get_by_label("Phone").fill("202 555 0123")
    visitor.press("Review", exact=True)

    visitor.sees_heading(f"Review: register {chosen} practices for CAHPS")
    expect(page.get_by_role("row").filter(has_text="Practice 007")).to_contain_text("25-99")
    assert not Enrollment.objects.exists()
    visitor.press("Edit")
    expect(page.get_by_label("E-mail")).to_have_value("maya@example.org")
    visitor.press("Review", exact=True)
    visitor.press(f"Register {chosen} practices")
    visitor.sees_heading(f"Outcome: register {chosen} practices for CAHPS")
    assert Enrollment.objects.filter(status="complete").count() == chosen
    assert Contact.objects.count() == chosen

    visitor.follow("Back to List", within=visitor.page.get_by_role("main"))
    page.get_by_label(f"Select all {30 - chosen} that can be registered").check()
    visitor.press("Register selected for CAHPS")
    visitor.sees_heading(f"Register {30 - chosen} practices for CAHPS")


def select_the_whole_page_but_one(visitor: Visitor) -> None:
    """With script the page's box ticks each row, and a row can be unticked again."""
    page = visitor.page
    page.get_by_label("Select all on this page").check()
    if not visitor.way.scripts:
        return
    expect(page.get_by_text("25 selected")).to_be_visible()
    page.get_by_label("Select Practice 003").uncheck()
    expect(page.get_by_label("Select all on this page")).not_to_be_checked()
    expect(page.get_by_text("24 selected")).to_be_visible()
