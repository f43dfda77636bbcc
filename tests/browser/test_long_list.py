"""A person with 150 practices."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NARROW, Visitor, Way
from tests.browser.world import PRACTICES, open_offering, person, practices


@pytest.mark.parametrize("visitor", [Way(NARROW, scripts=False)], indirect=True, ids=str)
def test_150_practices_are_paged_and_found(visitor: Visitor):
    many = person("Many", "Official")
    practices(many, 150)
    open_offering()
    visitor.signed_in(many).go(PRACTICES)
    visitor.sees("Showing 1–25 of 150 Practices")
    expect(visitor.page.get_by_role("heading", level=3)).to_have_count(25)
    visitor.follow("Next page")
    visitor.sees("Showing 26–50 of 150 Practices")
    expect(visitor.item("Practice 026")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Page 2")).to_have_attribute(
        "aria-current", "page"
    )
    visitor.follow("Page 6", exact=True)
    visitor.sees("Showing 126–150 of 150 Practices")
    visitor.follow("Previous page")

    visitor.page.get_by_label("Search by name or TIN").fill("practice 14")
    visitor.press("Search")
    visitor.sees("Showing 1–10 of 10 Practices")
    expect(visitor.page.get_by_role("navigation", name="Pages")).to_have_count(0)


def test_search_for_an_unknown_tin_says_so_at_its_field(visitor: Visitor):
    many = person("Many", "Official")
    practices(many, 2)
    open_offering()
    visitor.signed_in(many).go(PRACTICES)
    visitor.page.get_by_label("Search by name or TIN").fill("000999999")
    visitor.allowed = (422,)
    visitor.press("Search")
    field = visitor.page.get_by_label("Search by name or TIN")
    expect(field).to_have_value("000999999")
    expect(field).to_have_accessible_description("Error: None of your practices has this TIN.")
    assert "999999" not in visitor.page.url
