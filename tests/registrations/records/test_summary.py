"""The print-ready summary (2023 guide, VI)."""

from collections.abc import Callable

from accounts.models import User
from organizations.models import Organization
from tests.factories import RoleFactory, UserFactory
from tests.registrations.conftest import RegisterPage


def test_summary_holds_everything_of_the_registration(
    complete_page: RegisterPage, practice: Organization
) -> None:
    html = complete_page.client.get(f"{complete_page.url}summary/").content.decode()
    for text in (
        "Group CAHPS Registration Summary",
        str(practice.registration_number.number),
        "Complete",
        "Better Business Health",
        "00-0765630",
        "25-99 clinicians",
        "Daniel Okafor",
        "daniel.okafor@example.org",
        "(202) 555-0123, ext. 14",
        "June 2, 2023 at 2:31:05 p.m. ET, from Jane Doe",
    ):
        assert text in html


def test_there_is_no_summary_before_complete(started: RegisterPage) -> None:
    assert started.client.get(f"{started.url}summary/").url == started.url


def test_unfinished_contacts_are_not_in_the_summary(complete_page: RegisterPage) -> None:
    complete_page.open("?add=1").type(1, first_name="Maria").save()
    assert "Maria" not in complete_page.client.get(f"{complete_page.url}summary/").content.decode()


def test_staff_user_sees_no_mail_and_no_phone(
    complete_page: RegisterPage, practice: Organization, sign_in: Callable
) -> None:
    person: User = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    client = sign_in(person)
    for address in (f"{complete_page.url}summary/", complete_page.url):
        html = client.get(address).content.decode()
        assert "Daniel Okafor" in html
        assert "daniel.okafor@example.org" not in html
        assert "555-0123" not in html
