"""Registering a practice with the keyboard alone, without script."""

import pytest
from playwright.sync_api import expect

from registrations.enums import EnrollmentStatus
from registrations.models import Enrollment
from tests.browser.visitor import DESKTOP, WIDE, Visitor, Way
from tests.browser.world import BETTER, open_offering, person, practice

MOST_TABS = 60
FOCUSED = """() => {
    const focused = document.activeElement;
    const rings = [focused, focused.closest("label")].filter(Boolean).map((element) => {
        const style = getComputedStyle(element);
        return parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== "none";
    });
    const field = focused.labels?.length ? focused.labels[0].innerText : focused.innerText;
    return {
        name: (field || "").replace(/\\s+/g, " ").trim(),
        ring: rings.includes(true),
    };
}"""


@pytest.mark.parametrize("visitor", [DESKTOP, Way(WIDE, scripts=False)], indirect=True, ids=str)
def test_practice_is_registered_with_the_keyboard_alone(visitor: Visitor):
    jane = person()
    practice(jane)
    open_offering()
    visitor.signed_in(jane).go("/home/")
    keyboard = visitor.page.keyboard

    tab_to(visitor, "Skip to main content")
    keyboard.press("Enter")
    tab_to(visitor, "Start Registration")
    lead_on(visitor, "Enter")
    tab_to(visitor, "Register and Edit CAHPS Registration")
    lead_on(visitor, "Enter")
    tab_to(visitor, f"Register Group for CAHPS {BETTER}")
    lead_on(visitor, "Space")

    tab_to(visitor, "2-24")
    keyboard.press("Space")
    for label, text in {
        "First name": "Pat",
        "Last name": "Example",
        "E-mail": "pat@example.org",
        "Phone": "(202) 555-0144",
    }.items():
        tab_to(visitor, label)
        keyboard.press("ControlOrMeta+A")
        keyboard.type(text)
    lead_on(visitor, "Enter")  # in a field: saves

    expect(visitor.page.get_by_role("region", name="Registration complete")).to_be_focused()
    assert Enrollment.objects.get().status == EnrollmentStatus.COMPLETE

    tab_to(visitor, "Delete Registration")
    lead_on(visitor, "Enter")
    tab_to(visitor, "Delete", exact=True)
    lead_on(visitor, "Enter")
    expect(visitor.page.locator("#messages")).to_be_focused()
    assert Enrollment.objects.get().status == EnrollmentStatus.CANCELLED


def tab_to(visitor: Visitor, name: str, *, exact: bool = False) -> None:
    """Press Tab until the control has the focus; every one on the way shows that it has it."""
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        focused = visitor.page.evaluate(FOCUSED)
        assert focused["ring"], f"no ring around {focused['name']!r} on {visitor.path}"
        if focused["name"] == name or (not exact and focused["name"].startswith(name)):
            return
    raise AssertionError(f"{name!r} isn't reached with Tab on {visitor.path}")


def lead_on(visitor: Visitor, key: str) -> None:
    """Press a key that leads to another page."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)
    visitor.look()
