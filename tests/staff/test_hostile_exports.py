"""Formulas, NUL and hostile names come out harmless, in CSV and in spreadsheets."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from organizations.models import Organization
from qpp_registration.spreadsheet import csv_text, plain_cell
from qpp_registration.workbook import Sheet, workbook_file
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration
from tests.factories import OrganizationFactory
from tests.registrations.enrolled import enroll
from tests.staff.files import ORGANIZATIONS, REGISTRATIONS, ask, content_of, rows_of, sheets_of
from tests.staff.hostile import FORMULAS, HOSTILE, NUL, is_harmless, plant
from tests.staff.rows import fill


def hostile_texts() -> list[str]:
    """PostgreSQL refuses NUL itself."""
    return FORMULAS if connection.vendor == "postgresql" else [*FORMULAS, NUL]


@pytest.fixture
def planted(offerings: dict[Product, Offering]) -> list[str]:
    """An organization for each text, which stands in every field that has room for it."""
    texts = hostile_texts()
    for text in texts:
        registration = enroll(OrganizationFactory(name=text), offerings, [Product.CAHPS])
        keys = {"address1": text, "address2": text, "city": text, "name": text}
        Organization.objects.filter(pk=registration.organization_id).update(
            **keys, zip_code=text[:10]
        )
        Registration.objects.filter(pk=registration.pk).update(**keys, zip_code=text[:10])
        Contact.objects.filter(registration=registration).update(
            first_name=text, last_name=text, email=text, phone=text[:10], extension=text[:10]
        )
    return texts


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "file"),
    [
        (REGISTRATIONS, "registrations"),
        (REGISTRATIONS, "contacts"),
        (ORGANIZATIONS, "csv"),
    ],
)
def test_no_cell_of_a_csv_file_is_a_formula_and_none_is_lost(
    address: str, file: str, manager: Client, planted: list[str]
) -> None:
    rows = rows_of(content_of(ask(manager, f"{address}export/", file=file)))
    assert len(rows) == len(planted)
    assert all(is_harmless(cell) for row in rows for cell in row.values())
    column = "first_name" if file == "contacts" else "address1"
    assert {plain_cell(row[column]) for row in rows} == set(planted)


@pytest.mark.django_db
@pytest.mark.parametrize("address", [REGISTRATIONS, ORGANIZATIONS])
def test_every_cell_of_a_spreadsheet_is_text(
    address: str, manager: Client, planted: list[str]
) -> None:
    sheets = sheets_of(content_of(ask(manager, f"{address}export/", file="xlsx")))
    for header, *rows in sheets.values():
        assert len(rows) == len(planted)
        assert header[0] == "schema_version"
    cells = {cell for rows in sheets.values() for row in rows for cell in row}
    assert {text for text in planted if "\r" not in text and "\0" not in text} <= cells
    assert not any("\0" in cell for cell in cells)


@pytest.mark.django_db
@pytest.mark.parametrize("text", [*FORMULAS, *HOSTILE, NUL])
def test_file_of_every_list_is_harmless_whatever_stands_in_the_rows(
    text: str, administrator: Client, offerings: dict[Product, Offering]
) -> None:
    """Address, e-mail, job title, note, reason and user ID too."""
    if "\0" in text and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL refuses NUL itself.")
    fill(1, offerings, text)
    plant(text)
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export")
        file = "registrations" if model is Enrollment else "csv"
        rows = rows_of(content_of(ask(administrator, address, file=file)))
        cells = [cell for row in rows for cell in row.values()]
        assert all(is_harmless(cell) for cell in cells)
        assert model is Offering or any(text[:10] in plain_cell(cell) for cell in cells), model
        sheets = sheets_of(content_of(ask(administrator, address, file="xlsx")))
        assert not any("\0" in cell for rows in sheets.values() for row in rows for cell in row)


@pytest.mark.parametrize("text", [*FORMULAS, NUL, "", "'", "''=1", "plain", "a,", ",", '"', '""'])
def test_lines_are_what_the_careful_way_gives(text: str) -> None:
    rows = [["first", text, "x,"], [text, "middle", text], ["", "", ""]]
    content = "".join(csv_text(["a", "b", "c"], rows)).removeprefix("\ufeff")
    _header, *read = csv.reader(io.StringIO(content, newline=""))
    assert [[plain_cell(cell) for cell in row] for row in read] == rows
    assert all(is_harmless(cell) for row in read for cell in row)


def test_spreadsheet_with_a_thousand_rows_of_two_sheets_is_whole() -> None:
    def rows(name: str) -> Iterator[list[str]]:
        return ([name, str(number)] for number in range(1_000))

    with workbook_file(
        Sheet(name=name, header=["name", "number"], rows=rows(name)) for name in ("One", "Two")
    ) as file:
        sheets = sheets_of(file.read())
    assert [len(found) for found in sheets.values()] == [1_001, 1_001]
    assert sheets["Two"][1_000] == ["Two", "999"]
