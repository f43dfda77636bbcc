"""Register selected for CAHPS: review, one confirm, an outcome for each."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client

from accounts.actors import official
from accounts.models import AuditEvent, Role, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration, WindowExtension
from registrations.policy.registration import MAX_CONTACTS
from registrations.registering.delete import delete_registration
from tests.factories import DURING
from tests.registrations.many_pages import (
    ALEX,
    MANY,
    PAT,
    chosen_on_list,
    confirmed,
    outcome_of,
    registered,
    reviewed,
    sizes_filled,
    statuses,
    text,
    written,
)


def test_review_stores_nothing(client: Client, six: list[Organization]) -> None:
    before = written()
    assert "Register 6 practices" in text(reviewed(client, six))
    assert written() == before


def test_confirm_registers_each_with_size_contact_registration_id_and_audit(
    client: Client, six: list[Organization]
) -> None:
    outcome = confirmed(client, reviewed(client, six))
    assert set(statuses().values()) == {"complete"}
    for organization in six:
        registration = Registration.objects.get(organization=organization)
        assert registration.size == "2-24"
        contact = registration.contacts.get()
        assert contact.values() == PAT
        number = organization.registration_number.number
        assert f"Registered Registration ID {number} , complete" in outcome_of(
            outcome, organization.name
        )
        actions = AuditEvent.objects.filter(organization_id=str(organization.pk))
        assert set(actions.values_list("action", flat=True)) == {
            *("registration.started", "registration.saved"),
            *("contact.added", "registration.completed"),
        }
        assert actions.count() == 4
    assert Enrollment.objects.filter(completed_at=DURING).count() == 6


def test_incomplete_one_is_completed_and_keeps_its_contacts_undoubled(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    registered(jane, six[0], offering, PAT | {"email": "PAT.example@EXAMPLE.org"}, ALEX, size="")
    review = reviewed(client, six[:2])
    assert "Will be completed" in outcome_of(review, "Practice 000")
    assert "Already there: Pat Example" in outcome_of(review, "Practice 000")
    confirmed(client, review)
    kept = Contact.objects.filter(registration__organization=six[0])
    assert sorted(contact.email for contact in kept) == [
        "PAT.example@EXAMPLE.org",
        "alex@example.org",
    ]


def test_unfinished_contact_with_the_same_email_gets_what_it_lacks(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    registered(jane, six[0], offering, PAT | {"phone": "", "first_name": "Patricia"})
    confirmed(client, reviewed(client, six[:1], extension="7"))
    contact = Contact.objects.get()
    assert (contact.first_name, contact.phone, contact.extension) == ("Patricia", PAT["phone"], "7")
    assert statuses() == {six[0].pk: "complete"}


def test_deleted_registration_is_registered_again_with_its_contacts(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    registration = registered(jane, six[0], offering, ALEX)
    delete(registration, jane)
    with time_machine.travel(DURING + timedelta(minutes=1), tick=False):
        outcome = confirmed(client, reviewed(client, six[:1]))
    assert "Registered" in outcome_of(outcome, "Practice 000")
    assert Contact.objects.count() == 2
    assert statuses() == {six[0].pk: "complete"}


def delete(registration: Registration, user: User, minutes: int = 0) -> None:
    delete_registration(
        registration_id=registration.pk,
        product=Product.CAHPS,
        actor=official(user),
        received_at=DURING + timedelta(minutes=minutes),
    )


def test_confirming_twice_changes_nothing_twice(client: Client, six: list[Organization]) -> None:
    review = reviewed(client, six)
    confirmed(client, review)
    before = written()
    again = confirmed(client, review)
    assert written() == before
    assert "Registered since your review." in outcome_of(again, "Practice 003")
    assert "Registration ID" in outcome_of(again, "Practice 003")


def test_repeat_after_a_deletion_revives_nothing(
    client: Client, six: list[Organization], jane: User
) -> None:
    review = reviewed(client, six[:2])
    confirmed(client, review)
    delete(Registration.objects.get(organization=six[0]), jane, minutes=5)
    before = written()
    with time_machine.travel(DURING + timedelta(minutes=6), tick=False):
        again = confirmed(client, review)
    assert "was deleted after your review" in outcome_of(again, "Practice 000")
    assert written() == before


def test_one_bad_row_stops_no_other(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    full = registered(jane, six[1], offering, size="")
    Contact.objects.bulk_create(
        Contact(registration=full, position=place, first_name=f"P{place}")
        for place in range(1, MAX_CONTACTS + 1)
    )
    review = reviewed(client, six[:4])
    assert "It has 50 contacts and would get 1 more" in outcome_of(review, "Practice 001")
    assert "Register 3 practices" in text(review)
    lost = Role.objects.get(organization=six[2])
    lost.delete()
    Role.objects.filter(organization=six[3]).update(name="staff_user")
    outcome = confirmed(client, review)
    assert {org for org, status in statuses().items() if status == "complete"} == {six[0].pk}
    assert "Can’t" not in outcome_of(outcome, "Practice 000")
    assert "Not done" in outcome_of(outcome, "Practice 001")
    assert "Your role is Staff User" in outcome_of(outcome, "Practice 003")
    assert "You no longer have a role" in text(outcome)
    assert "Practice 002" not in text(outcome)


@pytest.mark.django_db(transaction=True)
def test_database_that_goes_away_is_not_waited_for_with_each_and_confirming_again_does_the_rest(
    client: Client, six: list[Organization]
) -> None:
    review, starts = reviewed(client, six), 0
    client.raise_request_exception = False

    def goes_away(execute: Any, sql: str, *more: Any) -> Any:
        nonlocal starts
        starts += sql.startswith('INSERT INTO "registrations_registration"')
        if starts > 2:
            raise OperationalError("away")
        return execute(sql, *more)

    with connection.execute_wrapper(goes_away):
        answer = confirmed(client, review)
    assert answer.status_code == 503
    assert starts == 3
    assert len(statuses()) == 2
    confirmed(client, review)
    assert set(statuses().values()) == {"complete"}
    assert len(statuses()) == AuditEvent.objects.filter(action="registration.started").count() == 6


def test_size_that_somebody_else_chose_after_the_review_stays(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    registration = registered(jane, six[0], offering, size="")
    review = reviewed(client, six[:2])
    Registration.objects.filter(pk=registration.pk).update(size="100+")
    outcome = confirmed(client, review)
    assert "Somebody else changed the size to 100 or greater" in outcome_of(outcome, "Practice 000")
    registration.refresh_from_db()
    assert registration.size == "100+"
    assert statuses()[six[1].pk] == "complete"


def test_window_that_closes_between_review_and_confirm_is_told_for_each_row(
    client: Client, six: list[Organization], offering: Offering, june: Any
) -> None:
    review = reviewed(client, six[:2])
    before = written()
    WindowExtension.objects.create(
        organization=six[1],
        offering=offering,
        until=DURING + timedelta(hours=1),
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )
    offering.closes_at = DURING
    offering.save()
    outcome = confirmed(client, review)
    assert "Registration closed on" in outcome_of(outcome, "Practice 000")
    assert "Registered" in outcome_of(outcome, "Practice 001")
    assert set(statuses()) == {six[1].pk}
    assert written() != before


def test_complete_one_in_the_selection_is_left_alone(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    page = chosen_on_list(client, six[:2])
    registered(jane, six[0], offering, ALEX)
    with time_machine.travel(DURING + timedelta(minutes=1), tick=False):
        review = client.post(MANY, sizes_filled(page))
    assert "Nothing to do Already complete." in outcome_of(review, "Practice 000")
    confirmed(client, review)
    assert Contact.objects.get(registration__organization=six[0]).email == ALEX["email"]
