"""XLSX in constant memory: every cell is text, so nothing is calculated and no zero is lost."""

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from xlsxwriter import Workbook

from qpp_registration.errors import Refused

MOST_ROWS = 1_048_575  # below the header; no spreadsheet opens more
_CHUNK = 1 << 16


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A sheet of a workbook: its name, the header, and rows that are read once."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[str]]


def workbook_file(sheets: Iterable[Sheet]) -> IO[bytes]:
    """The finished workbook as a temporary file, at its beginning.

    Raises Refused where a sheet has more rows than spreadsheets take.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        with Workbook(file, {"constant_memory": True}) as workbook:
            for sheet in sheets:
                _write(workbook, sheet)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def sha256_of(file: IO[bytes]) -> str:
    """The fingerprint of a file from its beginning, where it is left."""
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _write(workbook: Workbook, sheet: Sheet) -> None:
    page = workbook.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    page.set_column(0, len(sheet.header) - 1, 18)
    bold = workbook.add_format({"bold": True})
    for column, text in enumerate(sheet.header):
        page.write_string(0, column, text, bold)
    for number, row in enumerate(sheet.rows, start=1):
        if number > MOST_ROWS:
            raise Refused(f"A spreadsheet holds at most {MOST_ROWS:,} rows. Choose CSV.")
        for column, text in enumerate(row):
            page.write_string(number, column, text)
