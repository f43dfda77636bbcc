"""When the register page saves by itself and may not, or not any more: it is told why."""

from typing import Any

from accounts.models import Role
from registrations.models import Contact, Offering
from tests.factories import DURING
from tests.registrations.conftest import Script, of_a_new_contact


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
