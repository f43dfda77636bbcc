"""The files of a roster: composed from one query, kept in pieces, read back piece by piece."""

import csv
import hashlib
import io
import itertools
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import IO, Any

from qpp_registration.spreadsheet import BYTE_ORDER_MARK, csv_lines, plain_cell
from registrations.enums import RosterTable
from registrations.exports.contents import (
    CONTACT_COLUMNS,
    LOT,
    REGISTRATION_COLUMNS,
    Registered,
    contact_rows,
    read,
    registration_rows,
)
from registrations.models import FinalRoster, Offering, RosterFile, RosterPiece
from registrations.rosters.changes import Entry
from registrations.rosters.rows import roster_of

PIECE = 1 << 18  # bytes
_NUMBER = itemgetter(REGISTRATION_COLUMNS.index("registration_id"))


@dataclass(kw_only=True)
class Draft:
    """A file of a roster while it is composed: on disk, with its fingerprint."""

    table: RosterTable
    file: IO[bytes]
    rows: int = 0
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    @property
    def sha256(self) -> str:
        """The fingerprint of what was added so far."""
        return str(self.digest.hexdigest())

    def add(self, text: str, rows: int) -> None:
        """Append finished lines."""
        content = text.encode()
        self.rows, self.size = self.rows + rows, self.size + len(content)
        self.digest.update(content)
        self.file.write(content)

    def pieces(self) -> Iterator[bytes]:
        """The file from its beginning."""
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece


@dataclass(frozen=True, kw_only=True)
class Composed:
    """The files of a roster, and how many registrations are in them by kind, size and origin."""

    drafts: Sequence[Draft]
    counts: Mapping[str, Counter[str]]


@contextmanager
def composed(offering: Offering) -> Iterator[Composed]:
    """The roster as the database has it now: one query, so one moment."""
    counts: dict[str, Counter[str]] = {"kind": Counter(), "size": Counter(), "origin": Counter()}
    with ExitStack() as files:
        drafts = [
            Draft(table=table, file=files.enter_context(tempfile.TemporaryFile()))
            for table in RosterTable
        ]
        registrations, contacts = drafts
        registrations.add(BYTE_ORDER_MARK + csv_lines([REGISTRATION_COLUMNS]), rows=0)
        contacts.add(BYTE_ORDER_MARK + csv_lines([CONTACT_COLUMNS]), rows=0)
        found = read(roster_of(offering))
        while lot := list(itertools.islice(found, LOT)):
            for name, counted in counts.items():
                counted.update(str(getattr(row, name)) for row in lot)
            _add(registrations, registration_rows(lot))
            _add(contacts, contact_rows(lot))
        yield Composed(drafts=drafts, counts=counts)


def store(roster: FinalRoster, draft: Draft) -> None:
    """Keep a composed file with its roster. Call it in the transaction that makes the roster."""
    file = RosterFile.objects.create(
        roster=roster, table=draft.table, rows=draft.rows, size=draft.size, sha256=draft.sha256
    )
    for place, piece in enumerate(draft.pieces()):
        RosterPiece.objects.create(file=file, place=place, content=piece)


def stored_pieces(file: RosterFile) -> Iterator[bytes]:
    """A kept file, bit for bit, a piece at a time."""
    pieces = RosterPiece.objects.filter(file=file)
    for place in itertools.count():
        found = pieces.filter(place=place).values_list("content", flat=True).first()
        if found is None:
            return
        yield bytes(found)


def entries_in(registrations: Iterable[bytes], contacts: Iterable[bytes]) -> Iterator[Entry]:
    """What the two files of a roster hold, registration by registration."""
    of_contacts = groupby(_rows(contacts), _NUMBER)
    waiting = next(of_contacts, None)
    for row in _rows(registrations):
        cells = [row]
        if waiting and waiting[0] == _NUMBER(row):
            cells.extend(waiting[1])
            waiting = next(of_contacts, None)
        yield Entry(_as_number(_NUMBER(row)), tuple(cells))


def entries_now(offering: Offering) -> Iterator[Entry]:
    """What a roster that is made now would hold."""
    for registered in read(roster_of(offering)):
        yield _entry(registered)


def _entry(registered: Registered) -> Entry:
    cells = [*registration_rows([registered]), *contact_rows([registered])]
    return Entry(registered.number or 0, tuple(tuple(row) for row in cells))


def _add(draft: Draft, rows: Iterable[Any]) -> None:
    lot = list(rows)
    draft.add(csv_lines(lot), rows=len(lot))


def _rows(pieces: Iterable[bytes]) -> Iterator[tuple[str, ...]]:
    text = io.TextIOWrapper(io.BufferedReader(_Joined(pieces)), encoding="utf-8-sig", newline="")
    rows = csv.reader(text)
    next(rows, None)
    for row in rows:
        yield tuple(map(plain_cell, row))


def _as_number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


class _Joined(io.RawIOBase):
    """Pieces as one file to read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)
