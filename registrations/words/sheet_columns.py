"""The columns of a registration sheet, and cells that survive a spreadsheet.

A spreadsheet takes `2-24` for a date and drops the zeros of an extension, so both are written in
another way; what it made of a band that somebody typed is understood as well.
"""

import re

from organizations.enums import OrganizationSize
from organizations.policy import parse_size
from registrations.policy.registration import CONTACT_FIELDS
from registrations.policy.sheet_plan import SHEET_CONTACTS

REQUIRED_COLUMNS = ("kind", "identifier")
READ_ONLY_COLUMNS = ("name", "status", "registration_id")
CONTACT_COLUMNS = tuple(
    f"contact_{place}_{name}" for place in range(1, SHEET_CONTACTS + 1) for name in CONTACT_FIELDS
)
COLUMNS = (*REQUIRED_COLUMNS, *READ_ONLY_COLUMNS, "size", *CONTACT_COLUMNS)
OPTIONAL_COLUMNS = COLUMNS[len(REQUIRED_COLUMNS) :]

_SIZE_CELLS = {
    OrganizationSize.SMALL: "2 to 24",
    OrganizationSize.MEDIUM: "25 to 99",
    OrganizationSize.LARGE: "100 or greater",
}
# February 24 in the shapes in which spreadsheets save it.
_SMALL_AS_A_DATE = re.compile(r"0?2/24(/\d{2,4})?|24-feb(-\d{2,4})?|feb-24|\d{4}-02-24")
_EXTENSION_MARK = re.compile(r"(ext\.?|x)\s*(?=\d)", re.IGNORECASE)


def size_cell(size: str) -> str:
    """The band as a cell; empty for none."""
    return _SIZE_CELLS[OrganizationSize(size)] if size else ""


def read_size(text: str) -> str:
    """The band of a cell; empty when it isn't filled in. Raises ValueError naming the bands."""
    text = text.strip().lower().replace("–", "-")
    for size, cell in _SIZE_CELLS.items():
        if text == cell:
            return size
    if _SMALL_AS_A_DATE.fullmatch(text):
        return OrganizationSize.SMALL
    try:
        return parse_size(text) or ""
    except ValueError:
        cells = list(_SIZE_CELLS.values())
        raise ValueError(f"Give the size as {cells[0]}, {cells[1]} or {cells[2]}.") from None


def extension_cell(extension: str) -> str:
    """The extension as a cell that keeps its zeros; empty for none."""
    return f"ext. {extension}" if extension else ""


def read_extension(text: str) -> str:
    """The extension of a cell without the mark in front."""
    return _EXTENSION_MARK.sub("", text.strip(), count=1)
