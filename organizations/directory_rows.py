"""What a row of a directory file must look like."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from organizations.addresses import parse_state, parse_zip
from organizations.enums import OrganizationKind
from organizations.policy import normalize_identifier, parse_kind, parse_size
from qpp_registration.csv_file import Row, RowRefusal, parse_values
from qpp_registration.text import clean_line

APM_ENTITY = OrganizationKind.APM_ENTITY
SEARCH_NAME_LENGTH = 200
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class DirectoryRow(NamedTuple):
    """A row that can be loaded, in the order of the columns of a file."""

    kind: OrganizationKind
    identifier: str
    name: str
    address1: str
    address2: str
    city: str
    state: str
    zip: str
    size: str
    shared_savings_program: bool
    approved: bool

    @property
    def search_name(self) -> str:
        """The name without regard to case. Folding may lengthen it: ß becomes ss."""
        return self.name.casefold()[:SEARCH_NAME_LENGTH]


COLUMNS = DirectoryRow._fields


def parse_row(row: Row) -> DirectoryRow | list[RowRefusal]:
    """The row's values as they are stored, or all reasons why it can't be loaded."""
    values, refusals = parse_values(row, COLUMNS, _parse)
    return refusals or DirectoryRow(**values)


def _parse(column: str, text: str, values: Mapping[str, Any]) -> Any:
    """One value. The kind comes first in a row; without a good one nothing hangs on it."""
    kind = values.get("kind")
    if column == "identifier":
        return normalize_identifier(kind, text) if kind else text
    value = _PARSERS[column](text)
    if column == "shared_savings_program" and value and kind not in {None, APM_ENTITY}:
        raise ValueError("Only an APM Entity can be in the Shared Savings Program.")
    return value


def _line_of(longest: int, *, required: bool = False) -> Callable[[str], str]:
    def parse(text: str) -> str:
        line = clean_line(text)
        if required and not line:
            raise ValueError("This can't be blank.")
        if len(line) > longest:
            raise ValueError(f"Use at most {longest} characters; it has {len(line)}.")
        return line

    return parse


def _size(text: str) -> str:
    return parse_size(text) or ""


def _yes_or_no(text: str) -> bool:
    text = text.strip().lower()
    if text and text not in YES_OR_NO:
        raise ValueError("Write yes or no.")
    return YES_OR_NO.get(text, False)


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    "kind": parse_kind,
    "name": _line_of(200, required=True),
    "address1": _line_of(100),
    "address2": _line_of(100),
    "city": _line_of(60),
    "state": parse_state,
    "zip": parse_zip,
    "size": _size,
    "shared_savings_program": _yes_or_no,
    "approved": _yes_or_no,
}
