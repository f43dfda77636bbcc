"""A registration sheet as people upload it: the form with the file, and what its rows must be.

The fields of a contact follow the rules of the register page; a blank isn't filled in.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from organizations.enums import OrganizationKind
from organizations.policy import normalize_identifier, parse_kind
from qpp_registration.csv_file import (
    CsvFile,
    Row,
    RowRefusal,
    WrongHeader,
    parse_values,
    printable,
)
from qpp_registration.errors import Refused
from qpp_registration.spreadsheet import plain_cell
from registrations.forms.register import ContactForm
from registrations.policy.registration import CONTACT_FIELDS
from registrations.policy.sheet_plan import MAX_BYTES, MAX_ROWS, SHEET_CONTACTS, Line, Problem
from registrations.words.sheet_columns import (
    COLUMNS,
    CONTACT_COLUMNS,
    OPTIONAL_COLUMNS,
    READ_ONLY_COLUMNS,
    REQUIRED_COLUMNS,
    read_extension,
    read_size,
)

LONGEST_FILE_NAME = 255
LONGEST_IDENTIFIER = 80


class SheetForm(forms.Form):
    """The file. `sheet` reads it once the form is valid. `submission` is this form's own key."""

    file = forms.FileField(
        label="Registration sheet",
        help_text=(
            f"A CSV file in UTF-8 with up to {MAX_ROWS:,} rows and "
            f"{MAX_BYTES // 1_000_000} MB. Nothing is registered before you confirm."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "Choose the registration sheet to upload.",
            "empty": "The file is empty.",
        },
    )

    # Not filled in again by a browser that reloads the page: a new page is a new form.
    submission = forms.UUIDField(
        required=False,
        initial=uuid4,
        widget=forms.HiddenInput({"autocomplete": "off"}),
        error_messages={"invalid": "Load this page again, and choose the sheet once more."},
    )

    use_required_attribute = False

    def clean_file(self) -> "Sheet":
        """The sheet, readable from its first to its last row. Raises ValidationError."""
        file: UploadedFile = self.cleaned_data["file"]
        name = printable_name(file.name or "")
        if not name.lower().endswith(".csv"):
            raise ValidationError(
                "Choose a file whose name ends in .csv. In a spreadsheet program, save the sheet "
                "as CSV (UTF-8)."
            )
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                f"The file has {(file.size or 0) / 1_000_000:.1f} MB; it can have "
                f"{MAX_BYTES // 1_000_000} MB. Split it into several sheets."
            )
        try:
            return Sheet(name, file.read())
        except WrongHeader as error:
            reasons = ". ".join(error.reasons)
            raise ValidationError(f"{reasons}. Keep the columns of the downloaded list.") from None
        except Refused as error:
            raise ValidationError(str(error)) from None


class Sheet:
    """A file of at most 5 MB: name, fingerprint, and its rows one by one.

    Raises Refused when the file as a whole can't be read: it is no CSV file, columns are missing,
    or there are too many rows.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self._content = content
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._lines_of = self._find_lines()

    def lines(self) -> Iterator[Line]:
        """The rows in the order of the file; empty ones, as spreadsheets leave them, left out."""
        for row in self._rows():
            if isinstance(row, RowRefusal):
                problem = Problem("", "", row.reason[:1].upper() + row.reason[1:])
                yield Line(number=row.line, kind=None, identifier="", problems=[problem])
            else:
                yield self._line(row)

    def _rows(self) -> Iterator[Row | RowRefusal]:
        with CsvFile(
            io.BytesIO(self._content), REQUIRED_COLUMNS, optional=OPTIONAL_COLUMNS
        ) as file:
            for row in file.rows():
                if isinstance(row, RowRefusal) or any(map(str.strip, row.values)):
                    yield row

    def _find_lines(self) -> dict[tuple[str, str], list[int]]:
        """On which lines each organization stands. Reads the file to its end."""
        found: dict[tuple[str, str], list[int]] = {}
        rows = 0
        for row in self._rows():
            rows += 1
            if rows > MAX_ROWS:
                raise Refused(
                    f"The sheet has more than {MAX_ROWS:,} rows. Split it into several sheets."
                )
            if isinstance(row, Row) and (key := _key(row)):
                found.setdefault(key, []).append(row.line)
        if not rows:
            raise Refused("The file has no rows below its header.")
        return found

    def _line(self, row: Row) -> Line:
        values, refusals = parse_values(row, COLUMNS, _parse)
        problems = [
            Problem(refusal.column, printable(refusal.value), refusal.reason)
            for refusal in refusals
        ]
        kind = values.get("kind")
        identifier = values.get("identifier", "") if kind else ""
        lines = self._lines_of.get((kind, identifier), []) if kind else []
        if len(lines) > 1:
            others = ", ".join(str(line) for line in lines if line != row.line)
            problems.append(
                Problem("identifier", "", f"The same organization stands in line {others}.")
            )
        typed = printable(row.values[1].strip())[:LONGEST_IDENTIFIER]
        return Line(
            number=row.line,
            kind=kind,
            identifier=identifier or typed,
            size=values.get("size", ""),
            contacts=[
                {name: values.get(f"contact_{place}_{name}", "") for name in CONTACT_FIELDS}
                for place in range(1, SHEET_CONTACTS + 1)
            ],
            problems=problems,
        )


def printable_name(name: str) -> str:
    """A file's name as pages show it, without folders."""
    return "".join(c for c in PurePath(name).name if c.isprintable())[-LONGEST_FILE_NAME:]


def _key(row: Row) -> tuple[OrganizationKind, str] | None:
    try:
        kind = parse_kind(plain_cell(row.values[0]))
        return kind, normalize_identifier(kind, plain_cell(row.values[1]))
    except ValueError:
        return None


def _parse(column: str, text: str, values: Mapping[str, Any]) -> Any:
    """One value. What the sheet only tells isn't looked at."""
    if column in READ_ONLY_COLUMNS:
        return ""
    text = plain_cell(text)
    if column == "identifier":
        kind = values.get("kind")
        return normalize_identifier(kind, text) if kind else text
    return _PARSERS[column](text)


def _contact_field(name: str) -> Callable[[str], str]:
    field = ContactForm.base_fields[name]

    def parse(text: str) -> str:
        if not text.strip():
            return ""
        try:
            return str(field.clean(read_extension(text) if name == "extension" else text))
        except ValidationError as error:
            raise ValueError(" ".join(error.messages)) from None

    return parse


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "kind": parse_kind,
    "size": read_size,
    **{column: _contact_field(column.split("_", 2)[2]) for column in CONTACT_COLUMNS},
}
