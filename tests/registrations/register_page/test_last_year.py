"""Contacts and size of an earlier year, offered in a new one."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import RoleName
from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Contact, Registration
from tests.factories import (
    CLOSES,
    DURING,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage

OFFER = "Use last year’s contacts?"
PRESSED = {"use_last_year": "1"}
PAT = {
    "first_name": "Pat",
    "last_name": "Example",
    "email": "pat@example.org",
    "phone": "2025550144",
    "extension": "9",
}
ALEX = {**PAT, "first_name": "Alex", "email": "alex@example.org", "extension": ""}


def earlier(
    organization: Organization, *contacts: dict[str, str], year: int = 2022, size: str = "25-99"
) -> Registration:
    """A registration of an earlier year."""
    registration = Registration.objects.create(
        organization=organization,
        year=YearFactory(year=year),
        size=size,
        name=organization.name,
        started_at=DURING,
        changed_at=DURING,
    )
    for position, values in enumerate(contacts, 1):
        Contact.objects.create(registration=registration, position=position, **values)
    return registration


def html(page: RegisterPage) -> str:
    return unescape(page.client.get(page.url).content.decode())


def contacts(page: RegisterPage) -> list[tuple[str, ...]]:
    found = Contact.objects.filter(registration=page.registration).order_by("position")
    return [(c.first_name, c.last_name, c.email, c.phone, c.extension) for c in found]


@pytest.fixture
def last_year(practice: Organization) -> Registration:
    """2022's, with two complete contacts and one that isn't."""
    return earlier(practice, PAT, {**PAT, "phone": ""}, ALEX)


def test_complete_contacts_are_offered_with_the_size_for_confirmation(
    last_year: Registration, started: RegisterPage
) -> None:
    page = html(started)

    assert OFFER in page
    assert "Use these contacts" in page
    offer = page.split('class="earlier"')[1].split("</section>")[0]
    assert re.findall(r'class="name">(.*?)<', offer) == ["Pat Example", "Alex Example"]
    assert re.findall(r'__line">(.*?)<', offer) == [
        *("pat@example.org", "(202) 555-0144, ext. 9"),
        *("alex@example.org", "(202) 555-0144"),
    ]
    assert "In 2022: 25-99. Choose the size for 2023." in page
    assert " checked" not in page
    assert contacts(started) == []


def test_using_them_copies_them_and_nothing_else(
    last_year: Registration, started: RegisterPage
) -> None:
    before = list(last_year.contacts.order_by("position").values())
    answer = started.save(**PRESSED)

    assert answer.url.endswith("#saved")
    assert contacts(started) == [tuple(PAT.values()), tuple(ALEX.values())]
    assert list(last_year.contacts.order_by("position").values()) == before
    assert Registration.objects.get(pk=started.registration.pk).size == ""
    assert started.enrollment.status == "incomplete"
    page = html(started)
    assert OFFER not in page
    # The size is still told until one is chosen.
    assert "In 2022: 25-99. Choose the size for 2023." in page
    started.open().type(size="2-24").save()
    assert started.enrollment.status == "complete"
    assert "In 2022" not in html(started)


def test_pressing_twice_copies_once(last_year: Registration, started: RegisterPage) -> None:
    for _ in range(2):
        assert started.save(**PRESSED).status_code == 302
    assert len(contacts(started)) == 2


def test_what_was_typed_meanwhile_is_saved_as_well(
    last_year: Registration, started: RegisterPage
) -> None:
    answer = started.type(size="100+", **CONTACT).save(**PRESSED)

    assert answer.url.endswith("#complete")
    assert [first for first, *_ in contacts(started)] == ["Daniel", "Pat", "Alex"]


def test_what_was_typed_wrongly_stays_on_the_page(
    last_year: Registration, started: RegisterPage
) -> None:
    answer = started.type(email="no address").save(**PRESSED)

    assert answer.status_code == 422
    assert "no address" in answer.content.decode()
    assert "Alex" in {first for first, *_ in contacts(started)}


def test_copying_is_audited(last_year: Registration, started: RegisterPage) -> None:
    started.save(**PRESSED)

    event = AuditEvent.objects.get(action="contacts.copied")
    assert event.details == {"from_year": 2022, "contacts": 2}
    assert (event.actor_name, event.object_id) == ("Jane Doe", str(started.registration.pk))
    added = AuditEvent.objects.filter(action="contact.added")
    assert [e.details["email"] for e in added] == [["", "***@example.org"]] * 2


def test_the_newest_year_with_a_complete_contact_is_offered(
    practice: Organization, started: RegisterPage
) -> None:
    earlier(practice, PAT, year=2020, size="2-24")
    earlier(practice, ALEX, year=2021, size="100+")
    earlier(practice, {**PAT, "email": ""}, year=2022)
    page = html(started)

    assert "Use 2021’s contacts?" in page
    assert "Use this contact" in page
    assert "In 2021: 100 or greater. Choose the size for 2023." in page
    assert "pat@example.org" not in page


@pytest.mark.parametrize("there", ["nothing", "no contact", "later year", "other organization"])
def test_nothing_is_offered_where_there_is_nothing(
    practice: Organization, started: RegisterPage, there: str
) -> None:
    if there == "no contact":
        earlier(practice, {**PAT, "last_name": ""})
    if there == "later year":
        earlier(practice, PAT, year=2024)
    if there == "other organization":
        earlier(OrganizationFactory(), PAT)

    assert 'class="earlier"' not in html(started)
    assert "Choose the size for 2023." not in html(started)
    assert started.save(**PRESSED).status_code == 302
    assert contacts(started) == []


def test_a_registration_with_a_contact_is_not_offered_others(
    last_year: Registration, started: RegisterPage
) -> None:
    started.type(first_name="Daniel").save()

    assert OFFER not in html(started)
    started.open().save(**PRESSED)
    assert len(contacts(started)) == 1


def test_a_staff_user_neither_sees_nor_uses_them(
    last_year: Registration,
    started: RegisterPage,
    practice: Organization,
    sign_in: Callable[[User], Client],
) -> None:
    staff = UserFactory()
    RoleFactory(user=staff, organization=practice, name=RoleName.STAFF_USER)
    client = sign_in(staff)

    for answer in (client.get(started.url), client.post(started.url, PRESSED)):
        page = answer.content.decode()
        assert "pat@example.org" not in page
        assert OFFER not in page
    assert answer.status_code == 403
    assert contacts(started) == []


def test_another_organizations_official_gets_nothing(
    last_year: Registration, started: RegisterPage, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(RoleFactory().user)
    assert client.post(started.url, PRESSED).status_code == 404
    assert contacts(started) == []


def test_after_the_close_nothing_is_copied_or_offered(
    last_year: Registration, started: RegisterPage, june, sign_in: Callable[[User], Client]
) -> None:
    june.move_to(CLOSES)
    started.client = sign_in(User.objects.get(user_id="jane.doe"))
    answer = started.save(**PRESSED)

    assert answer.status_code == 403
    assert 'class="earlier"' not in answer.content.decode()
    assert contacts(started) == []
    assert not AuditEvent.objects.filter(action="contacts.copied").exists()


def test_a_deleted_registration_takes_no_contacts(
    last_year: Registration, started: RegisterPage
) -> None:
    started.client.post(f"{started.url}delete/")
    started.save(**PRESSED)
    assert contacts(started) == []


def test_too_many_contacts_copy_none(practice: Organization, started: RegisterPage) -> None:
    earlier(practice, *[PAT] * 50)
    answer = started.type(**CONTACT).save(**PRESSED)

    assert answer.status_code == 422
    assert "at most 50 contacts" in answer.content.decode()
    assert contacts(started) == []
    assert not AuditEvent.objects.filter(action="contacts.copied").exists()
    assert len(contacts(started.open())) == 0
    started.save(**PRESSED)
    assert len(contacts(started)) == 50


@pytest.mark.parametrize("number", [1, 20])
def test_offering_takes_two_queries_and_none_when_nothing_is_missing(
    practice: Organization, started: RegisterPage, number: int
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            started.client.get(started.url)
        return len(captured)

    without = queries()  # one of them looks for an earlier year
    earlier(practice, *[PAT] * number)
    assert queries() == without + 1
    started.open().type(size="2-24", **CONTACT).save()
    assert queries() == without - 1


def test_copies_have_keys_of_their_own(last_year: Registration, started: RegisterPage) -> None:
    started.save(**PRESSED)
    ids = set(Contact.objects.values_list("pk", flat=True))
    assert len(ids) == 5
