"""CSV files with named columns, read row by row in constant memory, mistakes named by line.

A row that can't be used is handed on as a `RowRefusal`, so that a person sees all mistakes of a
file at once. What makes the whole file unusable raises `Refused`.
"""

import csv
import hashlib
import io
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

from qpp_registration.errors import Refused

LONGEST_LINE = 65_536  # characters
LONGEST_SHOWN = 60  # characters of a value in a message
LISTED_REFUSALS = 1_000


class WrongHeader(Refused):
    """The names in the first line don't fit. `reasons`: one for each kind of mistake."""

    def __init__(self, reasons: Sequence[str], columns: Sequence[str]) -> None:
        super().__init__("\n".join([*reasons, f"The columns are {', '.join(columns)}."]))
        self.reasons = reasons


class RowRefusal(NamedTuple):
    """Why one value of a row can't be used. `column` is empty when it is the row as a whole."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        where = f"Line {self.line}"
        if self.column:
            where += f', {self.column} "{printable(self.value)}"'
        return f"{where}: {self.reason}"


@dataclass(kw_only=True)
class Refusals:
    """What can't be loaded: how many rows, and the first reasons; told in the file's order."""

    rows: int = 0
    reasons: list[RowRefusal] = field(default_factory=list)

    def add(self, reasons: Sequence[RowRefusal]) -> None:
        """Count one row, and keep its reasons while there is room."""
        self.rows += 1
        if len(self.reasons) < LISTED_REFUSALS:
            self.reasons.extend(reasons)

    def add_found_later(self, rows: int, first: Sequence[RowRefusal]) -> None:
        """Count rows that only the whole file shows to be wrong, with the first reasons."""
        self.rows += rows
        in_order = sorted([*self.reasons, *first], key=attrgetter("line"))
        self.reasons = in_order[:LISTED_REFUSALS]

    def __str__(self) -> str:
        more = self.rows - len({reason.line for reason in self.reasons})
        lines = [str(reason) for reason in sorted(self.reasons, key=attrgetter("line"))]
        return "\n".join([*lines, f"… and {more:,} more rows."] if more else lines)


class Row(NamedTuple):
    """The values of a row in the order of the columns asked for, and the line it starts at."""

    line: int
    values: Sequence[str]


def printable(text: str) -> str:
    """A value as a message shows it: nothing invisible, no bytes that aren't text, not too long."""
    shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join(map(_printable_character, shown))


def stray_byte(text: str) -> str:
    """The first byte that wasn't UTF-8, as `0xE9`; empty when all of the text was."""
    stray = next((c for c in text if unicodedata.category(c) == "Cs"), "")
    return f"0x{ord(stray) - 0xDC00:02X}" if stray else ""


def parse_values(
    row: Row, columns: Sequence[str], parse: Callable[[str, str, Mapping[str, Any]], Any]
) -> tuple[dict[str, Any], list[RowRefusal]]:
    """The values of a row by column, and all reasons why it can't be used.

    `parse(column, text, values)` gives one value or raises ValueError with text fit for the user;
    `values` holds what the columns before have given.
    """
    values: dict[str, Any] = {}
    refusals: list[RowRefusal] = []
    for column, text in zip(columns, row.values, strict=True):
        try:
            values[column] = parse(column, text, values)
        except ValueError as error:
            byte = stray_byte(text)
            reason = f"Byte {byte} is not UTF-8. Save the file as CSV in UTF-8." if byte else error
            refusals.append(RowRefusal(row.line, column, text, str(reason)))
    return values, refusals


class CsvFile:
    """An open CSV file. `sha256` is the fingerprint of what has been read so far.

    `columns` must all be there, in any order; `optional` ones may be left out and are then blank in
    every row; there are no others. A file that is given open, at its beginning, is closed in the
    end. `on_read` is told the number of bytes of each piece that is read. Raises Refused where the
    file can't be read at all.
    """

    def __init__(
        self,
        file: Path | IO[bytes],
        columns: Sequence[str],
        *,
        optional: Sequence[str] = (),
        on_read: Callable[[int], object] = lambda _count: None,
    ) -> None:
        self._columns = columns
        self._optional = optional
        self._raw = _Fingerprinted(_open(file) if isinstance(file, Path) else file, on_read)
        # Bytes that aren't UTF-8 are carried along as lone surrogates, which no check lets pass.
        self._text = io.TextIOWrapper(
            io.BufferedReader(self._raw, 1 << 18),
            encoding="utf-8-sig",
            errors="surrogateescape",
            newline="",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._text.close()

    @property
    def sha256(self) -> str:
        """The SHA-256 of what has been read, in hexadecimal."""
        return self._raw.digest.hexdigest()

    def rows(self) -> Iterator[Row | RowRefusal]:
        """All rows below the header. Raises Refused for a header that doesn't fit, or no rows."""
        reader = csv.reader(self._lines(), strict=True)
        header = self._read_header(reader)
        pick = self._picker(header)
        rows = 0
        while True:
            line = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                rows += 1
                yield RowRefusal(line, "", "", f"the quotes don't fit ({error}).")
                continue
            if not values:
                continue
            rows += 1
            if len(values) == len(header):
                yield Row(line, pick(values))
            else:
                yield RowRefusal(
                    line, "", "", f"{len(values)} values, but the header names {len(header)}."
                )
        if not rows:
            raise Refused("The file has no rows below its header.")

    def _picker(self, header: Sequence[str]) -> Callable[[list[str]], Sequence[str]]:
        """What puts the values of a row in order: columns, then optional ones."""
        wanted = [*self._columns, *self._optional]
        if all(column in header for column in wanted):
            return itemgetter(*(header.index(column) for column in wanted))
        places = [header.index(column) if column in header else None for column in wanted]
        return lambda values: ["" if place is None else values[place] for place in places]

    def _lines(self) -> Iterator[str]:
        number = 0
        while line := self._text.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
                raise Refused(
                    f"Line {number} is longer than {LONGEST_LINE:,} characters. Is this a CSV file?"
                )
            yield line

    def _read_header(self, reader: Iterator[list[str]]) -> list[str]:
        try:
            header = [name.strip().lower() for name in next(reader)]
        except StopIteration:
            raise Refused("The file is empty.") from None
        except csv.Error as error:
            raise Refused(f"Line 1: the quotes don't fit ({error}).") from None
        if byte := stray_byte("".join(header)):
            raise Refused(f"Line 1: byte {byte} is not UTF-8. Save the file as CSV in UTF-8.")
        counted, known = Counter(header), [*self._columns, *self._optional]
        problems = {
            "Missing": [name for name in self._columns if name not in counted],
            "Unknown": [name for name in counted if name not in known],
            "Repeated": [name for name, count in counted.items() if count > 1],
        }
        reasons = [
            f"{problem} column{'s' if len(names) > 1 else ''} in line 1: "
            + ", ".join(printable(name) or '""' for name in names)
            for problem, names in problems.items()
            if names
        ]
        if reasons:
            raise WrongHeader(reasons, known)
        return header


class _Fingerprinted(io.RawIOBase):
    """A file that keeps the SHA-256 of what is read from it and tells how much that was."""

    def __init__(self, raw: IO[bytes], on_read: Callable[[int], object]) -> None:
        self._raw = raw
        self._on_read = on_read
        self.digest = hashlib.sha256()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count: int = self._raw.readinto(buffer)  # type: ignore[attr-defined]
        self.digest.update(buffer[:count])
        self._on_read(count)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb", buffering=0)
    except FileNotFoundError:
        raise Refused(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise Refused(f"{path} is a folder, not a file.") from None
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from None
    except ValueError:
        raise Refused("That is no name of a file.") from None


def _printable_character(character: str) -> str:
    if character.isprintable():
        return character
    if unicodedata.category(character) == "Cs":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode()
