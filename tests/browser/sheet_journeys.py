"""The pages of registration sheets in every state."""

import csv
import io
from collections.abc import Iterator, Mapping

from django.core.management import call_command

from accounts.enums import RoleName
from qpp_registration import clock
from registrations.models import SheetUpload
from registrations.sheets import apply
from tests.browser.visitor import Visitor
from tests.browser.world import (
    BETTER,
    close,
    contact,
    open_offering,
    person,
    practice,
    practices,
    registered,
)
from tests.factories import RoleFactory

Stops = Iterator[tuple[str, str]]
SHEET = "/registration/2023/cahps/sheet/"
PAT = {
    "contact_1_first_name": "Pat",
    "contact_1_last_name": "Example",
    "contact_1_email": "pat.example@example.org",
    "contact_1_phone": "(202) 555-0144",
}


def sheet_file(*rows: Mapping[str, str]) -> bytes:
    """The bytes of a sheet with these rows of groups."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ("kind", "identifier", "size", *PAT), restval="")
    writer.writeheader()
    writer.writerows({"kind": "group", **row} for row in rows)
    return text.getvalue().encode()


def choose(visitor: Visitor, content: bytes, name: str = "practices-in-june.csv") -> None:
    """Choose the file and send it."""
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    visitor.page.get_by_label("Registration sheet").set_input_files(file)
    visitor.press("Upload and check")


def uploading_sheets(visitor: Visitor) -> Stops:
    """From the empty page to a sheet that is applied, with everything that can be wrong."""
    jane = person()
    offering = open_offering()
    better = practice(jane)
    many = practices(jane, 70)
    registered(jane, better, offering, contact("Daniel", "Okafor"))
    visitor.signed_in(jane)
    visitor.go(SHEET)
    yield "upload_sheet", "empty"
    visitor.press("Upload and check")
    yield "upload_sheet", "nothing chosen"
    choose(visitor, b"kind;identifier;size\n", "export.csv")
    yield "upload_sheet", "no sheet"
    choose(visitor, sheet_file({"identifier": "00-0765630"}))
    yield "sheet", "nothing to do"
    choose_again(visitor)
    choose(visitor, sheet_file({"identifier": "00-1234567", "size": "2-24"}))
    yield "sheet", "only errors"
    choose_again(visitor)
    rows: list[Mapping[str, str]] = [
        {"identifier": "00-0765630", "size": "25 to 99"} | PAT,
        *({"identifier": one.identifier, "size": "2-24"} | PAT for one in many),
    ]
    choose(visitor, sheet_file(*rows))
    yield "sheet", "all good"
    choose_again(visitor)
    wrong = {
        "identifier": "00-1000002",
        "size": "about thirty",
        "contact_1_email": "pat(at)example.org",
        "contact_1_phone": "555-010",
        "contact_1_last_name": "Wolfeschlegelsteinhausenbergerdorff" * 3,
    }
    rows[2] = {"identifier": "00-1000002", "size": "2-24", "contact_1_first_name": "Pat"}
    choose(visitor, sheet_file(*rows, wrong, {"identifier": "not a TIN"}))
    yield "sheet", "some errors"
    visitor.follow("Will change (70)")
    yield "sheet", "some errors, what changes"
    yield from applying(visitor)
    close(offering)
    visitor.go(SHEET)
    yield "upload_sheet", "closed"


def choose_again(visitor: Visitor) -> None:
    """Back to the form."""
    visitor.follow("Upload another sheet")


def applying(visitor: Visitor) -> Stops:
    """Confirm, stop in the middle, and go on to the end."""
    visitor.press("Apply the 70 rows without errors")
    yield "sheet", "waiting"
    upload = apply.claim(at=clock.now())
    assert upload
    keys = apply.next_rows(upload)
    for key in keys:
        apply.apply_row(upload, key)
    apply.release(upload, at=clock.now())
    visitor.go(f"/sheets/{upload.pk}/")
    yield "sheet", "in the middle"
    upload.user.roles.filter(organization__name="Practice 070").delete()
    call_command("apply_sheets", stdout=io.StringIO())
    visitor.go(f"/sheets/{upload.pk}/")
    yield "sheet", "done, one row not applied"
    visitor.follow("Applied (69)")
    yield "sheet", "done, what was applied"
    visitor.go(SHEET)
    yield "upload_sheet", "with uploads"


def sheet_too_late(visitor: Visitor) -> Stops:
    """The window closes between looking and confirming; and a Staff User."""
    jane, staff = person(), person("Staff", "User")
    offering = open_offering()
    organization = practice(jane, BETTER)
    RoleFactory(user=staff, organization=organization, name=RoleName.STAFF_USER)
    visitor.signed_in(jane)
    visitor.go(SHEET)
    choose(visitor, sheet_file({"identifier": "00-0765630", "size": "2-24"}))
    close(offering)
    visitor.press("Apply 1 row")
    yield "confirm_sheet", "closed"
    assert SheetUpload.objects.get().status == "checked"
    visitor.signed_in(staff)
    visitor.go(SHEET)
    yield "upload_sheet", "staff user"
