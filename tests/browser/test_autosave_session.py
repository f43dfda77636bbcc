"""Saving by itself when the session, the token, the window or the registration ends."""

import re

from playwright.sync_api import expect

from accounts.actors import official
from accounts.models import Role, Session
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Registration
from registrations.registering.delete import delete_registration
from tests.browser.conftest import OpenBrowser
from tests.browser.typing import SAVED, Typist, stored
from tests.browser.world import close


def phone(registration: Registration) -> str:
    return stored(registration)[0]["phone"]


def test_expired_session_keeps_the_text_until_the_person_is_back(
    at_complete: Typist, complete: Registration, jane
) -> None:
    Session.objects.all().delete()
    with at_complete.saves("Signed out"):
        at_complete.type("Phone", "2025550188")
    assert phone(complete) == "2025550144"
    with at_complete.page.context.expect_page() as opened:
        at_complete.page.get_by_role("link", name="Sign in in another tab").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Sign in")
    opened.value.close()
    expect(at_complete.field("Phone")).to_have_value("2025550188")
    at_complete.visitor.signed_in(jane)
    with at_complete.saves():
        at_complete.type("Extension", "5")
    assert phone(complete) == "2025550188"
    expect(at_complete.page.get_by_role("link", name="Sign in in another tab")).to_be_hidden()


def test_coming_back_to_the_tab_after_signing_in_elsewhere_saves(
    at_complete: Typist, complete: Registration, jane
) -> None:
    Session.objects.all().delete()
    with at_complete.saves("Signed out"):
        at_complete.type("Phone", "2025550188")
    at_complete.visitor.signed_in(jane)
    with at_complete.saves():
        at_complete.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert phone(complete) == "2025550188"


def test_changed_token_is_fetched_anew(at_complete: Typist, complete: Registration) -> None:
    at_complete.page.context.clear_cookies(name="csrf")
    at_complete.type("Phone", "2025550188")
    at_complete.reads(SAVED)
    at_complete.field("Extension").focus()
    at_complete.reads(SAVED)
    assert phone(complete) == "2025550188"
    at_complete.type("Extension", "5")
    at_complete.visitor.press("Save", exact=True)
    assert stored(complete)[0]["extension"] == "5", "the button has the new token as well"


def test_changed_token_without_the_script_brings_back_what_was_typed(
    complete: Registration, jane, open_browser: OpenBrowser
) -> None:
    visitor = open_browser()
    visitor.disturbed = True
    visitor.page.route("**/autosave-page*.js", lambda route: route.abort())
    typist = Typist(visitor, complete).open(jane)
    typist.type("Phone", "2025550188")
    typist.page.context.clear_cookies(name="csrf")
    visitor.page.unroute_all()
    visitor.press("Save", exact=True)
    visitor.sees("What you typed is below; press Save.")
    typist.unfold().reads("Not saved")
    expect(typist.field("Phone")).to_have_value("2025550188")
    assert phone(complete) == "2025550144"
    with typist.saves():
        typist.type("Extension", "5")
    assert phone(complete) == "2025550188"
    assert stored(complete)[0]["extension"] == "5"
    visitor.problems.clear()  # the console tells of the script


def test_close_that_passes_while_typing_is_told_and_the_text_can_be_copied(
    at_complete: Typist, complete: Registration
) -> None:
    close(complete.enrollments.get().offering)
    with at_complete.saves("Registration closed on"):
        at_complete.type("Phone", "2025550188")
    expect(at_complete.field("Phone")).to_have_value("2025550188")
    expect(at_complete.field("Phone")).not_to_be_editable()
    expect(at_complete.size("25-99")).to_be_disabled()
    expect(at_complete.size("2-24")).to_be_checked()
    expect(at_complete.page.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    assert_nothing_is_offered(at_complete)
    expect(at_complete.visitor.fact("Status")).to_have_text("Complete")
    assert phone(complete) == "2025550144"


def assert_nothing_is_offered(typist: Typist) -> None:
    """What can't be done any more isn't on the page: deleting, adding, and the days left for it."""
    main = typist.page.get_by_role("main")
    for name in ("Delete Registration", "Delete Contact", "Copy contacts", "Add the deadline"):
        expect(main.get_by_role("link", name=name)).to_have_count(0)
    expect(main.get_by_role("button", name="Add another contact")).to_have_count(0)
    expect(main.locator("[data-closes]:visible")).to_have_count(0)
    expect(main.get_by_text("You can change or delete it until")).to_be_hidden()


def test_registration_deleted_meanwhile_is_told(
    at_complete: Typist, complete: Registration, jane
) -> None:
    delete_registration(
        registration_id=complete.pk,
        product=Product.CAHPS,
        actor=official(jane),
        received_at=clock.now(),
    )
    expect(at_complete.page.get_by_role("link", name="Delete Registration")).to_be_visible()
    with at_complete.saves("This registration was deleted"):
        at_complete.type("Phone", "2025550188")
    expect(at_complete.field("Phone")).to_have_value("2025550188")
    expect(at_complete.field("Phone")).not_to_be_editable()
    assert_nothing_is_offered(at_complete)
    expect(at_complete.visitor.fact("Status")).to_be_hidden()
    expect(at_complete.page.get_by_text("Nothing is missing")).to_be_hidden()
    assert phone(complete) == "2025550144"


def test_role_that_ended_meanwhile_is_told(at_complete: Typist, complete: Registration) -> None:
    Role.objects.all().delete()
    with at_complete.saves(re.compile("Not saved: this registration can’t be found")):
        at_complete.type("Phone", "2025550188")
    expect(at_complete.field("Phone")).to_have_value("2025550188")
    assert phone(complete) == "2025550144"
