"""A person's new e-mail or phone, changed everywhere."""

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, User
from registrations.models import Contact, Offering, Registration
from tests.factories import CLOSES, OrganizationFactory, RoleFactory
from tests.registrations.many_pages import (
    ALEX,
    PAT,
    PEOPLE,
    close,
    confirmed,
    contact_of,
    mails,
    outcome_of,
    registered,
    sent,
    text,
    url,
    written,
)


def find_form(client: Client, email: str = PAT["email"]) -> dict[str, list[str]]:
    """What the page sends that says where the person is a contact."""
    return sent(client.post(PEOPLE, {"email": email}), 'id="change"')


def test_person_is_found_in_any_case_grouped_by_what_stands_there(
    client: Client, three: list[Registration]
) -> None:
    Contact.objects.filter(registration=three[1], email=PAT["email"]).update(phone="2025550199")
    page = text(client.post(PEOPLE, {"email": "PAT.example@EXAMPLE.org"}))
    assert page.count("Pat Example") == 2
    assert "(202) 555-0144" in page
    assert "(202) 555-0199" in page
    assert "Practice 000" in page
    assert "Practice 001" in page


def test_search_asks_what_the_index_of_emails_knows(
    client: Client, three: list[Registration]
) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.post(PEOPLE, {"email": PAT["email"]})
    asked = [query["sql"] for query in captured if PAT["email"] in query["sql"]]
    assert asked
    assert all('LOWER("registrations_contact"."email") = ' in sql for sql in asked)


def test_email_and_phone_change_everywhere(client: Client, three: list[Registration]) -> None:
    values = find_form(client)
    values |= {"new-email": ["pat@new.example.org"], "new-phone": ["202 555 0177"], "review": ["1"]}
    review = client.post(PEOPLE, values)
    line = outcome_of(review, "Practice 001")
    assert "E-mail: pat.example@example.org becomes pat@new.example.org" in line
    assert "Phone: (202) 555-0144 becomes (202) 555-0177" in line
    assert Contact.objects.filter(email=PAT["email"]).count() == 2
    outcome = confirmed(client, review)
    assert "Changed" in outcome_of(outcome, "Practice 000")
    changed = Contact.objects.filter(email="pat@new.example.org")
    assert [contact.phone for contact in changed] == ["2025550177"] * 2
    assert Contact.objects.get(email=ALEX["email"]).phone == ALEX["phone"]
    events = AuditEvent.objects.filter(action="contact.saved")
    assert events.count() == 2
    assert "pat.example" not in str([event.details for event in events])
    before = written()
    again = confirmed(client, review)
    assert "Already so." in outcome_of(again, "Practice 000")
    assert written() == before


def test_new_phone_replaces_the_extension(client: Client, three: list[Registration]) -> None:
    Contact.objects.filter(email=PAT["email"]).update(extension="14")
    values = find_form(client) | {"new-phone": ["2025550177"], "review": ["1"]}
    review = client.post(PEOPLE, values)
    assert "Phone: (202) 555-0144, ext. 14 becomes (202) 555-0177" in text(review)
    confirmed(client, review)
    assert set(Contact.objects.filter(email=PAT["email"]).values_list("extension", flat=True)) == {
        ""
    }


def test_only_ticked_places_change_and_edit_brings_them_back(
    client: Client, three: list[Registration]
) -> None:
    values = find_form(client)
    one = str(contact_of(three[0], PAT["email"]).pk)
    values |= {"contact": [one], "new-email": ["pat@new.example.org"], "review": ["1"]}
    review = client.post(PEOPLE, values)
    again = client.post(PEOPLE, {**sent(review, "actions"), "change": "1"})
    assert 'value="pat@new.example.org"' in again.content.decode()
    confirmed(client, review)
    assert mails(three[0]) == ["pat@new.example.org"]
    assert PAT["email"] in mails(three[1])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({}, "Enter a new e-mail, a new phone, or both."),
        ({"new-email": "no address"}, "Enter an e-mail address"),
        ({"new-phone": "555-01"}, "Enter a 10-digit phone number"),
    ],
)
def test_wrong_new_values_are_told_and_what_was_ticked_stays(
    client: Client, three: list[Registration], typed: dict[str, str], message: str
) -> None:
    values = find_form(client)
    one = str(contact_of(three[0], PAT["email"]).pk)
    answer = client.post(PEOPLE, {**values, "contact": one, "review": "1", **typed})
    assert answer.status_code == 422
    assert message in text(answer)
    html = answer.content.decode()
    assert html.count("checked") == 1
    for value in typed.values():
        assert f'value="{value}"' in html


def test_nothing_ticked_is_told(client: Client, three: list[Registration]) -> None:
    values = find_form(client) | {"new-email": ["a@example.org"], "review": ["1"]}
    del values["contact"]
    answer = client.post(PEOPLE, values)
    assert answer.status_code == 422
    assert "Tick at least one registration." in text(answer)


def test_registration_that_changed_after_the_review_is_left_alone(
    client: Client, three: list[Registration]
) -> None:
    values = find_form(client) | {"new-email": ["pat@new.example.org"], "review": ["1"]}
    review = client.post(PEOPLE, values)
    Contact.objects.filter(registration=three[0]).update(email="else@example.org")
    outcome = confirmed(client, review)
    assert "Somebody else changed this contact" in outcome_of(outcome, "Practice 000")
    assert mails(three[0]) == ["else@example.org"]
    assert "pat@new.example.org" in mails(three[1])


def test_email_of_another_contact_there_is_refused_for_that_registration(
    client: Client, three: list[Registration]
) -> None:
    values = find_form(client) | {"new-email": ["ALEX@example.org"], "review": ["1"]}
    review = client.post(PEOPLE, values)
    assert "Another contact has the new e-mail already." in outcome_of(review, "Practice 001")
    assert "Will be changed" in outcome_of(review, "Practice 000")


def test_contacts_of_others_cant_be_found_or_changed(
    client: Client, three: list[Registration], jane: User, offering: Offering
) -> None:
    theirs = RoleFactory(organization=OrganizationFactory(name="Elsewhere Practice"))
    foreign = registered(theirs.user, theirs.organization, offering, PAT)
    RoleFactory(user=jane, organization=theirs.organization, name="staff_user")
    page = client.post(PEOPLE, {"email": PAT["email"]})
    assert "Elsewhere" not in text(page)
    key = foreign.contacts.get().pk
    assert str(key) not in client.get(f"{PEOPLE}?contact={key}").content.decode()
    answer = client.post(PEOPLE, {"contact": key, "new-email": "a@example.org", "review": "1"})
    assert answer.status_code == 422


def test_link_on_a_contact_finds_the_person_without_the_email_in_the_address(
    client: Client, three: list[Registration]
) -> None:
    page = client.get(url(three[1], "")).content.decode()
    key = contact_of(three[1], PAT["email"]).pk
    assert f"{PEOPLE}?contact={key}" in page
    assert "Practice 000" in text(client.get(f"{PEOPLE}?contact={key}"))
    assert "Nobody has this e-mail" in text(client.post(PEOPLE, {"email": "no@example.org"}))
    assert client.post(PEOPLE, {"email": ""}).status_code == 422


def test_close_between_review_and_confirm_is_told_for_each(
    client: Client, three: list[Registration], offering: Offering
) -> None:
    values = find_form(client) | {"new-email": ["pat@new.example.org"], "review": ["1"]}
    review = client.post(PEOPLE, values)
    with time_machine.travel(CLOSES, tick=False):
        close(offering)
    before = written()
    outcome = confirmed(client, review)
    assert "Registration closed on" in outcome_of(outcome, "Practice 000")
    assert "Registration closed on" in outcome_of(outcome, "Practice 001")
    assert written() == before


def test_forged_note_of_a_change_leads_back(client: Client, three: list[Registration]) -> None:
    answer = client.post(PEOPLE, {"wish": "forged", "confirm": "1"}, follow=True)
    assert "That page can’t be used any more" in text(answer)
