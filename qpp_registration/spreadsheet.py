"""CSV that people open in a spreadsheet: no cell is a formula, none is lost on the way back.

A cell that a spreadsheet would calculate gets an apostrophe in front; `plain_cell` takes it off.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence

# What begins a formula, or is dropped so that the next character begins one.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
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
    lines: list[str] = []

    class Lines:
        """What the writer writes to."""

        @staticmethod
        def write(line: str) -> None:
            lines.append(line)

    writer = csv.writer(Lines, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    yield BYTE_ORDER_MARK
    for row in rows:
        writer.writerow([safe_cell(text) for text in row])
        if len(lines) >= _LINES_AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)
