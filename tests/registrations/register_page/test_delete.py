"""Deleting a registration and registering again (2023 guide, VII)."""

from collections.abc import Callable

from django.test import Client

from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from registrations.models import Contact, Registration
from tests.factories import RoleFactory, UserFactory
from tests.registrations.conftest import RegisterPage


def test_deleting_asks_first(complete_page: RegisterPage) -> None:
    html = complete_page.client.get(f"{complete_page.url}delete/").content.decode()
    assert "Delete this registration?" in html
    assert complete_page.enrollment.status == "complete"


def test_deleted_registration_shows_as_no_longer_registered(
    complete_page: RegisterPage, practice: Organization
) -> None:
    number = practice.registration_number.number
    answer = complete_page.client.post(f"{complete_page.url}delete/", follow=True)
    html = answer.content.decode()
    assert "Better Business Health is no longer registered for the CAHPS for MIPS Survey." in html
    assert "Register Group for CAHPS" in html
    enrollment = complete_page.enrollment
    assert enrollment.status == "cancelled"
    assert enrollment.cancelled_by.user_id == "jane.doe"
    assert str(number) in html


def test_deleting_twice_writes_nothing_twice(complete_page: RegisterPage) -> None:
    address = f"{complete_page.url}delete/"
    complete_page.client.post(address)
    version = Registration.objects.get().version
    assert complete_page.client.post(address).status_code == 302
    assert Registration.objects.get().version == version
    assert AuditEvent.objects.filter(action="registration.deleted").count() == 1


def test_registering_again_brings_back_id_and_contacts_and_asks_for_the_size(
    complete_page: RegisterPage,
    practice: Organization,
    jane: User,
    start: Callable[[User, Organization], RegisterPage],
) -> None:
    number = practice.registration_number.number
    complete_page.client.post(f"{complete_page.url}delete/")
    again = start(jane, practice)
    assert again.url == complete_page.url
    html = again.client.get(again.url).content.decode()
    assert str(number) in html
    assert "daniel.okafor@example.org" in html
    assert again.enrollment.status == "incomplete"
    assert Registration.objects.get().size == ""
    assert "size" not in again.values
    again.type(size="2-24").save()
    assert again.enrollment.status == "complete"
    assert Contact.objects.count() == 1


def test_other_security_officials_are_told_and_nobody_else(
    complete_page: RegisterPage, practice: Organization
) -> None:
    other = UserFactory(email="other.official@example.org")
    RoleFactory(user=other, organization=practice)
    RoleFactory(user=UserFactory(), organization=practice, name="staff_user")
    RoleFactory(user=UserFactory(is_active=False), organization=practice)
    RoleFactory(user=UserFactory())
    complete_page.client.post(f"{complete_page.url}delete/")
    message = Message.objects.get()
    assert message.to == "other.official@example.org"
    assert str(practice.registration_number.number) in message.subject
    assert "Jane Doe deleted the 2023 CAHPS for MIPS Survey registration" in message.body
    assert "June 2, 2023 at 2:31:05 p.m. ET" in message.body
    assert "765630" not in message.subject + message.body


def test_incomplete_registration_can_be_deleted(started: RegisterPage) -> None:
    started.client.post(f"{started.url}delete/")
    assert started.enrollment.status == "cancelled"


def test_page_of_a_deleted_registration_offers_to_register_again(
    complete_page: RegisterPage,
) -> None:
    complete_page.client.post(f"{complete_page.url}delete/")
    html = complete_page.client.get(complete_page.url).content.decode()
    assert "This registration was deleted" in html
    assert "Register Group for CAHPS" in html


def test_save_after_a_deletion_revives_nothing(complete_page: RegisterPage) -> None:
    stale = dict(complete_page.values)
    complete_page.client.post(f"{complete_page.url}delete/")
    answer = complete_page.client.post(complete_page.url, {**stale, "size": "100+"})
    assert answer.status_code == 403
    assert "This registration was deleted" in answer.content.decode()
    assert complete_page.enrollment.status == "cancelled"
    assert Registration.objects.get().size == "25-99"


def test_official_of_another_organization_cant_delete(
    complete_page: RegisterPage, sign_in: Callable[[User], Client]
) -> None:
    stranger = RoleFactory().user
    assert sign_in(stranger).post(f"{complete_page.url}delete/").status_code == 404
    assert complete_page.enrollment.status == "complete"
