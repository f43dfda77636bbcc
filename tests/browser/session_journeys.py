"""Where a person is signed in, and the dialog at the end of a session, as in `journeys`."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from playwright.sync_api import expect

from accounts.models import Session, User
from accounts.sessions.store import SessionStore
from qpp_registration import clock
from tests.browser.visitor import Visitor
from tests.browser.world import person
from tests.conftest import signed_in_session

Stops = Iterator[tuple[str, str]]
MINUTE = 60_000  # milliseconds


def set_back(user: User, *, signed_in_at: float) -> None:
    """Let the person have signed in so many seconds earlier."""
    for row in Session.objects.filter(user=user):
        store = SessionStore(row.session_key)
        store["signed_in_at"] -= signed_in_at
        store.save()


def leave(user: User, *, idle: float) -> None:
    """Let the person's sessions end in so many seconds, if nothing is done."""
    for row in Session.objects.filter(user=user):
        store = SessionStore(row.session_key)
        store["last_seen"] = clock.now().timestamp() + idle - settings.SESSION_IDLE_SECONDS
        store.save()


def with_clock(visitor: Visitor) -> Visitor:
    """From now on the test can move the time of the page."""
    visitor.page.clock.install()
    return visitor


def own_sessions(visitor: Visitor) -> Stops:
    """Where You're Signed In: here only, elsewhere too, after ending."""
    user = person()
    visitor.signed_in(user).go("/account/sessions/")
    yield "sessions", "here only"
    for _ in range(2):
        signed_in_session(user, clock.now())
    Session.objects.filter(browser="").update(source_address="192.0.2.1")
    visitor.go("/account/sessions/")
    yield "sessions", "elsewhere too"
    visitor.through(visitor.page.get_by_role("button", name="End session").first)
    yield "sessions", "one ended"
    visitor.press("End all other sessions")
    yield "sessions", "all ended"
    visitor.go("/account/")
    yield "account", "with sessions"


def end_of_a_session(visitor: Visitor) -> Stops:
    """The dialog: two minutes left, the last of the twelve hours, and afterwards."""
    user = person()
    with_clock(visitor).signed_in(user).go("/account/")
    dialog = visitor.page.get_by_role("dialog")
    leave(user, idle=110)
    visitor.page.clock.fast_forward(28 * MINUTE)
    expect(dialog).to_be_visible()
    yield "account", "session ends soon"
    leave(user, idle=30 * 60)
    set_back(user, signed_in_at=12 * 60 * 60 - 90)
    visitor.page.clock.fast_forward(MINUTE // 2)
    expect(dialog).to_contain_text("You signed in 12 hours ago.")
    yield "account", "twelve hours are over soon"
    set_back(user, signed_in_at=90)
    visitor.allowed = (200, 401)
    visitor.page.clock.fast_forward(MINUTE // 2)
    expect(dialog.get_by_role("heading")).to_have_text("You were signed out")
    yield "account", "session ended"
    visitor.page.context.clear_cookies()
    visitor.go("/sign-in/?why=other_browser")
    yield "sign_in", "session ended from another browser"


SESSION_JOURNEYS: list[Any] = [own_sessions, end_of_a_session]
