"""Steps with registration sheets, as a person does them: download, fill in, upload, confirm."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import SheetRow, SheetUpload
from registrations.words.sheet_columns import COLUMNS
from tests.factories import OrganizationFactory, RoleFactory

UPLOAD = "/registration/2023/cahps/sheet/"
PRACTICES = "/registration/2023/cahps/practices/"
TIN = "00-0765630"
PAT = {
    "contact_1_first_name": "Pat",
    "contact_1_last_name": "Example",
    "contact_1_email": "pat@example.org",
    "contact_1_phone": "(202) 555-0144",
}


def row(identifier: str, **values: str) -> dict[str, str]:
    """A row of a group with those cells filled in."""
    return {"kind": "group", "identifier": identifier, **values}


def sheet(*rows: Mapping[str, str], columns: Any = COLUMNS) -> bytes:
    """A sheet as a spreadsheet saves it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def upload(client: Client, content: bytes, name: str = "sheet.csv"):
    """Press Upload and check; the answer isn't followed."""
    return client.post(UPLOAD, {"file": csv_file(content, name)})


def csv_file(content: bytes, name: str = "sheet.csv") -> SimpleUploadedFile:
    """The file that a browser sends along."""
    return SimpleUploadedFile(name, content, "text/csv")


def uploaded(client: Client, *rows: Mapping[str, str]) -> SheetUpload:
    """Upload these rows; what was made of them."""
    answer = upload(client, sheet(*rows))
    assert answer.status_code == 302, answer.content.decode()
    return SheetUpload.objects.get(pk=answer.url.split("/")[2])


def confirm(client: Client, made: SheetUpload):
    """Press Apply; the answer isn't followed."""
    return client.post(f"/sheets/{made.pk}/confirm/")


def work() -> None:
    """Run the worker until nothing is left to do."""
    call_command("apply_sheets", stdout=io.StringIO())


def applied(client: Client, *rows: Mapping[str, str]) -> list[SheetRow]:
    """Upload, confirm, apply; the rows afterwards."""
    made = uploaded(client, *rows)
    confirm(client, made)
    work()
    return list(made.sheet_rows.order_by("line"))


def states(made: SheetUpload) -> list[str]:
    """The state of each row, in the order of the sheet."""
    return list(made.sheet_rows.order_by("line").values_list("state", flat=True))


def reasons(made: SheetUpload) -> list[tuple[str, str, str]]:
    """Every problem: column, value, reason."""
    rows = made.sheet_rows.order_by("line").values_list("problems", flat=True)
    return [tuple(problem) for problems in rows for problem in problems]


def download(client: Client, query: str = "", kind: str = "practices") -> str:
    """Press Download this list; the file's text, without its mark."""
    answer = client.post(f"/registration/2023/cahps/{kind}/download/{query}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


def downloaded(client: Client, query: str = "", kind: str = "practices") -> list[dict[str, str]]:
    """The rows of the downloaded list, as a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(download(client, query, kind), newline="")))


def page(client: Client, made: SheetUpload, query: str = "") -> str:
    """The page of the sheet, in one line."""
    answer = client.get(f"/sheets/{made.pk}/{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def more_practices(user: User, number: int) -> list[Organization]:
    """So many more practices of the person."""
    organizations = OrganizationFactory.create_batch(number)
    for organization in organizations:
        RoleFactory(user=user, organization=organization)
    return organizations
