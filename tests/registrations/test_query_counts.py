"""How many queries each page takes: exactly so many, whatever the number of rows.

Each request begins with two that every signed-in page needs: the session, and the person with their
device.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Message
from organizations.models import Organization
from registrations.models import Enrollment, Offering, Registration, RegistrationNumber
from tests.factories import (
    DURING,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage, Script
from tests.registrations.counting import SIGNED_IN, add_contacts, takes

LIST = "/registration/2023/cahps/practices/"


@pytest.fixture
def many(june: object, offering: Any, sign_in: Callable) -> Callable[[int], Client]:
    """A person with that many practices, of which a third each is not started, begun, complete."""

    def make(number: int) -> Client:
        user = UserFactory(password="!")
        for place in range(number):
            organization = OrganizationFactory()
            RoleFactory(user=user, organization=organization)
            if place % 3:
                register(organization, offering, complete=place % 3 == 1)
        return sign_in(user)

    return make


def register(organization: Organization, offering: Any, *, complete: bool) -> Registration:
    registration = Registration.objects.create(
        organization=organization,
        year=offering.year,
        size="2-24",
        name=organization.name,
        started_at=DURING,
        changed_at=DURING,
    )
    Enrollment.objects.create(
        registration=registration,
        offering=offering,
        status="complete" if complete else "incomplete",
        origin="official",
        completed_at=DURING if complete else None,
    )
    RegistrationNumber.objects.create(
        organization=organization, number=100_000 + RegistrationNumber.objects.count()
    )
    if complete:
        add_contacts(registration, 1)
    return registration


def tell(registration: Registration, number: int) -> None:
    Message.objects.bulk_create(
        Message(
            channel="email",
            to=f"{place}@example.org",
            subject="Mail",
            body="Text",
            about=registration.pk,
            due_at=DURING,
            dedupe_key=f"mail-{place}",
        )
        for place in range(number)
    )


# --- The list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3, 150])
def test_list_takes_4_queries_with_1_3_and_150_organizations(
    many: Callable[[int], Client], number: int
) -> None:
    client = many(number)
    for query in ("", "?page=2", "?page=999"):
        with takes(4):
            assert client.get(f"{LIST}{query}").status_code == 200


@pytest.mark.parametrize("number", [1, 3, 150])
def test_filtered_list_takes_5_queries_with_1_3_and_150_organizations(
    many: Callable[[int], Client], number: int
) -> None:
    client = many(number)
    for query in ("?q=practice", "?status=not_started", "?q=practice&status=not_started&page=2"):
        with takes(5):
            assert client.get(f"{LIST}{query}").status_code == 200


@pytest.mark.parametrize("number", [1, 3, 150])
def test_ways_to_the_list_take_as_many_queries_with_1_3_and_150_organizations(
    many: Callable[[int], Client], number: int
) -> None:
    client = many(number)
    with takes(1):
        client.get("/registration/cahps/")
    with takes(2):
        client.get("/registration/2023/cahps/")
    with takes(1):
        assert client.post(f"{LIST}search/", {"text": "practice"}).status_code == 302
    with takes(5):
        assert client.post(f"{LIST}search/", {"text": "99-9999999"}).status_code == 422


@pytest.mark.parametrize("number", [1, 3, 150])
def test_home_and_registration_screen_take_3_queries_with_1_3_and_150_organizations(
    many: Callable[[int], Client], number: int
) -> None:
    client = many(number)
    for address in ("/home/", "/registration/"):
        with takes(3):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("others", [0, 4])
def test_public_pages_take_as_many_queries_with_more_years(offering: Offering, others: int) -> None:
    for year in range(others):
        OfferingFactory(year=YearFactory(year=2018 + year))
    for address in ("/", "/help/"):
        with takes(2 - SIGNED_IN):
            assert Client().get(address).status_code == 200


# --- A registration -----------------------------------------------------------------------------


@pytest.fixture(params=[1, 3, 50])
def page(complete_page: RegisterPage, request: Any) -> RegisterPage:
    """Jane's complete registration with so many contacts."""
    add_contacts(complete_page.registration, request.param - 1)
    return complete_page.open()


@pytest.mark.parametrize("mails", [0, 60])
def test_register_page_takes_4_queries_with_1_3_and_50_contacts(
    page: RegisterPage, mails: int
) -> None:
    tell(page.registration, mails)
    for query in ("", "?completed=1", "?add=1"):
        with takes(4):
            assert page.client.get(f"{page.url}{query}").status_code == 200


def test_summary_and_questions_take_as_many_queries_with_1_3_and_50_contacts(
    page: RegisterPage,
) -> None:
    with takes(4):
        assert page.client.get(f"{page.url}summary/").status_code == 200
    with takes(3):
        assert page.client.get(f"{page.url}summary.pdf").status_code == 200
    with takes(2):
        assert page.client.get(f"{page.url}delete/").status_code == 200
    with takes(4):
        address = f"{page.url}contacts/{page.contact_ids[0]}/delete/"
        assert page.client.get(address).status_code == 200


def test_save_takes_as_many_queries_with_1_3_and_50_contacts(page: RegisterPage) -> None:
    with takes(3):
        assert page.save().status_code == 302
    page.type(size="100+")
    with takes(5):
        assert page.save().status_code == 302
    page.open().type(phone="202-555-0177")
    with takes(6):
        assert page.save().status_code == 302
    page.open().type(phone="555")
    with takes(7):
        assert page.save().status_code == 422


def test_saving_by_itself_takes_as_many_queries_with_1_3_and_50_contacts(
    page: RegisterPage,
) -> None:
    script = Script(page)
    with takes(5):
        assert script.hear(script.send(size="2-24"))["status"] == "saved"
    with takes(6):
        assert script.hear(script.send(phone="202-555-0177"))["status"] == "saved"
    with takes(3):
        assert script.hear(script.send(phone="555"))["status"] == "partly"


def test_saving_a_new_contact_takes_7_queries(complete_page: RegisterPage) -> None:
    complete_page.open("?add=1").type(1, **CONTACT)
    with takes(7):
        assert complete_page.save().status_code == 302


def test_completing_takes_2_queries_more(started: RegisterPage) -> None:
    started.type(**CONTACT).save()
    started.open().type(size="2-24")
    with takes(7):
        assert started.save().url.endswith("#complete")


def test_starting_takes_13_queries_and_starting_again_5(
    many: Callable[[int], Client],
) -> None:
    client = many(1)
    address = f"/registration/2023/cahps/organizations/{Organization.objects.get().pk}/start/"
    with takes(13):
        assert client.post(address).status_code == 302
    with takes(5):
        assert client.post(address).status_code == 302


@pytest.mark.parametrize("others", [0, 1, 3])
def test_deleting_takes_8_queries_and_2_more_for_however_many_officials_are_told(
    complete_page: RegisterPage, practice: Organization, others: int
) -> None:
    for _ in range(others):
        RoleFactory(user=UserFactory(password="!"), organization=practice)
    with takes(10 if others else 8):
        assert complete_page.client.post(f"{complete_page.url}delete/").status_code == 302
