"""Lists that staff takes away as files: audited once, and made in constant memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from qpp_registration.errors import Refused
from qpp_registration.spreadsheet import csv_text
from qpp_registration.workbook import Sheet, sha256_of, workbook_file

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LOT = 500
_KEY_BYTES = 16


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table that a list can be taken away as. `rows` reads the cells, in the list's order.

    `schema_version` stands in each row, and rises when columns or their meaning change.
    """

    name: str
    schema_version: str
    columns: Sequence[str]
    rows: Callable[[QuerySet[Any]], Iterable[Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Export:
    """A finished or growing file. `content` gives its pieces."""

    name: str
    content_type: str
    content: Iterable[str] | Iterable[bytes] | IO[bytes]


def export_csv(
    *,
    what: str,
    table: Table,
    found: QuerySet[Any],
    filters: Sequence[str],
    actor: Actor,
    received_at: datetime,
) -> Export:
    """One table of a list as CSV, which begins to flow at once.

    `what`: the list, in the file's name; `filters`: what narrows it, in words, for the audit. The
    hash of a file that isn't made yet is not known. Raises Refused without a reason.
    """
    name = file_name(what, table.name, "csv", received_at)
    record_export(
        name=name,
        schema_version=table.schema_version,
        rows=found.count(),
        filters=filters,
        actor=actor,
    )
    return Export(name=name, content_type=CSV, content=csv_text(table.columns, _rows(table, found)))


def export_xlsx(
    *,
    what: str,
    tables: Sequence[Table],
    found: QuerySet[Any],
    filters: Sequence[str],
    actor: Actor,
    received_at: datetime,
) -> Export:
    """All tables of a list as the sheets of a workbook, which is made as a whole first.

    Raises Refused without a reason, and where a sheet would have too many rows.
    """
    file = workbook_file(
        Sheet(name=table.name.capitalize(), header=table.columns, rows=_rows(table, found))
        for table in tables
    )
    name = file_name(what, "", "xlsx", received_at)
    record_export(
        name=name,
        schema_version=tables[0].schema_version,
        rows=found.count(),
        filters=filters,
        actor=actor,
        sha256=sha256_of(file),
    )
    return Export(name=name, content_type=XLSX, content=file)


def record_export(
    *,
    name: str,
    schema_version: str,
    rows: int,
    filters: Sequence[str],
    actor: Actor,
    sha256: str = "",
) -> None:
    """Leave the audit event of a file that leaves the system. Raises Refused without a reason."""
    if not actor.reason.strip():
        raise Refused("Give a reason.")
    known: dict[str, Any] = {"sha256": sha256} if sha256 else {}
    with transaction.atomic():
        audit.record(
            AuditAction.LIST_EXPORTED,
            actor=actor,
            file=name,
            format=name.rpartition(".")[2],
            schema_version=schema_version,
            rows=rows,
            filters=list(filters),
            **known,
        )


def file_name(what: str, table: str, ending: str, at: datetime) -> str:
    """What it is and when it was asked for; nobody's identifier or name."""
    parts = [part for part in (what, "" if table == what else table) if part]
    return f"{'-'.join(parts)}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ending}"


def _rows(table: Table, found: QuerySet[Any]) -> Iterator[Sequence[str]]:
    """All rows of the list's table.

    PostgreSQL keeps the result for whoever reads it slowly, and nobody waits for that. On SQLite
    an open cursor keeps others from writing: there the keys are read, and then lots of rows.
    """
    if connection.vendor != "sqlite":
        yield from table.rows(found)
        return
    for lot in _Keys(found).lots(LOT):
        yield from list(table.rows(found.filter(pk__in=lot)))


class _Keys:
    """The keys of all rows that a list has, packed: a million take 16 MB."""

    def __init__(self, found: QuerySet[Any]) -> None:
        self._packed = bytearray()
        self._are_uuids = False
        for key in found.values_list("pk", flat=True).iterator(chunk_size=2_000):
            self._are_uuids = isinstance(key, UUID)
            number = key.int if isinstance(key, UUID) else key
            self._packed += number.to_bytes(_KEY_BYTES, "big")

    def lots(self, size: int) -> Iterator[list[Any]]:
        """The keys in order, so many at a time."""
        step = size * _KEY_BYTES
        for start in range(0, len(self._packed), step):
            lot = self._packed[start : start + step]
            numbers = (
                int.from_bytes(lot[place : place + _KEY_BYTES], "big")
                for place in range(0, len(lot), _KEY_BYTES)
            )
            yield [UUID(int=number) if self._are_uuids else number for number in numbers]
