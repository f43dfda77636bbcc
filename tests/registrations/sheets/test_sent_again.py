"""A sheet sent again with the same form: a double click, a retry, *Reload* of the answer."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent
from registrations.models import SheetRow, SheetUpload
from tests.registrations.sheet_steps import (
    PAT,
    TIN,
    UPLOAD,
    confirm,
    csv_file,
    row,
    sheet,
    states,
    work,
)
from tests.registrations.year_pages import form_values

SHEET = sheet(row(TIN, size="2 to 24", **PAT))
OTHER = sheet(row(TIN, size="100 or greater"))


@pytest.fixture
def form(client: Client) -> dict[str, str]:
    """What the page's form sends beside the file."""
    return form_values(client.get(UPLOAD).content.decode())


def send(client: Client, form: dict[str, str], content: bytes) -> Any:
    """Press Upload and check; the answer isn't followed."""
    return client.post(UPLOAD, {**form, "file": csv_file(content)})


def uploads() -> int:
    return AuditEvent.objects.filter(action="sheet.uploaded").count()


def test_same_file_with_the_same_form_is_one_upload(client: Client, form: dict[str, str]) -> None:
    first, again = send(client, form, SHEET), send(client, form, SHEET)
    assert first.status_code == 302
    assert first.url == again.url
    assert SheetUpload.objects.count() == SheetRow.objects.count() == uploads() == 1


def test_form_that_comes_back_after_applying_leads_to_what_came_of_it(
    client: Client, form: dict[str, str]
) -> None:
    first = send(client, form, SHEET)
    made = SheetUpload.objects.get()
    confirm(client, made)
    work()
    assert send(client, form, SHEET).url == first.url
    assert states(made) == ["applied"]
    assert uploads() == 1


def test_another_file_with_the_same_form_is_another_upload(
    client: Client, form: dict[str, str]
) -> None:
    first, other = send(client, form, SHEET), send(client, form, OTHER)
    assert first.url != other.url
    assert str(SheetUpload.objects.get().pk) in other.url  # it replaced the first one
    assert uploads() == 2


def test_same_file_with_a_new_form_is_checked_anew(client: Client, form: dict[str, str]) -> None:
    first = send(client, form, SHEET)
    newer = form_values(client.get(UPLOAD).content.decode())
    assert newer["submission"] != form["submission"]
    assert send(client, newer, SHEET).url != first.url
    assert SheetUpload.objects.count() == 1


def test_form_of_somebody_else_is_no_form_of_mine(
    client: Client, form: dict[str, str], other_official: Client
) -> None:
    first, theirs = send(client, form, SHEET), send(other_official, form, SHEET)
    assert theirs.status_code == 302
    assert first.url != theirs.url
    assert SheetUpload.objects.count() == 2
