"""*Look up a caller*: found by whatever they say, which is kept nowhere in clear."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, ChannelDevice, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Offering, RegistrationNumber
from tests.factories import (
    ApmEntityFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.enrolled import enroll, words

pytestmark = pytest.mark.django_db
PAGE = "/staff/callers/"
NOTHING_FOUND = "Nobody and nothing."


@pytest.fixture
def practice(offerings: dict[Product, Offering]) -> Organization:
    """Registered for CAHPS, with Daniel Okafor as its contact, at (202) 555-0123."""
    practice = OrganizationFactory(name="Better Business Health", identifier="000765630")
    enroll(practice, offerings, [Product.CAHPS])
    RegistrationNumber.objects.update_or_create(organization=practice, defaults={"number": 482_913})
    return practice


@pytest.fixture
def jane(practice: Organization) -> User:
    jane = UserFactory(
        user_id="jane.doe",
        first_name="Jane",
        last_name="Doe",
        email="jane.doe@example.org",
        phone="2025550177",
    )
    RoleFactory(user=jane, organization=practice)
    return jane


def look_up(client: Client, text: str) -> Any:
    return client.post(PAGE, {"text": text}, follow=True)


def told(client: Client, text: str) -> str:
    return words(look_up(client, text).content.decode())


@pytest.mark.parametrize("text", ["482913", "00-0765630", "000765630", " 00-0765630 "])
def test_organization_is_found_by_registration_id_and_tin(
    text: str, service_center: Client, jane: User, practice: Organization
) -> None:
    answer = look_up(service_center, text)
    assert answer.redirect_chain == [(f"{PAGE}organizations/{practice.pk}/", 302)]
    page = words(answer.content.decode())
    assert "TIN 00-0765630" in page
    assert "Registration ID 482913" in page
    assert "In order: Registered. Say: “Your organization is registered for the CAHPS" in page
    assert "Jane Doe Security Official Active" in page
    assert "View as this organization" in page


def test_others_are_found_by_their_identifiers_in_any_case(service_center: Client) -> None:
    VirtualGroupFactory(identifier="VG-00042", name="Virtual Valley")
    ApmEntityFactory(identifier="T1AR0042", name="Tall Oaks ACO")
    assert "Virtual Valley" in told(service_center, "vg-00042")
    assert "Tall Oaks ACO" in told(service_center, "t1ar0042")


@pytest.mark.parametrize(
    "text", ["jane.doe", "JANE.DOE", "jane.doe@example.org", "Jane.Doe@EXAMPLE.org"]
)
def test_person_is_found_by_user_id_and_email(
    text: str, service_center: Client, jane: User
) -> None:
    answer = look_up(service_center, text)
    assert answer.redirect_chain == [(f"{PAGE}people/{jane.pk}/", 302)]
    page = words(answer.content.decode())
    assert "jane.doe@example.org" in page
    assert "Better Business Health: what blocks it, and what to say" in page
    assert "View as this person" in page


def test_organization_is_found_by_a_contacts_email(
    service_center: Client, practice: Organization, offerings: dict[Product, Offering]
) -> None:
    found = look_up(service_center, "Daniel.OKAFOR@example.org")
    assert found.redirect_chain == [(f"{PAGE}organizations/{practice.pk}/", 302)]
    enroll(OrganizationFactory(name="Fresh Start Clinic"), offerings, [Product.CAHPS])
    answer = look_up(service_center, "daniel.okafor@example.org")
    assert answer.redirect_chain == []
    page = words(answer.content.decode())
    assert "Better Business Health" in page
    assert "Fresh Start Clinic" in page
    assert NOTHING_FOUND in told(service_center, "aniel.okafor@example.org")


def test_last_four_digits_of_a_phone_are_a_persons_a_devices_or_a_contacts(
    service_center: Client, jane: User, practice: Organization
) -> None:
    assert "Jane Doe" in told(service_center, "0177")
    assert "Jane Doe" in told(service_center, "(202) 555-0177")
    ChannelDevice.objects.create(user=jane, address="2025550188", name="Phone", confirmed=True)
    assert look_up(service_center, "0188").redirect_chain[0][0] == f"{PAGE}people/{jane.pk}/"
    found = look_up(service_center, "0123").redirect_chain
    assert found == [(f"{PAGE}organizations/{practice.pk}/", 302)]


def test_several_are_listed_to_choose_from_and_the_choice_is_audited(
    service_center: Client, jane: User, casey: User
) -> None:
    for number in range(25):
        UserFactory(first_name=f"Alan{number:02}", phone="2025560177", user_id=f"a.sam{number:02}")
    answer = look_up(service_center, "0177")
    page = words(answer.content.decode())
    assert answer.redirect_chain == []
    assert "The first 20; there are more." in page
    choices = re.findall(r'value="((?:person|organization):[^"]+)"', answer.content.decode())
    assert len(choices) == 20
    sam = User.objects.get(pk=choices[3].removeprefix("person:"))
    answer = service_center.post(PAGE, {"open": f"person:{sam.pk}"})
    assert answer.url == f"{PAGE}people/{sam.pk}/"
    first, second = AuditEvent.objects.filter(action="caller.looked_up").order_by("pk")
    assert (first.object_id, first.details["found"]) == ("", 20)
    assert (second.object_id, second.actor_id) == (str(sam.pk), str(casey.pk))


@pytest.mark.parametrize("wrong", ["person:x", "person:", "organization:1", ""])
def test_choice_that_is_none_is_not_found(wrong: str, service_center: Client) -> None:
    assert service_center.post(PAGE, {"open": wrong}).status_code == 404


@pytest.mark.parametrize("key", ["person", "organization"])
def test_choice_of_what_is_not_there_is_not_found_and_not_audited(
    key: str, service_center: Client, practice: Organization, casey: User
) -> None:
    other = practice.pk if key == "person" else casey.pk
    assert service_center.post(PAGE, {"open": f"{key}:{other}"}).status_code == 404
    assert not AuditEvent.objects.filter(action="caller.looked_up").exists()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("00-0765630", "number ***30"),
        ("482913", "registration ID ***13"),
        ("0177", "phone **77"),
        ("(202) 555-0177", "phone **77"),
        ("jane.doe@example.org", "e-mail ***@example.org"),
        ("jane.doe", "user ID or identifier ***"),
        ("a quiet lake in autumn", "user ID or identifier ***"),
    ],
)
def test_what_was_searched_for_stands_nowhere_in_clear(
    text: str, kept: str, service_center: Client, jane: User, practice: Organization
) -> None:
    answer = look_up(service_center, text)
    event = AuditEvent.objects.get(action="caller.looked_up")
    assert event.details["searched"] == kept
    assert text not in str(vars(event))
    assert "no-store" in answer["Cache-Control"]
    for address, _ in answer.redirect_chain:
        assert text not in address
    opened = {"", str(jane.pk), str(practice.pk)}
    assert event.object_id in opened
    assert (event.object_id == "") == ("autumn" in text)


def test_persons_page_leads_to_the_pages_of_their_organizations(
    jane: User, practice: Organization, service_center: Client
) -> None:
    html = look_up(service_center, "jane.doe").content.decode()
    address = f"{PAGE}organizations/{practice.pk}/"
    assert re.search(rf'<a href="{address}">Better Business Health: what blocks it', html)
    assert f'href="{address}"' not in service_center.get(address).content.decode()


def test_nothing_found_is_said_and_audited(service_center: Client) -> None:
    page = told(service_center, "nobody.here")
    assert NOTHING_FOUND in page
    assert "By name, search in Organizations or People" in page
    assert AuditEvent.objects.get(action="caller.looked_up").details["found"] == 0


@pytest.mark.parametrize("text", ["", " ", "x" * 255, "line\u2028break"])
def test_what_is_no_search_is_refused_beside_the_field(text: str, service_center: Client) -> None:
    answer = look_up(service_center, text)
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "<script>", "=1+1", "٤٨٢٩", "²²²²"])
def test_hostile_text_finds_nothing(text: str, service_center: Client, jane: User) -> None:
    assert NOTHING_FOUND in told(service_center, text)


def test_only_who_has_the_right(
    reader: Client, manager: Client, jane: User, practice: Organization, sign_in: Any
) -> None:
    pages = [PAGE, f"{PAGE}people/{jane.pk}/", f"{PAGE}organizations/{practice.pk}/"]
    for page in pages:
        assert manager.get(page).status_code == 200
        assert reader.get(page).status_code == 403
        assert sign_in(jane).get(page).status_code == 404
        assert Client().get(page).url.startswith("/sign-in/")
    assert reader.post(PAGE, {"text": "jane.doe"}).status_code == 403
    assert "Look up a caller" in manager.get("/staff/").content.decode()
    assert "Look up a caller" in manager.get("/staff/accounts/user/").content.decode()
    assert "Look up a caller" not in reader.get("/staff/").content.decode()


def statements(client: Client, path: str, **posted: str) -> list[str]:
    """What a page asks the database, savepoints left out."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(path, posted) if posted else client.get(path)
    assert answer.status_code in {200, 302}
    return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]


def test_queries_do_not_grow_with_what_there_is(
    service_center: Client, jane: User, practice: Organization, offerings: dict[Product, Offering]
) -> None:
    pages = [f"{PAGE}people/{jane.pk}/", f"{PAGE}organizations/{practice.pk}/"]
    service_center.get(pages[0])
    few = [len(statements(service_center, page)) for page in pages]
    for number in range(8):
        more = OrganizationFactory(name=f"Practice {number}")
        enroll(more, offerings, contacts=("Ann", "Ben"))
        RoleFactory(user=jane, organization=more)
        RoleFactory(organization=practice, name="staff_user")
    assert [len(statements(service_center, page)) for page in pages] == few == [26, 16]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("0123", 12), ("2025550123", 12), ("482913", 8), ("000765630", 7)),
        *(("jane.doe", 6), ("jane.doe@example.org", 8), ("daniel.okafor@example.org", 9)),
    ],
)
def test_number_of_queries_of_a_search_does_not_depend_on_what_is_found(
    text: str, number: int, service_center: Client, jane: User, offerings: Any
) -> None:
    found = []
    for more in (1, 30):
        for _ in range(more):
            enroll(OrganizationFactory(), offerings, [Product.CAHPS])
        found.append(len(statements(service_center, PAGE, text=text)))
    assert found == [number, number]


@pytest.mark.parametrize(
    "text",
    [
        *("0177", "2025550177", "482913", "000765630"),
        *("jane.doe", "jane.doe@example.org", "daniel.okafor@example.org"),
    ],
)
def test_each_search_looks_at_an_index(text: str, service_center: Client, jane: User) -> None:
    """On PostgreSQL with reading whole tables made dear, so that few rows are no reason for it."""
    searched = [
        sql
        for sql in statements(service_center, PAGE, text=text)
        if re.search('SUBSTR|LOWER|identifier" =|"number" =', sql)
    ]
    assert searched
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        if not is_sqlite:
            cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in searched:
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{sql}")
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            assert not re.search("^SCAN|Seq Scan", plan, re.MULTILINE), f"{sql}\n{plan}"
