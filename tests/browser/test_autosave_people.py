"""Saving by itself beside others, and in several windows: nobody's words are overwritten unseen."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import AuditEvent, User
from registrations.models import Registration
from tests.browser.conftest import OpenBrowser
from tests.browser.typing import Typist, size_of, soon, status_of, stored
from tests.browser.visitor import Visitor
from tests.browser.world import change, contact, person
from tests.factories import RoleFactory


@pytest.fixture
def ken(complete: Registration) -> User:
    user = person("Ken", "Ito")
    RoleFactory(user=user, organization=complete.organization)
    return user


@pytest.fixture
def beside_ken(at_complete: Typist, complete: Registration, ken, open_browser: OpenBrowser):
    """Jane and Ken, both at the page."""
    return at_complete, Typist(open_browser(), complete).open(ken)


def test_two_people_on_one_field_see_both_values(beside_ken, complete: Registration) -> None:
    jane, ken = beside_ken
    with jane.saves():
        jane.type("Phone", "2025550177")
    with ken.saves("Changed by someone else"):
        ken.type("Phone", "2025550188")
    assert stored(complete)[0]["phone"] == "2025550177"
    expect(ken.field("Phone")).to_have_value("2025550188")
    expect(ken.field("Phone")).to_have_accessible_description(
        re.compile(r"Jane Doe changed this to \(202\) 555-0177\.")
    )
    with ken.saves("Changed by someone else"):
        ken.type("Extension", "5")
    assert stored(complete)[0]["phone"] == "2025550177", "nobody decided yet"
    assert stored(complete)[0]["extension"] == "5"
    with ken.saves():
        ken.page.get_by_role("button", name="Keep mine Phone").click()
    assert stored(complete)[0]["phone"] == "2025550188"
    expect(ken.page.get_by_role("button", name="Keep mine")).to_have_count(0)


def test_button_of_the_page_does_not_decide_what_nobody_saw(
    beside_ken, complete: Registration
) -> None:
    jane, ken = beside_ken
    with jane.saves():
        jane.type("Phone", "2025550177")
    ken.field("Phone").fill("2025550188")
    ken.page.get_by_role("button", name="Save", exact=True).click()
    ken.reads("Changed by someone else")
    expect(ken.field("Phone")).to_be_focused()
    expect(ken.field("Phone")).to_have_value("2025550188")
    assert stored(complete)[0]["phone"] == "2025550177"


def test_conflict_that_the_page_came_with_is_not_decided_by_typing_on(
    at_complete: Typist, complete: Registration, ken, open_browser: OpenBrowser
) -> None:
    visitor = open_browser()
    visitor.disturbed = True
    visitor.page.route("**/autosave-page*.js", lambda route: route.abort())
    typist = Typist(visitor, complete).open(ken)
    with at_complete.saves():
        at_complete.type("Phone", "2025550177")
    typist.type("Phone", "2025550188")
    visitor.page.unroute_all()
    visitor.press("Save", exact=True)
    typist.unfold()
    expect(visitor.page.get_by_role("heading", name="Changed by someone else")).to_be_visible()
    with typist.saves("Changed by someone else"):
        typist.type("Extension", "5")
    assert stored(complete)[0]["phone"] == "2025550177", "nobody decided yet"
    assert stored(complete)[0]["extension"] == "5"
    with typist.saves():
        visitor.page.get_by_role("button", name="Keep mine Phone").click()
    assert stored(complete)[0]["phone"] == "2025550188"
    visitor.problems.clear()  # the console tells of the script


def test_use_theirs_puts_theirs_into_the_field(beside_ken, complete: Registration) -> None:
    jane, ken = beside_ken
    with jane.saves():
        jane.type("Phone", "2025550177")
    with ken.saves("Changed by someone else"):
        ken.type("Phone", "2025550188")
    ken.page.get_by_role("button", name="Use theirs Phone").click()
    ken.reads(re.compile("Saved at"))
    expect(ken.field("Phone")).to_have_value("(202) 555-0177")
    assert stored(complete)[0]["phone"] == "2025550177"
    with ken.saves():
        ken.type("Phone", "2025550199")
    assert stored(complete)[0]["phone"] == "2025550199"


def test_size_changed_by_both_shows_both(beside_ken, complete: Registration) -> None:
    jane, ken = beside_ken
    with jane.saves():
        jane.size("25-99").check()
    with ken.saves("Changed by someone else"):
        ken.size("100 or greater").check()
    assert size_of(complete) == "25-99"
    expect(ken.page.get_by_text("Jane Doe changed this to 25-99.")).to_be_visible()
    ken.page.get_by_role("button", name="Use theirs Organization Size").click()
    expect(ken.size("25-99")).to_be_checked()
    ken.reads(re.compile("Saved at"))
    assert size_of(complete) == "25-99"


def test_two_people_on_two_fields_are_both_stored(beside_ken, complete: Registration) -> None:
    jane, ken = beside_ken
    with jane.saves():
        jane.type("Phone", "2025550177")
    with ken.saves():
        ken.type("Extension", "5")
    found = stored(complete)[0]
    assert (found["phone"], found["extension"]) == ("2025550177", "5")


def test_two_tabs_of_one_person_say_in_another_window(
    at_complete: Typist, complete: Registration
) -> None:
    visitor = at_complete.visitor
    other = Typist(
        Visitor(page=visitor.page.context.new_page(), site=visitor.site, way=visitor.way), complete
    ).open()
    with other.saves():
        other.type("Phone", "2025550177")
    with at_complete.saves("Changed in another window"):
        at_complete.type("Phone", "2025550188")
    expect(at_complete.field("Phone")).to_have_accessible_description(
        re.compile("You changed this to .* in another window")
    )
    assert stored(complete)[0]["phone"] == "2025550177"
    expect(at_complete.page.get_by_role("button", name="Use the other Phone")).to_be_visible()
    with at_complete.saves():
        at_complete.page.get_by_role("button", name="Keep mine Phone").click()
    assert stored(complete)[0]["phone"] == "2025550188"
    assert other.visitor.problems == []


def test_each_deletes_a_different_contact(
    at_complete: Typist, complete: Registration, ken, jane, open_browser: OpenBrowser
) -> None:
    change(jane, complete, contact("Maria"), contact("Nora"))
    mine = at_complete.open()
    theirs = Typist(open_browser(), complete).open(ken)
    for typist, number in ((mine, 2), (theirs, 3)):
        card = typist.page.get_by_role("group", name=f"Contact {number}", exact=True)
        typist.visitor.follow("Delete Contact", within=card)
    mine.visitor.press("Delete")
    theirs.visitor.press("Delete")
    assert [found["first_name"] for found in stored(complete)] == ["Pat"]
    assert status_of(complete) == "complete"


def test_of_two_contacts_the_last_one_stays_when_each_deletes_another(
    at_complete: Typist, complete: Registration, ken, jane, open_browser: OpenBrowser
) -> None:
    change(jane, complete, contact("Maria"))
    mine = at_complete.open()
    theirs = Typist(open_browser(), complete).open(ken)
    for typist, number in ((mine, 1), (theirs, 2)):
        card = typist.page.get_by_role("group", name=f"Contact {number}", exact=True)
        typist.visitor.follow("Delete Contact", within=card)
    mine.visitor.press("Delete")
    theirs.visitor.press("Delete")
    theirs.visitor.sees_heading("This contact can’t be deleted")
    assert [found["first_name"] for found in stored(complete)] == ["Maria"]
    assert status_of(complete) == "complete"


def test_contact_deleted_by_the_other_keeps_what_is_typed_and_can_be_added_again(
    at_complete: Typist, complete: Registration, ken, jane, open_browser: OpenBrowser
) -> None:
    change(jane, complete, contact("Maria"))
    mine = at_complete.open()
    theirs = Typist(open_browser(), complete).open(ken)
    card = theirs.page.get_by_role("group", name="Contact 2", exact=True)
    theirs.visitor.follow("Delete Contact", within=card)
    theirs.visitor.press("Delete")
    with mine.saves("This contact was deleted meanwhile."):
        mine.type("Phone", "2025550188", number=2)
    assert len(stored(complete)) == 1
    expect(mine.field("Phone", 2)).to_have_value("2025550188")
    with mine.saves():
        mine.page.get_by_role("button", name="Add it as a new contact").click()
    assert [found["first_name"] for found in stored(complete)] == ["Pat", "Maria"]
    assert stored(complete)[1]["phone"] == "2025550188"
    with mine.saves():
        mine.type("Extension", "3", number=2)
    assert stored(complete)[1]["extension"] == "3"


def test_save_that_arrives_after_the_contact_was_deleted_revives_nothing(
    at_complete: Typist, complete: Registration, jane
) -> None:
    change(jane, complete, contact("Maria"))
    at_complete.open()
    held = []
    at_complete.visitor.disturbed = True
    at_complete.page.context.route(
        "**/cahps/",
        lambda route: (
            held.append(route) if route.request.resource_type == "fetch" else route.continue_()
        ),
    )
    at_complete.type("Phone", "2025550188", number=2)
    assert soon(lambda: bool(held), at_complete.page)
    card = at_complete.page.get_by_role("group", name="Contact 2", exact=True)
    request = held[0].request
    at_complete.visitor.follow("Delete Contact", within=card)
    at_complete.visitor.press("Delete")
    events = AuditEvent.objects.count()
    late = at_complete.page.context.request.post(
        request.url,
        data=request.post_data,
        headers=request.all_headers() | {"Referer": request.url},
    )
    assert late.status == 409
    assert [found["first_name"] for found in stored(complete)] == ["Pat"]
    assert AuditEvent.objects.count() == events
    assert soon(lambda: status_of(complete) == "complete")
