"""What the register page is answered when it saves by itself: the contract with its script."""

from accounts.models import AuditEvent
from registrations.models import Contact
from tests.registrations.conftest import CONTACT, RegisterPage, Script, of_a_new_contact


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
