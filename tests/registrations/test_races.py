"""Requests at the same moment, on separate connections: as if one came after the other."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models.signals import pre_save
from django.test import Client

from accounts.models import AuditEvent, Message, Role, User
from organizations.models import Organization
from registrations.models import (
    Contact,
    Enrollment,
    Registration,
    RegistrationNumber,
)
from registrations.policy.registration import may_delete_contact
from tests.factories import OfferingFactory, OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.conftest import CONTACT, RegisterPage
from tests.registrations.parallel import at_once, statuses

pytestmark = pytest.mark.django_db(transaction=True)
IN_PARALLEL = 8
MARIA = {**CONTACT, "first_name": "Maria", "email": "maria@example.org"}


@pytest.fixture
def browsers(
    june: object, transactional_db: None, jane: User, practice: Organization, sign_in: Callable
) -> list[Client]:
    """Eight browsers in which Jane is signed in."""
    OfferingFactory()
    return [sign_in(jane) for _ in range(IN_PARALLEL)]


@pytest.fixture
def pages(browsers: list[Client], practice: Organization) -> list[RegisterPage]:
    """The same complete registration in each of them."""
    browsers[0].post(start_address(practice))
    registration = Registration.objects.get()
    first = RegisterPage(client=browsers[0], registration=registration, values={}).open()
    assert first.type(size="25-99", **CONTACT).save().status_code == 302
    return [
        RegisterPage(client=browser, registration=registration, values={}).open()
        for browser in browsers
    ]


def start_address(organization: Organization) -> str:
    return f"/registration/2023/cahps/organizations/{organization.pk}/start/"


# --- The same request several times -------------------------------------------------------------


def test_eight_starts_give_one_registration_one_id_and_one_audit_event(
    browsers: list[Client], practice: Organization
) -> None:
    address = start_address(practice)
    answers = at_once(*(lambda browser=browser: browser.post(address) for browser in browsers))
    assert statuses(answers) == [302] * IN_PARALLEL
    assert len({answer["Location"] for answer in answers}) == 1
    assert Registration.objects.count() == Enrollment.objects.count() == 1
    assert RegistrationNumber.objects.count() == 1
    assert AuditEvent.objects.filter(action="registration.started").count() == 1
    assert Registration.objects.get().version == 2


def test_eight_starts_again_bring_one_registration_back_once(
    pages: list[RegisterPage], practice: Organization
) -> None:
    number = RegistrationNumber.objects.get().number
    pages[0].client.post(f"{pages[0].url}delete/")
    version = Registration.objects.get().version
    address = start_address(practice)
    answers = at_once(*(lambda page=page: page.client.post(address) for page in pages))
    assert statuses(answers) == [302] * IN_PARALLEL
    assert RegistrationNumber.objects.get().number == number
    assert Registration.objects.get().version == version + 1
    assert AuditEvent.objects.filter(action="registration.started").count() == 2


def test_new_contact_saved_eight_times_is_one(pages: list[RegisterPage]) -> None:
    page = pages[0].open("?add=1").type(1, **MARIA)
    before = Registration.objects.get().version
    posts = (lambda client=other.client: client.post(page.url, page.values) for other in pages)
    assert statuses(at_once(*posts)) == [302] * IN_PARALLEL
    assert Contact.objects.count() == 2
    assert Registration.objects.get().version == before + 1
    assert AuditEvent.objects.filter(action="contact.added").count() == 2


def test_completing_save_sent_eight_times_completes_once(
    browsers: list[Client], practice: Organization
) -> None:
    browsers[0].post(start_address(practice))
    registration = Registration.objects.get()
    page = RegisterPage(client=browsers[0], registration=registration, values={}).open()
    page.type(size="2-24", **CONTACT)
    posts = (lambda browser=browser: browser.post(page.url, page.values) for browser in browsers)
    answers = at_once(*posts)
    assert statuses(answers) == [302] * IN_PARALLEL
    assert sum("completed=1" in answer["Location"] for answer in answers) == 1
    assert AuditEvent.objects.filter(action="registration.completed").count() == 1
    assert Contact.objects.count() == 1


def test_eight_deletions_are_told_once(pages: list[RegisterPage], practice: Organization) -> None:
    RoleFactory(organization=practice, user=UserFactory())
    answers = at_once(*(lambda page=page: page.client.post(f"{page.url}delete/") for page in pages))
    assert statuses(answers) == [302] * IN_PARALLEL
    assert Message.objects.count() == 1
    assert AuditEvent.objects.filter(action="registration.deleted").count() == 1


# --- Two different changes ----------------------------------------------------------------------


def test_eight_values_in_one_field_are_one_winner_and_seven_conflicts(
    pages: list[RegisterPage],
) -> None:
    numbers = [f"202555010{place}" for place in range(IN_PARALLEL)]
    for page, number in zip(pages, numbers, strict=True):
        page.type(phone=number)
    answers = at_once(*(page.save for page in pages))
    assert statuses(answers) == [302] + [409] * 7
    winner = next(place for place, answer in enumerate(answers) if answer.status_code == 302)
    assert Contact.objects.get().phone == numbers[winner]


def test_different_fields_are_all_kept(pages: list[RegisterPage]) -> None:
    changes = {
        "size": "100+",
        "first_name": "Dana",
        "last_name": "Oak",
        "email": "dana@example.org",
        "phone": "2025550188",
        "extension": "",
    }
    for page, (field, value) in zip(pages, changes.items(), strict=False):
        page.type(**{field: value})
    assert statuses(at_once(*(page.save for page in pages[: len(changes)]))) == [302] * 6
    contact = Contact.objects.get()
    for field, value in changes.items():
        assert (
            Registration.objects.get().size if field == "size" else getattr(contact, field)
        ) == value


@pytest.fixture
def two_contacts(pages: list[RegisterPage]) -> list[Contact]:
    """The only two complete contacts."""
    pages[0].open("?add=1").type(1, **MARIA).save()
    for page in pages:
        page.open()
    return list(Contact.objects.order_by("position"))


@pytest.mark.parametrize("_round", range(3))
def test_two_deletions_of_the_only_two_complete_contacts_leave_one(
    pages: list[RegisterPage], two_contacts: list[Contact], _round: int
) -> None:
    first, second = (
        (
            lambda place=place: pages[place].client.post(
                f"{pages[place].url}contacts/{two_contacts[place].pk}/delete/"
            )
        )
        for place in (0, 1)
    )
    assert statuses(at_once(first, second)) == [302, 403]
    assert Contact.objects.complete().count() == 1
    assert Enrollment.objects.get().status == "complete"


@pytest.mark.postgres
def test_without_the_lock_both_of_the_only_two_complete_contacts_would_go(
    two_contacts: list[Contact],
) -> None:
    """The race exists: the same reads and writes, without locking the registration first."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite: a transaction takes the only write lock when it begins")
    both_have_looked = threading.Barrier(2)

    def delete_without_lock(contact: Contact) -> None:
        with transaction.atomic():
            others = Contact.objects.filter(registration=contact.registration_id)
            values = [other.values() for other in others.exclude(pk=contact.pk)]
            assert may_delete_contact(contact.values(), values)
            both_have_looked.wait(timeout=20)
            Contact.objects.filter(pk=contact.pk).delete()

    results = at_once(
        *(lambda contact=contact: delete_without_lock(contact) for contact in two_contacts)
    )
    assert results == [None, None]
    assert Enrollment.objects.get().status == "complete"
    assert Contact.objects.count() == 0, "a Complete registration without any contact"


def test_two_blanks_in_the_only_two_complete_contacts_leave_one(
    pages: list[RegisterPage], two_contacts: list[Contact]
) -> None:
    pages[0].type(0, email="")
    pages[1].type(1, email="")
    assert statuses(at_once(pages[0].save, pages[1].save)) == [302, 422]
    assert Contact.objects.complete().count() == 1


def test_deletion_and_saves_end_deleted_and_no_save_is_half_done(
    pages: list[RegisterPage],
) -> None:
    for place, page in enumerate(pages[1:]):
        page.type(first_name=f"Dana{'abcdefgh'[place]}", size="100+")
    delete = lambda: pages[0].client.post(f"{pages[0].url}delete/")  # noqa: E731
    answers = at_once(delete, *(page.save for page in pages[1:]))
    assert answers[0].status_code == 302
    assert set(statuses(answers[1:])) <= {302, 403, 409}
    assert Enrollment.objects.get().status == "cancelled"
    written = AuditEvent.objects.exclude(action="access.refused")
    events = written.order_by("pk").values_list("action", flat=True)
    assert list(events)[-1] == "registration.deleted", "nothing was written after the deletion"
    saved = [answer for answer in answers[1:] if answer.status_code == 302]
    assert (Contact.objects.get().first_name != "Daniel") == bool(saved)


def test_start_again_and_deletion_at_once_end_in_one_of_both_orders(
    pages: list[RegisterPage], practice: Organization
) -> None:
    answers = at_once(
        lambda: pages[0].client.post(f"{pages[0].url}delete/"),
        lambda: pages[1].client.post(start_address(practice)),
    )
    assert statuses(answers) == [302, 302]
    registration, enrollment = Registration.objects.get(), Enrollment.objects.get()
    assert (enrollment.status, registration.size) in {("cancelled", "25-99"), ("incomplete", "")}


def test_role_taken_away_during_a_save_lets_it_happen_whole_or_not_at_all(
    pages: list[RegisterPage], jane: User
) -> None:
    for page in pages[1:]:
        page.type(phone="2025550188")
    revoke = Role.objects.filter(user=jane).delete
    answers = at_once(revoke, *(page.save for page in pages[1:]))
    assert set(statuses(answers[1:])) <= {302, 404}
    saved = any(answer.status_code == 302 for answer in answers[1:])
    assert Contact.objects.get().phone == ("2025550188" if saved else "2025550123")
    assert AuditEvent.objects.filter(action="contact.saved").count() == int(saved)
    assert pages[1].save().status_code == 404


# --- Registration IDs ---------------------------------------------------------------------------


def test_starts_of_different_organizations_give_different_ids(
    browsers: list[Client], jane: User
) -> None:
    organizations = [OrganizationFactory() for _ in browsers]
    for organization in organizations:
        RoleFactory(user=jane, organization=organization)
    answers = at_once(
        *(
            lambda browser=browser, organization=organization: browser.post(
                start_address(organization)
            )
            for browser, organization in zip(browsers, organizations, strict=True)
        )
    )
    assert statuses(answers) == [302] * IN_PARALLEL
    assert len(set(RegistrationNumber.objects.values_list("number", flat=True))) == IN_PARALLEL


def test_id_taken_by_somebody_else_at_the_last_moment_is_drawn_again(
    browsers: list[Client], practice: Organization
) -> None:
    taken = []

    def take_first(instance: RegistrationNumber, **_: Any) -> None:
        # Another request commits the same number between the look and the writing of this one.
        if not taken:
            taken.append(instance.number)
            RegistrationNumber.objects.bulk_create(
                [RegistrationNumber(organization=OrganizationFactory(), number=instance.number)]
            )

    pre_save.connect(take_first, sender=RegistrationNumber)
    try:
        answer = browsers[0].post(start_address(practice))
    finally:
        pre_save.disconnect(take_first, sender=RegistrationNumber)
    assert answer.status_code == 302
    assert practice.registration_number.number != taken[0]


@pytest.mark.postgres
def test_full_range_of_six_digits_goes_on_with_seven(
    browsers: list[Client], practice: Organization
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite takes too long to write and to remove 900,000 rows")
    fill_all_six_digit_ids()
    assert browsers[0].post(start_address(practice)).status_code == 302
    assert 1_000_000 <= practice.registration_number.number <= 9_999_999


def fill_all_six_digit_ids() -> None:
    """Give every six-digit ID to an organization, in the database itself: 900,000 rows."""
    key = "lpad(to_hex(n), 32, '0')::uuid"
    with connection.cursor() as cursor:
        numbers = (
            "WITH RECURSIVE s(n) AS (SELECT 100000 UNION ALL SELECT n+1 FROM s WHERE n<999999)"
        )
        cursor.execute(
            f"{numbers} INSERT INTO organizations_organization (id, kind, identifier, name, "
            "search_name, address1, address2, city, state, zip_code, created_at) "
            f"SELECT {key}, 'apm_entity', 'X' || n, 'x', 'x', '', '', '', '', "
            "'', CURRENT_TIMESTAMP FROM s"
        )
        cursor.execute(
            f"{numbers} INSERT INTO registrations_registrationnumber (organization_id, number) "
            f"SELECT {key}, n FROM s"
        )
