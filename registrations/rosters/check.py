"""Checking a final roster: against its fingerprints, a file, and what the database holds now."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path

from qpp_registration.errors import Refused
from registrations.enums import RosterTable
from registrations.exports.contents import SCHEMA_VERSION
from registrations.models import FinalRoster, Offering, RosterFile
from registrations.rosters.changes import Change, changes
from registrations.rosters.files import entries_in, entries_now, stored_pieces

_CHUNK = 1 << 16


def roster_to_check(offering: Offering, number: int | None) -> FinalRoster:
    """That final roster, or the last one. Raises Refused where there is none."""
    found = offering.final_rosters.order_by("-number")
    roster = found.filter(number=number).first() if number else found.first()
    if roster is None:
        raise Refused(
            f"There is no final roster{f' {number}' if number else ''} of the {offering}."
        )
    return roster


def damaged_files(roster: FinalRoster) -> list[RosterFile]:
    """The kept files that aren't what was made."""
    return [
        file for file in files_of(roster).values() if _sha256(stored_pieces(file)) != file.sha256
    ]


def files_of(roster: FinalRoster) -> dict[str, RosterFile]:
    """The roster's files by table."""
    return {file.table: file for file in roster.files.all()}


def same_file(roster: FinalRoster, path: Path) -> RosterFile | None:
    """Which file of the roster the one at `path` is, bit for bit; None for neither."""
    found = _sha256(_read(path))
    return next((file for file in roster.files.all() if file.sha256 == found), None)


def first_difference(roster: FinalRoster, path: Path) -> int:
    """The first line at which the file at `path` isn't the one of the roster with that header."""
    lines = _lines(_read(path))
    header = next(lines, b"")
    for file in roster.files.all():
        kept = _lines(stored_pieces(file))
        if next(kept, b"") == header:
            for number, (one, other) in enumerate(zip_longest(lines, kept), start=2):
                if one != other:
                    return number
    return 1


def changes_since(roster: FinalRoster) -> Iterator[tuple[Change, int]]:
    """The registration IDs that a roster made now would hold otherwise, in order.

    Raises Refused for a roster of another schema version: its columns aren't today's.
    """
    if roster.schema_version != int(SCHEMA_VERSION):
        raise Refused(
            f"{roster} has schema version {roster.schema_version}, this release writes "
            f"{SCHEMA_VERSION}: it can't be compared with the database."
        )
    files = files_of(roster)
    kept = entries_in(*(stored_pieces(files[table]) for table in RosterTable))
    return changes(kept, entries_now(roster.offering))


def _read(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror}.") from None


def _sha256(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        yield rest
