"""Columns of which a list's file is made: each says which fields it reads, and what it shows.

Nothing else is read, so that a text which is in no column can't get into a file.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Choices, QuerySet

from accounts.exports.files import Table
from accounts.policy.rights import Right
from qpp_registration.clock import EASTERN

NOT_SHOWN = "not shown"  # to whom lacks the column's right
LOT = 2_000
_TO_THE_SECOND = len("2023-06-30T20:00:00")


def plain(value: object) -> str:
    """A value as a cell; blank for none."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a list's file.

    `fields` are read from the row or from what belongs to it (`organization__name`), `cell` makes
    a text of their values. `right`: who lacks it gets the column without its values.
    """

    name: str
    fields: Sequence[str]
    cell: Callable[..., str] = plain
    right: Right | None = None


def column(
    name: str, *fields: str, cell: Callable[..., str] = plain, right: Right | None = None
) -> Column:
    """A column of the field that has its name, unless others are given."""
    return Column(name=name, fields=fields or (name,), cell=cell, right=right)


def times(name: str, field: str) -> tuple[Column, Column]:
    """Two columns of a time, in UTC and on Eastern clocks."""
    return (
        column(f"{name}_utc", field, cell=lambda at: utc_and_eastern(at)[0]),
        column(f"{name}_eastern", field, cell=lambda at: utc_and_eastern(at)[1]),
    )


def label_of(choices: type[Choices]) -> Callable[[Any], str]:
    """What the pages call a choice."""
    labels = {value: str(label) for value, label in choices.choices}
    return lambda value: labels.get(value, plain(value))


def full_name(first: str | None, last: str | None) -> str:
    """A person's name; blank for nobody."""
    return f"{first or ''} {last or ''}".strip()


def utc_and_eastern(at: datetime | None) -> tuple[str, str]:
    """A time in UTC (ISO 8601), and on Eastern clocks so that it sorts; blank for none."""
    if at is None:
        return "", ""
    utc = at.astimezone(UTC).isoformat(timespec="seconds")
    eastern = at.astimezone(EASTERN).isoformat(" ", timespec="seconds")
    return f"{utc[:_TO_THE_SECOND]}Z", f"{eastern[:_TO_THE_SECOND]} ET"


def table_of(
    name: str,
    columns: Iterable[Column],
    *,
    schema_version: str,
    has: Callable[[Right], bool],
) -> Table:
    """The table that somebody gets of a list. `has`: which rights the person has."""
    shown = [one if one.right is None or has(one.right) else _hidden(one) for one in columns]
    return Table(
        name=name,
        schema_version=schema_version,
        columns=("schema_version", *(one.name for one in shown)),
        rows=lambda found: _rows(found, shown, schema_version),
    )


def _hidden(one: Column) -> Column:
    return Column(name=one.name, fields=(), cell=lambda: NOT_SHOWN)


def _rows(
    found: QuerySet[Any], columns: Sequence[Column], schema_version: str
) -> Iterator[Sequence[str]]:
    """The cells of all rows in their order: one query, of the columns' fields only."""
    fields = list(dict.fromkeys(["pk", *(field for one in columns for field in one.fields)]))
    places = [(one.cell, [fields.index(field) for field in one.fields]) for one in columns]
    for row in found.values_list(*fields).iterator(chunk_size=LOT):
        yield (schema_version, *(cell(*(row[place] for place in at)) for cell, at in places))
