"""Saving by itself over a network and a server that fail at times: nothing typed is lost."""

import re

from playwright.sync_api import Dialog, expect

from accounts.models import AuditEvent
from registrations.models import Registration
from tests.browser.typing import RETRYING, SAVED, Typist, disturb, soon, stored


def phone(registration: Registration) -> list[str]:
    return [contact["phone"] for contact in stored(registration)]


def test_server_that_is_unavailable_twice_is_tried_again(
    at_start: Typist, started: Registration
) -> None:
    sent = disturb(at_start.visitor, (503, {"Retry-After": "1"}), (503, {}))
    at_start.type("Phone", "2025550123")
    at_start.reads(RETRYING)
    at_start.type("Extension", "14")
    at_start.reads(SAVED)
    assert len(sent) == 3
    assert phone(started) == ["2025550123"]
    assert stored(started)[0]["extension"] == "14", "what was typed meanwhile went along"
    expect(at_start.field("Phone")).to_have_value("2025550123")
    expect(at_start.field("Extension")).to_be_focused()


def test_offline_and_online_again(at_start: Typist, started: Registration) -> None:
    at_start.visitor.disturbed = True
    at_start.page.context.set_offline(True)
    at_start.type("Phone", "2025550123")
    at_start.reads(RETRYING)
    at_start.page.wait_for_timeout(3000)
    at_start.type("Extension", "14")
    assert stored(started) == []
    at_start.page.context.set_offline(False)
    at_start.reads(SAVED)
    assert phone(started) == ["2025550123"]
    assert stored(started)[0]["extension"] == "14"


def test_leaving_while_offline_asks_first(at_start: Typist, started: Registration) -> None:
    at_start.visitor.disturbed = True
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    at_start.page.on("dialog", stay)
    at_start.page.context.set_offline(True)
    at_start.type("Phone", "2025550123")
    at_start.reads(RETRYING)
    at_start.page.close(run_before_unload=True)
    assert soon(lambda: asked == ["beforeunload"], at_start.page)
    expect(at_start.field("Phone")).to_have_value("2025550123")
    at_start.page.context.set_offline(False)
    at_start.reads(SAVED)
    assert phone(started) == ["2025550123"]


def test_lost_answer_and_more_typing_is_no_conflict(
    at_complete: Typist, complete: Registration
) -> None:
    disturb(at_complete.visitor, "lost")
    at_complete.type("Phone", "2025550177")
    assert soon(lambda: phone(complete) == ["2025550177"], at_complete.page)
    at_complete.reads(RETRYING)
    at_complete.type("Phone", "2025550188")
    at_complete.reads(SAVED)
    assert phone(complete) == ["2025550188"]
    expect(at_complete.field("Phone")).to_have_value("2025550188")
    expect(at_complete.page.get_by_text("Keep mine")).to_have_count(0)


def test_lost_answer_and_typing_back_what_stood_there_is_no_conflict(
    at_complete: Typist, complete: Registration
) -> None:
    disturb(at_complete.visitor, "lost", "no way")
    at_complete.type("Phone", "2025550177")
    assert soon(lambda: phone(complete) == ["2025550177"], at_complete.page)
    at_complete.type("Phone", "(202) 555-0144")
    at_complete.reads(SAVED)
    assert phone(complete) == ["2025550144"]


def test_lost_answer_to_a_first_save_makes_one_contact(
    at_start: Typist, started: Registration
) -> None:
    disturb(at_start.visitor, "lost", "lost")
    at_start.type("Phone", "2025550123")
    at_start.reads(RETRYING)
    at_start.reads(SAVED)
    assert phone(started) == ["2025550123"]
    assert AuditEvent.objects.filter(action="contact.added").count() == 1
    assert AuditEvent.objects.filter(action="contact.saved").count() == 0
    with at_start.saves():
        at_start.type("Phone", "2025550155")
    assert phone(started) == ["2025550155"]


def test_button_pressed_while_offline_keeps_the_page(
    at_start: Typist, started: Registration
) -> None:
    at_start.visitor.disturbed = True
    at_start.page.context.set_offline(True)
    at_start.type("Phone", "2025550123")
    at_start.page.get_by_role("button", name="Save", exact=True).click()
    at_start.reads(RETRYING)
    expect(at_start.field("Phone")).to_have_value("2025550123")
    at_start.page.context.set_offline(False)
    at_start.reads(re.compile("Saved at"))
    assert phone(started) == ["2025550123"]
