"""The visitor notices what it is there to notice; otherwise the other tests would show nothing."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import OpenBrowser
from tests.browser.visitor import WIDE, Visitor, Way
from tests.browser.world import PRACTICES, open_offering, person, practice


@pytest.mark.parametrize("visitor", [Way(WIDE), Way(WIDE, scripts=False)], indirect=True, ids=str)
def test_every_fault_of_a_page_is_noticed(visitor: Visitor, settings: Any):
    settings.ROOT_URLCONF = "tests.browser.broken_pages"
    visitor.go("/faulty/")
    found = "\n".join(visitor.problems)
    for fault in (
        "Content Security Policy directive 'style-src",
        "404 for GET",
        "/faulty/ has 2 first headings",
        "language of /faulty/: ''",
        "title of /faulty/: 'Faulty'",
        "errors and title of /faulty/ differ",
        "/faulty/ is 1508 wide",
    ):
        assert fault in found
    visitor.problems.clear()


def test_axe_finds_what_is_wrong(visitor: Visitor, settings: Any):
    settings.ROOT_URLCONF = "tests.browser.broken_pages"
    visitor.go("/faulty/")
    assert {rule["id"] for rule in Axe().run(visitor.page).response["violations"]} >= {
        "html-has-lang",
        "image-alt",
    }
    visitor.problems.clear()


def test_unexpected_answer_is_noticed(visitor: Visitor):
    visitor.go("/nowhere/")
    assert visitor.problems == [f"404 for GET {visitor.site}/nowhere/"]
    visitor.problems.clear()


def test_times_are_said_in_the_viewers_own_zone_too(open_browser: OpenBrowser):
    jane = person()
    practice(jane)
    open_offering()
    away = open_browser(zone="America/Los_Angeles").signed_in(jane)
    away.go(PRACTICES)
    away.sees("your time)")
    home = open_browser().signed_in(jane)
    home.go(PRACTICES)
    expect(home.page.get_by_text("your time)")).to_have_count(0)
