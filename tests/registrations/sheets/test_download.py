"""Download this list: what the file holds, and that it is safe to open and to bring back."""

import tracemalloc
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from organizations.models import Organization
from qpp_registration.spreadsheet import csv_text, plain_cell, safe_cell
from registrations.models import Contact, Offering
from tests.factories import OrganizationFactory, RoleFactory, UserFactory, VirtualGroupFactory
from tests.registrations.conftest import CONTACT, RegisterPage
from tests.registrations.sheet_steps import download, downloaded

Start = Callable[[User, Organization], RegisterPage]


@pytest.fixture
def client(june: object, offering: Offering, jane: User, practice: object, sign_in: Callable):
    return sign_in(jane)


def test_row_has_identifier_status_registration_id_size_and_contacts(
    client: Client, complete_page: RegisterPage
) -> None:
    (row,) = downloaded(client)
    number = complete_page.registration.organization.registration_number.number
    assert {name: value for name, value in row.items() if value} == {
        "kind": "group",
        "identifier": "00-0765630",
        "name": "Better Business Health",
        "status": "Complete",
        "registration_id": str(number),
        "size": "25 to 99",
        "contact_1_first_name": "Daniel",
        "contact_1_last_name": "Okafor",
        "contact_1_email": "daniel.okafor@example.org",
        "contact_1_phone": "(202) 555-0123",
        "contact_1_extension": "ext. 14",
    }


def test_row_that_is_not_started_leaves_size_and_contacts_to_be_filled_in(client: Client) -> None:
    (row,) = downloaded(client)
    assert row["status"] == "Not started"
    assert not any(
        row[name] for name in row if name not in {"kind", "identifier", "name", "status"}
    )


def test_deleted_registration_is_blank_so_that_the_sheet_does_not_register_it_again(
    client: Client, complete_page: RegisterPage
) -> None:
    client.post(f"{complete_page.url}delete/")
    (row,) = downloaded(client)
    assert (row["size"], row["contact_1_email"], row["status"]) == ("", "", "Not started")


def test_file_has_the_rows_of_the_tab_and_filter_it_was_asked_from(
    client: Client, jane: User, start: Start
) -> None:
    other = OrganizationFactory(name="Lakeside")
    RoleFactory(user=jane, organization=other)
    RoleFactory(user=jane, organization=VirtualGroupFactory(name="Harbor"))
    RoleFactory(organization=OrganizationFactory(name="Foreign"))
    start(jane, other)
    assert [row["name"] for row in downloaded(client)] == ["Lakeside", "Better Business Health"]
    assert [row["name"] for row in downloaded(client, "?q=better")] == ["Better Business Health"]
    assert [row["name"] for row in downloaded(client, "?status=incomplete")] == ["Lakeside"]
    assert [row["name"] for row in downloaded(client, f"?organization={other.pk}")] == ["Lakeside"]
    assert [row["name"] for row in downloaded(client, kind="virtual-groups")] == ["Harbor"]


def test_list_page_asks_for_the_file_with_its_own_filter(client: Client) -> None:
    html = client.get("/registration/2023/cahps/practices/?q=better&page=1").content.decode()
    assert 'action="/registration/2023/cahps/practices/download/?q=better&amp;page=1"' in html


def test_name_of_the_file_has_no_identifier_and_every_field_is_quoted(client: Client) -> None:
    answer = client.post("/registration/2023/cahps/practices/download/?q=better")
    assert answer["Content-Disposition"] == 'attachment; filename="2023-cahps-practices.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    header, line, rest = b"".join(answer.streaming_content).decode("utf-8-sig").split("\r\n")
    assert header.startswith('"kind","identifier","name"')
    assert line.startswith('"group","00-0765630","Better Business Health","Not started",""')
    assert rest == ""


def test_staff_user_gets_names_without_mails_and_phones(
    client: Client, complete_page: RegisterPage, sign_in: Callable
) -> None:
    staff = UserFactory()
    organization = complete_page.registration.organization
    RoleFactory(user=staff, organization=organization, name="staff_user")
    text = download(sign_in(staff))
    assert "Daniel" in text
    assert "25 to 99" in text
    for private in ("daniel.okafor@", "555-0123", "ext."):
        assert private not in text


def test_each_row_follows_the_role_on_its_organization(
    client: Client, jane: User, complete_page: RegisterPage, start: Start
) -> None:
    ken, other = UserFactory(), OrganizationFactory(name="Lakeside")
    RoleFactory(user=ken, organization=other)
    RoleFactory(user=jane, organization=other, name="staff_user")
    start(ken, other).type(size="2-24", **CONTACT | {"email": "ken@example.org"}).save()
    rows = {row["name"]: row for row in downloaded(client)}
    assert rows["Better Business Health"]["contact_1_email"] == "daniel.okafor@example.org"
    assert rows["Lakeside"]["contact_1_first_name"] == "Daniel"
    assert rows["Lakeside"]["contact_1_email"] == ""


def test_only_the_first_three_contacts_are_in_the_file(
    client: Client, complete_page: RegisterPage
) -> None:
    for position in range(2, 6):
        Contact.objects.create(
            registration=complete_page.registration,
            position=position,
            **CONTACT | {"phone": "2025550123", "first_name": f"P{position}"},
        )
    (row,) = downloaded(client)
    assert [row[f"contact_{n}_first_name"] for n in (1, 2, 3)] == ["Daniel", "P2", "P3"]
    assert "P4" not in row.values()


def test_download_is_audited_and_reading_the_page_is_not(client: Client) -> None:
    client.get("/registration/2023/cahps/practices/")
    assert not AuditEvent.objects.filter(action="list.downloaded").exists()
    downloaded(client)
    event = AuditEvent.objects.get(action="list.downloaded")
    assert event.details == {"offering": "CAHPS for MIPS Survey 2023", "kind": "group"}


def test_kind_that_the_person_has_not_leads_to_the_first_tab(client: Client) -> None:
    answer = client.post("/registration/2023/cahps/apm-entities/download/")
    assert answer.url == "/registration/2023/cahps/"


def test_file_takes_no_more_memory_for_many_organizations(client: Client, jane: User) -> None:
    def peak() -> int:
        answer = client.post("/registration/2023/cahps/practices/download/")
        tracemalloc.start()
        for _ in answer.streaming_content:
            pass
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    for organization in Organization.objects.bulk_create(OrganizationFactory.build_batch(1_000)):
        RoleFactory(user=jane, organization=organization)
    few = peak()
    for organization in Organization.objects.bulk_create(OrganizationFactory.build_batch(3_000)):
        RoleFactory(user=jane, organization=organization)
    assert peak() < few + 1_000_000


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "'=1", "''=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_cell_that_would_be_calculated_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@given(st.text())
def test_every_text_comes_back_as_it_was_and_never_begins_a_formula(text: str) -> None:
    cell = safe_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))
    assert plain_cell(cell) == text


@pytest.mark.parametrize("text", ["O’Neil", "'Abdu", "a=b", "", "'", "12-34"])
def test_cell_that_is_plain_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text
    assert plain_cell(text) == text


def test_planted_formula_is_harmless_in_the_file(client: Client, jane: User) -> None:
    evil = OrganizationFactory(name='=HYPERLINK("http://x.example";"y")')
    RoleFactory(user=jane, organization=evil)
    assert '"\'=HYPERLINK(""http://x.example"";""y"")"' in download(client)


def test_file_without_rows_has_its_header() -> None:
    assert "".join(csv_text(("kind", "identifier"), [])) == '\ufeff"kind","identifier"\r\n'
