"""Many practices at once, as a person does it: download, fill in, upload, look, confirm."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from registrations.models import Enrollment
from tests.browser.sheet_journeys import PAT
from tests.browser.visitor import PHONE, WALKED, Visitor
from tests.browser.world import PRACTICES, contact, open_offering, person, practices, registered

WAYS = [way for way in WALKED if way != PHONE]


@pytest.mark.parametrize("visitor", WAYS, indirect=True, ids=str)
def test_list_is_downloaded_filled_in_uploaded_and_applied(
    visitor: Visitor, transactional_db: None, tmp_path: Path
) -> None:
    jane, offering = person(), open_offering()
    made = practices(jane, 30)
    registered(jane, made[0], offering, contact("Daniel", "Okafor"))
    visitor.signed_in(jane)
    visitor.go(PRACTICES)
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name="Download this list").click()
    assert download.value.suggested_filename == "2023-cahps-practices.csv"
    file = fill_in(download.value.path(), tmp_path / "filled-in.csv")

    visitor.follow("Upload a registration sheet")
    visitor.sees_heading("Upload a registration sheet")
    visitor.page.get_by_label("Registration sheet").set_input_files(file)
    visitor.press("Upload and check")
    visitor.sees_heading("Check the registration sheet")
    visitor.sees("1 of 30 rows can’t be applied")
    visitor.sees("Give the size as 2 to 24, 25 to 99 or 100 or greater.")
    visitor.follow("Will change (28)")
    visitor.sees("Registers, size 2 to 24")
    visitor.sees("Adds Pat Example, pat.example@example.org, (202) 555-0144")
    visitor.follow("Next page")
    assert Enrollment.objects.count() == 1

    visitor.press("Apply the 28 rows without errors")
    visitor.sees_heading("The registration sheet is being applied")
    expect(visitor.page.get_by_role("status")).to_have_text("0 of 28 rows done")
    visitor.page.reload()
    expect(visitor.page.get_by_role("status")).to_have_text("0 of 28 rows done")
    call_command("apply_sheets", stdout=io.StringIO())
    if not visitor.way.scripts:
        visitor.follow("Refresh")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(
        "The registration sheet is applied"
    )
    visitor.sees("28 rows applied")
    assert Enrollment.objects.filter(status="complete").count() == 29

    visitor.follow("Back to List")
    visitor.sees("29 complete")
    visitor.follow("Upload a registration sheet")
    visitor.follow("filled-in.csv")
    visitor.sees("1 row had errors and was left out.")


def fill_in(downloaded: Path, file: Path) -> Path:
    """As in a spreadsheet: a size and a contact in each row that isn't started, one size wrong."""
    rows = list(csv.DictReader(downloaded.read_text("utf-8-sig").splitlines()))
    todo = [row for row in rows if row["status"] == "Not started"]
    assert (len(rows), len(todo)) == (30, 29)
    for row in todo:
        row.update(PAT, size="2 to 24")
    todo[-1]["size"] = "about thirty"
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file
