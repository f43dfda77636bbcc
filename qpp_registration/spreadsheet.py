"""CSV that people open in a spreadsheet: no cell is a formula, none is lost on the way back.

A cell that a spreadsheet would calculate gets an apostrophe in front; `plain_cell` takes it off.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

# What begins a formula, or is dropped so that the next character begins one.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# The same in finished lines, sought by two patterns that begin with a text: twenty times as quick.
_MAY_HOLD_A_FORMULA = tuple(
    re.compile(rf"""{before}"'*[=+\-@\t\r\n\0]""") for before in (",", "\n")
)
_LINES_AT_ONCE = 500
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet doesn't take the file for UTF-8


def safe_cell(text: str) -> str:
    """The text as a cell that no spreadsheet calculates.

    Apostrophes that stand before such a text already get one more, so that the way back is exact.
    """
    return f"'{text}" if text.lstrip("'").startswith(_BEGINS_A_FORMULA) else text


def plain_cell(text: str) -> str:
    """The text that `safe_cell` was given. Other apostrophes stay."""
    if text.startswith("'") and text.lstrip("'").startswith(_BEGINS_A_FORMULA):
        return text[1:]
    return text


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The file in pieces: byte order mark, header, rows; all fields quoted, all cells safe."""
    rest = iter(rows)
    yield BYTE_ORDER_MARK + csv_lines([header])
    while lot := list(itertools.islice(rest, _LINES_AT_ONCE)):
        yield csv_lines(lot)


def csv_lines(rows: Sequence[Sequence[str]]) -> str:
    """Rows as finished lines: all fields quoted, all cells safe.

    Nearly all rows need no care; the others are found by looking at the finished lines.
    """
    lines = "".join(['"' + '","'.join(row) + '"\r\n' for row in rows])
    has_other_quotes = lines.count('"') != 2 * sum(map(len, rows))
    if has_other_quotes or any(found.search(f"\n{lines}") for found in _MAY_HOLD_A_FORMULA):
        return _quoted([safe_cell(text) for text in row] for row in rows)
    return lines


def _quoted(rows: Iterable[Sequence[str]]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines, quoting=csv.QUOTE_ALL).writerows(rows)
    return lines.getvalue()
