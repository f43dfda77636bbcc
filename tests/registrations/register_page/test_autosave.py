"""What the register page is answered when it saves by itself: the contract with its script."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Role, User
from organizations.models import Organization
from registrations.models import Contact, Offering, Registration
from tests.factories import DURING, RoleFactory, UserFactory
from tests.registrations.conftest import CONTACT, JSON, RegisterPage, Script, hidden_and_typed

ONE, TWO = "1" * 24, "2" * 24


@pytest.fixture
def script(complete_page: RegisterPage) -> Script:
    """At the page of a complete registration."""
    return Script(complete_page)


def of_a_new_contact(**typed: str) -> dict[str, str]:
    return {"first_name": "Jane", "last_name": "Doe", "email": "", "phone": "", "extension": ""} | (
        typed
    )


# --- What is stored, and what is told -----------------------------------------------------------


def test_first_field_makes_a_contact_and_tells_everything_that_the_page_shows(
    started: RegisterPage,
) -> None:
    script = Script(started)
    answer = script.send(**of_a_new_contact(phone="202-555-0123"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    told = script.hear(answer)
    prefix = script.prefix()
    assert told["status"] == "saved"
    assert told["says"] == "Saved at 2:31 p.m. ET"
    assert told["header"] == {
        "number": started.registration.organization.registration_number.number,
        "status": "incomplete",
        "status_label": "Incomplete",
        "contacts": 0,
    }
    section = told["sections"][prefix]
    assert section["stored"]["phone"] == "(202) 555-0123"
    assert (section["errors"], section["complete"]) == ({}, False)
    assert told["todos_title"] == "What is still missing"
    assert [(todo["text"], todo["target"], todo["done"]) for todo in told["todos"]] == [
        ("E-mail of contact 1", f"id_{prefix}-email", False),
        ("Organization Size", "id_size_0", False),
        ("One complete contact", f"id_{prefix}-first_name", False),
    ]
    assert Contact.objects.get().phone == "2025550123"


def test_what_the_page_offered_makes_no_contact(started: RegisterPage) -> None:
    answer = Script(started).send(**of_a_new_contact())
    assert answer.status_code == 200
    assert not Contact.objects.exists()


def test_completing_is_told_once(started: RegisterPage) -> None:
    script = Script(started)
    script.hear(script.send(**CONTACT))
    told = script.send(size="2-24").json()
    assert told["completed"]
    assert told["says"] == "Registration complete. Saved at 2:31 p.m. ET"
    assert told["header"]["status"] == "complete"
    assert told["header"]["contacts"] == 1
    assert told["todos_title"] == "Nothing is missing"
    assert "Registration complete" in told["panel"]
    script.page.values["began"] = ""
    assert not script.send(size="25-99").json()["completed"]


def test_completing_is_told_by_the_next_answer_when_the_first_is_lost(
    started: RegisterPage,
) -> None:
    script = Script(started)
    script.hear(script.send(**CONTACT))
    script.send(size="2-24")
    assert script.send(size="2-24", count=2).json()["completed"]


def test_field_that_was_not_sent_is_left_alone(script: Script) -> None:
    assert script.send(extension="7").status_code == 200
    contact = Contact.objects.get()
    assert contact.values() == {
        "first_name": "Daniel",
        "last_name": "Okafor",
        "email": "daniel.okafor@example.org",
        "phone": "2025550123",
        "extension": "7",
    }


def test_invalid_field_keeps_its_last_value_and_the_others_are_stored(script: Script) -> None:
    answer = script.send(phone="202", extension="7")
    told = script.hear(answer)
    assert answer.status_code == 422
    assert told["status"] == "partly"
    assert told["says"] == "Phone not saved; we still have (202) 555-0123."
    section = told["sections"][script.prefix()]
    assert section["errors"] == {"phone": "Enter a 10-digit phone number, like (202) 555-0123."}
    assert section["stored"]["phone"] == "(202) 555-0123"
    assert Contact.objects.get().extension == "7"


def test_blank_that_would_undo_complete_is_told(script: Script) -> None:
    told = script.send(email="").json()
    assert told["says"] == "E-mail not saved; we still have daniel.okafor@example.org."
    assert Contact.objects.get().email == "daniel.okafor@example.org"
    assert script.page.enrollment.status == "complete"


def test_contact_is_named_when_there_are_several(script: Script) -> None:
    script.page.open("?add=1")
    script.hear(script.send(1, **of_a_new_contact(first_name="Maria")))
    told = script.send(1, phone="1").json()
    assert told["says"].startswith("Phone of contact 2 not saved: Enter a 10-digit phone number")


def test_one_event_is_audited_for_each_save_that_changed_something(script: Script) -> None:
    before = AuditEvent.objects.count()
    script.hear(script.send(phone="202-555-0177", extension="7"))
    script.hear(script.send(phone="202-555-0177"))
    assert AuditEvent.objects.count() == before + 1
    event = AuditEvent.objects.latest("id")
    assert event.action == "contact.saved"
    assert event.details["phone"] == ["***-***-0123", "***-***-0177"]


# --- Own words ----------------------------------------------------------------------------------


def test_lost_answer_and_more_typing_is_no_conflict(script: Script) -> None:
    script.send(phone="202-555-0177")  # not heard
    assert script.send(phone="202-555-0188").status_code == 200
    assert Contact.objects.get().phone == "2025550188"


def test_lost_answer_and_typing_back_stores_what_stood_there(script: Script) -> None:
    script.send(phone="202-555-0177")
    assert script.send(phone="202-555-0123").status_code == 200
    assert Contact.objects.get().phone == "2025550123"


def test_lost_first_answer_and_clearing_what_was_typed_clears_it(started: RegisterPage) -> None:
    script = Script(started)
    script.send(**of_a_new_contact(phone="202-555-0177"))
    assert script.send(**of_a_new_contact()).status_code == 200
    assert Contact.objects.get().phone == ""


def test_repeat_writes_nothing(script: Script) -> None:
    script.send(phone="202-555-0177", size="2-24")
    before = list(Contact.objects.values()), list(Registration.objects.values())
    events = AuditEvent.objects.count()
    assert script.send(phone="202-555-0177", size="2-24", count=1).status_code == 200
    assert (list(Contact.objects.values()), list(Registration.objects.values())) == before
    assert AuditEvent.objects.count() == events


def test_save_that_was_overtaken_changes_nothing(script: Script) -> None:
    script.send(phone="202-555-0188", count=2)
    assert script.send(phone="202-555-0177", count=1).status_code == 200
    assert Contact.objects.get().phone == "2025550188"


def test_save_that_was_overtaken_by_typing_back_changes_nothing(script: Script) -> None:
    script.send(phone="202-555-0123", size="25-99", count=2)
    assert script.send(phone="202-555-0177", size="2-24", count=1).status_code == 200
    assert Contact.objects.get().phone == "2025550123"
    assert Registration.objects.get().size == "25-99"


def test_other_window_of_the_same_person_is_told_so(script: Script) -> None:
    script.send(phone="202-555-0177")
    other = Script(script.page, token=TWO)
    answer = other.send(phone="202-555-0188")
    assert answer.status_code == 409
    told = answer.json()
    assert told["status"] == "changed"
    assert told["says"] == "Changed in another window"
    assert told["clashes"] == [
        {
            "name": f"{other.prefix()}-phone",
            "label": "Phone",
            "text": "You changed this to (202) 555-0177 in another window.",
            "take": "Use the other",
            "stored": "(202) 555-0177",
        }
    ]
    assert Contact.objects.get().phone == "2025550177"


def test_button_of_the_page_keeps_own_words_after_a_lost_answer(script: Script) -> None:
    script.send(phone="202-555-0177", count=1)
    script.page.type(phone="202-555-0188")
    assert script.page.save(page=ONE, count="2").status_code == 302
    assert Contact.objects.get().phone == "2025550188"


@pytest.mark.parametrize("stamp", [("", ""), (ONE, "x"), ("<script>", "3"), (ONE, "9" * 30)])
def test_stamp_that_is_none_gives_no_right_over_the_value(
    script: Script, stamp: tuple[str, str]
) -> None:
    script.send(phone="202-555-0177")
    script.page.type(phone="202-555-0188")
    assert script.page.save(page=stamp[0], count=stamp[1]).status_code == 409
    assert Contact.objects.get().phone == "2025550177"


# --- Other people's words -----------------------------------------------------------------------


@pytest.fixture
def ken(
    script: Script, practice: Organization, sign_in: Callable[[User], Client]
) -> Callable[[], Script]:
    """Opens the page for Ken, another official."""
    user = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=user, organization=practice)
    client = sign_in(user)

    def make() -> Script:
        page = RegisterPage(client=client, registration=script.page.registration, values={})
        return Script(page.open(), token=TWO)

    return make


def test_same_field_is_a_conflict_until_it_is_decided(
    script: Script, ken: Callable[[], Script]
) -> None:
    other = ken()
    other.send(phone="202-555-0177")
    told = script.hear(script.send(phone="202-555-0188"))
    assert told["says"] == "Changed by someone else"
    assert told["clashes"][0]["text"] == "Ken Ito changed this to (202) 555-0177."
    open_ = {f"clash-{script.prefix()}-phone": "1"}
    prefix = script.prefix()
    values = {
        "page": ONE,
        "count": "5",
        f"{prefix}-shown": script.page.values[f"{prefix}-shown"],
        f"{prefix}-phone": "202-555-0188",
        f"{prefix}-extension": "9",
    }
    undecided = script.page.client.post(script.page.url, values | open_, **JSON)
    assert undecided.status_code == 409
    assert Contact.objects.get().phone == "2025550177"
    assert Contact.objects.get().extension == "9"
    decided = script.page.client.post(script.page.url, values | {"count": "6"}, **JSON)
    assert decided.status_code == 200
    assert Contact.objects.get().phone == "2025550188"


def test_conflict_names_who_wrote_that_field_and_not_who_wrote_last(
    script: Script, ken: Callable[[], Script], practice: Organization, sign_in: Callable
) -> None:
    ken().send(phone="202-555-0177")
    lee = UserFactory(first_name="Lee", last_name="Park")
    RoleFactory(user=lee, organization=practice)
    page = RegisterPage(client=sign_in(lee), registration=script.page.registration, values={})
    Script(page.open(), token="3" * 24).send(extension="8")
    told = script.send(phone="202-555-0188").json()
    assert told["clashes"][0]["text"].startswith("Ken Ito changed this")


def test_value_that_was_written_without_a_name_is_somebody_elses(script: Script) -> None:
    script.send(phone="202-555-0177")
    Contact.objects.update(phone="2025550199", changed_by="Operations")
    told = script.send(phone="202-555-0188").json()
    assert told["clashes"][0]["text"] == "Operations changed this to (202) 555-0199."


def test_page_of_another_person_with_the_same_token_has_no_right_over_the_value(
    script: Script, ken: Callable[[], Script]
) -> None:
    other = ken()
    other.token = ONE
    script.send(phone="202-555-0177")
    assert other.send(phone="202-555-0188", count=9).status_code == 409


def test_contact_that_was_deleted_is_told_and_can_be_added_again(script: Script) -> None:
    script.page.open("?add=1")
    script.hear(script.send(1, **of_a_new_contact(first_name="Maria")))
    prefix = script.prefix(1)
    Contact.objects.filter(first_name="Maria").get().delete()
    answer = script.send(1, phone="202-555-0188")
    assert answer.status_code == 409
    section = answer.json()["sections"][prefix]
    assert section["gone"].startswith("This contact was deleted meanwhile.")
    assert Contact.objects.count() == 1
    values = {
        f"{section['again']}-shown": section["shown"],
        f"{section['again']}-phone": "2025550188",
    }
    assert script.page.client.post(script.page.url, values, **JSON).status_code == 200
    assert Contact.objects.count() == 2


def test_late_save_of_a_deleted_new_contact_revives_nothing(script: Script) -> None:
    script.page.open("?add=1")
    script.send(1, **of_a_new_contact(first_name="Maria"))
    maria = Contact.objects.get(first_name="Maria")
    script.page.client.post(f"{script.page.url}contacts/{maria.pk}/delete/")
    assert script.send(1, **of_a_new_contact(first_name="Marian")).status_code == 409
    assert Contact.objects.count() == 1


# --- Not allowed (any more) ---------------------------------------------------------------------


def test_close_is_told(script: Script, offering: Offering) -> None:
    Offering.objects.update(closes_at=DURING)
    answer = script.send(phone="202-555-0188")
    assert answer.status_code == 403
    assert answer.json() == {
        "status": "closed",
        "says": "Registration closed on June 2, 2023 at 2:31 p.m. ET.",
    }
    assert Contact.objects.get().phone == "2025550123"


def test_session_that_ended_is_told_in_json_and_not_by_a_redirect(
    script: Script, june: Any
) -> None:
    june.shift(31 * 60)
    answer = script.send(phone="202-555-0188")
    assert answer.status_code == 401
    assert answer.json() == {
        "status": "signed_out",
        "says": "Signed out",
        "because": "You were signed out after 30 minutes without activity. Sign in again to go on.",
    }


def test_saving_counts_as_activity(script: Script, june: Any) -> None:
    for _ in range(3):
        june.shift(20 * 60)
        assert script.hear(script.send(extension="7"))["status"] == "saved"


def test_registration_that_was_deleted_is_told(script: Script) -> None:
    script.page.client.post(f"{script.page.url}delete/")
    answer = script.send(phone="202-555-0188")
    assert answer.status_code == 403
    assert answer.json()["status"] == "deleted"
    assert answer.json()["says"].startswith("This registration was deleted.")
    assert script.page.enrollment.status == "cancelled"
    assert Contact.objects.get().phone == "2025550123"


def test_person_without_a_role_learns_nothing(script: Script) -> None:
    Role.objects.all().delete()
    answer = script.send(phone="202-555-0188")
    assert answer.status_code == 404
    assert answer.json()["status"] == "refused"


def test_staff_user_is_refused_without_contacts_details(script: Script) -> None:
    Role.objects.update(name="staff_user")
    answer = script.send(phone="202-555-0188")
    assert answer.status_code == 403
    assert set(answer.json()) == {"status", "says"}
    assert answer.json()["says"].startswith("Not saved: Your role is Staff User")


def test_full_registration_is_told(script: Script) -> None:
    script.page.open("?add=1")
    registration = script.page.registration
    Contact.objects.bulk_create(
        Contact(registration=registration, position=place, first_name="Pat")
        for place in range(2, 51)
    )
    answer = script.send(1, **of_a_new_contact(first_name="Maria"))
    assert answer.status_code == 422
    assert answer.json()["says"].startswith("Not saved: A registration has at most 50 contacts.")


# --- The token against forged requests ----------------------------------------------------------


def test_token_that_changed_is_told_in_json_and_a_fresh_one_works(
    script: Script, offering: Offering
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["session"] = script.page.client.cookies["session"].value
    refused = strict.post(script.page.url, {"page": ONE}, **JSON)
    assert refused.status_code == 403
    assert json.loads(refused.content) == {"status": "csrf"}
    fresh = strict.get("/csrf-token/", **JSON)
    assert "no-store" in fresh["Cache-Control"]
    headers = {"HTTP_X_CSRFTOKEN": fresh.json()["token"]}
    again = strict.post(script.page.url, {"page": ONE}, **JSON, **headers)
    assert again.status_code == 200


HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def strict(script: Script) -> Client:
    """Jane's browser, whose token has changed."""
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT="text/html,*/*;q=0.8")
    client.cookies["session"] = script.page.client.cookies["session"].value
    return client


def test_token_that_changed_brings_a_form_without_script_back_unsaved(
    script: Script, strict: Client
) -> None:
    script.page.type(phone="202-555-0188")
    answer = strict.post(script.page.url, script.page.values, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, script.page.url)
    page = strict.get(script.page.url)
    html = page.content.decode()
    assert "What you typed is below; press Save." in html
    assert 'value="202-555-0188"' in html
    assert Contact.objects.get().phone == "2025550123"
    assert strict.post(script.page.url, hidden_and_typed(html), **HERE).status_code == 302
    assert Contact.objects.get().phone == "2025550188"


@pytest.mark.parametrize(
    "origin",
    [{}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_REFERER": "http://testserver.x/"}],
)
def test_other_site_plants_nothing_in_the_form(
    script: Script, strict: Client, origin: dict[str, str]
) -> None:
    answer = strict.post(script.page.url, script.page.values, **origin)
    assert answer.status_code == 403
    assert "This page has expired" in answer.content.decode()
    assert "Not saved yet" not in strict.get(script.page.url).content.decode()


def test_nobody_elses_form_is_kept(script: Script) -> None:
    stranger = Client(enforce_csrf_checks=True, HTTP_ACCEPT="text/html,*/*;q=0.8")
    answer = stranger.post(script.page.url, script.page.values, **HERE)
    assert answer.status_code == 403
    assert not stranger.session.keys()


def test_token_that_changed_is_told_on_pages_that_keep_nothing(
    script: Script, strict: Client
) -> None:
    answer = strict.post(f"{script.page.url}delete/", {}, **HERE)
    assert answer.status_code == 403
    assert "This page has expired" in answer.content.decode()
