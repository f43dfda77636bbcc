"""The countdown to the close: the server's time counts, whatever the computer believes.

Where a test needs another computer's clock or hours that pass, the browser's clock is replaced;
the page gets the server's time from the site all the same.
"""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from qpp_registration import clock
from registrations.models import WindowExtension
from registrations.words.reasons import time_left
from tests.browser.conftest import OpenBrowser
from tests.browser.visitor import DESKTOP, PHONE, Visitor, Way
from tests.browser.world import PRACTICES, address, open_offering, person, practice, registered

CLOSED = "Registration is closed"
# The page counts from the moment it asked for itself, so it is ahead by the way to the server and
# never behind: it may say a moment early that it closed, never late.
AHEAD = timedelta(seconds=2)
SECONDS = re.compile(r"\d+:\d\d left")
OTHER_CLOCK = "(ms) => { const real = Date.now.bind(Date); Date.now = () => real() + ms }"


def countdown(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-closes]").first


def told(visitor: Visitor) -> Locator:
    return visitor.page.locator("p.usa-sr-only[role=status]")


def assert_counts(visitor: Visitor, closes_at: datetime, at: datetime | None = None) -> None:
    """The page counts the seconds that the server would, now or at another time."""
    expect(countdown(visitor)).to_have_text(SECONDS)
    earliest = at or clock.now()
    minutes, seconds = countdown(visitor).inner_text().removesuffix(" left").split(":")
    latest = at or clock.now()
    counted = timedelta(minutes=int(minutes), seconds=int(seconds))
    assert closes_at - latest - AHEAD < counted < closes_at - earliest + AHEAD


@pytest.mark.parametrize("visitor", [DESKTOP, PHONE], ids=str, indirect=True)
def test_the_last_minute_is_counted_in_seconds_and_told_once(visitor: Visitor) -> None:
    jane = person()
    offering = open_offering(closes_in=timedelta(minutes=1, seconds=10))
    registration = registered(jane, practice(jane), offering, size="")
    visitor.signed_in(jane)
    visitor.go(address(registration))

    assert_counts(visitor, offering.closes_at)
    expect(told(visitor)).to_have_text("")
    expect(told(visitor)).to_have_text("1 minute left to register", timeout=20_000)
    assert_counts(visitor, offering.closes_at)


def test_at_the_close_the_page_says_so_and_keeps_what_was_typed(visitor: Visitor) -> None:
    jane = person()
    offering = open_offering(closes_in=timedelta(seconds=15))
    registration = registered(jane, practice(jane), offering, size="")
    visitor.signed_in(jane)
    visitor.go(address(registration))
    name = visitor.page.get_by_label("First name")
    name.fill("Typed before the close")

    expect(visitor.page.get_by_text("The last day to register")).to_be_visible()
    expect(told(visitor)).to_have_text(CLOSED, timeout=30_000)
    assert clock.now() >= offering.closes_at - AHEAD
    for place in visitor.page.locator("[data-closes]").all():
        expect(place).to_have_text(CLOSED)
    expect(visitor.page.get_by_text("The last day to register")).to_be_hidden()
    expect(visitor.page.get_by_text("Registration has closed")).to_be_visible()
    expect(name).to_have_value("Typed before the close")
    visitor.look()


@pytest.mark.parametrize("wrong_by", [timedelta(days=1), timedelta(days=-1)], ids=str)
def test_a_computer_whose_clock_is_a_day_off_counts_the_same(
    visitor: Visitor, wrong_by: timedelta
) -> None:
    offering = open_offering(closes_in=timedelta(minutes=20, seconds=30))
    milliseconds = int(wrong_by.total_seconds() * 1000)
    visitor.page.add_init_script(f"({OTHER_CLOCK})({milliseconds})")
    visitor.go("/")

    assert_counts(visitor, offering.closes_at)


def test_a_clock_that_is_changed_while_the_page_is_open_changes_nothing(visitor: Visitor) -> None:
    offering = open_offering(closes_in=timedelta(minutes=20))
    visitor.go("/")
    with visitor.page.expect_response("**/accessibility/"):
        visitor.page.evaluate(f"({OTHER_CLOCK})(-86_400_000)")
    assert_counts(visitor, offering.closes_at)


def test_a_computer_that_slept_asks_the_server_for_the_time(visitor: Visitor) -> None:
    offering = open_offering(closes_in=timedelta(hours=2))
    visitor.page.clock.install()
    visitor.go("/")
    expect(countdown(visitor)).to_have_text("1 hour 59 minutes left")
    # The ticking stood still for two hours; what the server says is all that there is.
    visitor.page.route(
        "**/accessibility/",
        lambda route: route.fulfill(
            headers={"X-Received-At": f"{offering.closes_at:%Y-%m-%dT%H:%M:%SZ}"}
        ),
    )
    visitor.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(countdown(visitor)).to_have_text("0:00 left")


def test_the_last_day_passes_politely(visitor: Visitor) -> None:
    """Two hours in a second; what was announced meanwhile is written down."""
    offering = open_offering(closes_in=timedelta(hours=1, minutes=30, seconds=30))
    # The browser's time stands still unless it is moved, however slow this machine is.
    began = clock.now()
    visitor.page.clock.install(time=began - timedelta(minutes=1))
    visitor.page.clock.pause_at(began)
    visitor.go("/")
    made_at = datetime.fromisoformat(countdown(visitor).get_attribute("data-now") or "")
    visitor.page.evaluate(
        """() => {
            window.said = [];
            const told = document.querySelector("p.usa-sr-only[role=status]");
            new MutationObserver(() => window.said.push(told.textContent))
                .observe(told, { childList: true });
        }"""
    )
    expect(countdown(visitor)).to_have_text("1 hour 30 minutes left")
    visitor.page.clock.run_for("31:00")
    assert_counts(visitor, offering.closes_at, at=made_at + timedelta(minutes=31))
    visitor.page.clock.run_for("01:00:00")
    expect(countdown(visitor)).to_have_text(CLOSED)
    assert visitor.page.evaluate("window.said") == [
        "1 hour left to register",
        "10 minutes left to register",
        "1 minute left to register",
        CLOSED,
    ]


def test_an_extended_organization_counts_down_to_its_own_close(visitor: Visitor) -> None:
    jane = person()
    offering = open_offering(closes_in=timedelta(hours=1))
    organization = practice(jane)
    registration = registered(jane, organization, offering, size="")
    WindowExtension.objects.create(
        organization=organization,
        offering=offering,
        until=clock.now() + timedelta(hours=5, minutes=10, seconds=40),
        reason="Flood",
        granted_by="Operations",
        granted_at=clock.now(),
    )
    visitor.signed_in(jane)
    visitor.go(PRACTICES)
    assert_counts(visitor, offering.closes_at)
    visitor.go(address(registration))
    expect(countdown(visitor)).to_have_text("5 hours 10 minutes left")


def test_script_and_page_use_the_same_words(visitor: Visitor) -> None:
    """Down to the last hour, from which on the script counts seconds."""
    offering = open_offering(closes_in=timedelta(hours=5))
    visitor.go("/")
    script = visitor.page.locator("script[src*=countdown]").get_attribute("src")
    seconds = [3600, 3659, 3660, 7199, 7200, 7260, 43_211, 86_399, 86_400, 172_799, 172_800, 2e6]
    said = visitor.page.evaluate(
        "async ([script, all]) => all.map((await import(script)).words)", [script, seconds]
    )
    closes_at = offering.closes_at
    assert said == [time_left(closes_at - timedelta(seconds=s), closes_at) for s in seconds]


def test_without_script_the_page_says_what_was_left_when_it_was_made(
    open_browser: OpenBrowser,
) -> None:
    visitor = open_browser(Way(1280, scripts=False))
    open_offering(closes_in=timedelta(hours=3, minutes=12, seconds=30))
    visitor.go("/")
    expect(countdown(visitor)).to_have_text("3 hours 12 minutes left")


def test_days_are_left_alone(visitor: Visitor) -> None:
    open_offering(closes_in=timedelta(days=12, hours=3))
    visitor.go("/")
    expect(countdown(visitor)).to_have_text("12 days left")
