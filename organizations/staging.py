"""The SQL of loading the directory: a temporary table, and what is done from it.

Hand-written because it has to work for a million rows in constant memory. The statements are the
same on both databases; only filling and locking differ. The table is filled before the transaction
that writes begins, so that nobody waits while a file is read.
"""
# ruff: noqa: S608 - only names that stand in this module are put into the statements.

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from organizations.directory_rows import DirectoryRow
from organizations.models import Organization
from qpp_registration.csv_file import RowRefusal

BATCH = 1_000  # rows handed to SQLite at once

_OF_ORGANIZATION = ("name", "search_name", "address1", "address2", "city", "state", "zip_code")
_OF_PARTICIPATION = ("size", "shared_savings_program", "approved")
_COLUMNS = ("line", "id", "kind", "identifier", *_OF_ORGANIZATION, *_OF_PARTICIPATION)


def _list(alias: str, columns: Sequence[str]) -> str:
    return ", ".join(f"{alias}.{column}" for column in columns)


def _set(columns: Sequence[str]) -> str:
    return ", ".join(f"{column} = s.{column}" for column in columns)


def _differ(alias: str, columns: Sequence[str]) -> str:
    return f"({_list(alias, columns)}) <> ({_list('s', columns)})"


# Column types are those of the real tables.
_CREATE = f"""
    CREATE TEMPORARY TABLE directory_staging AS
    SELECT 0 AS line, {_list("o", ("id", "kind", "identifier", *_OF_ORGANIZATION))},
           {_list("p", _OF_PARTICIPATION)}
    FROM organizations_organization o, organizations_participation p WHERE 1 = 0
"""
_DROP = "DROP TABLE IF EXISTS directory_staging"

_FIRST_LINES = """
    (SELECT kind, identifier, MIN(line) AS line FROM directory_staging
     GROUP BY kind, identifier HAVING COUNT(*) > 1)
"""
_DUPLICATES = f"""
    SELECT s.line, first.line, s.identifier
    FROM directory_staging s
    JOIN {_FIRST_LINES} first ON first.kind = s.kind AND first.identifier = s.identifier
    WHERE s.line > first.line
    ORDER BY s.line
"""
_DROP_DUPLICATES = f"""
    DELETE FROM directory_staging
    WHERE line IN (SELECT duplicate.line FROM
        (SELECT s.line FROM directory_staging s
         JOIN {_FIRST_LINES} first ON first.kind = s.kind AND first.identifier = s.identifier
         WHERE s.line > first.line) duplicate)
"""

_SAME_ORGANIZATION = "o.kind = s.kind AND o.identifier = s.identifier"
_ITS_PARTICIPATION = "p.organization_id = o.id AND p.performance_year = %s"
_COUNTS = f"""
    SELECT COUNT(*) FILTER (WHERE o.id IS NULL),
           COUNT(*) FILTER (WHERE o.id IS NOT NULL AND (p.id IS NULL
               OR {_differ("o", _OF_ORGANIZATION)} OR {_differ("p", _OF_PARTICIPATION)})),
           COUNT(*)
    FROM directory_staging s
    LEFT JOIN organizations_organization o ON {_SAME_ORGANIZATION}
    LEFT JOIN organizations_participation p ON {_ITS_PARTICIPATION}
"""
_UPDATE_ORGANIZATIONS = f"""
    UPDATE organizations_organization AS o SET {_set(_OF_ORGANIZATION)}
    FROM directory_staging s
    WHERE {_SAME_ORGANIZATION} AND {_differ("o", _OF_ORGANIZATION)}
"""
_INSERT_ORGANIZATIONS = f"""
    INSERT INTO organizations_organization
        (id, kind, identifier, {", ".join(_OF_ORGANIZATION)}, created_at)
    SELECT {_list("s", ("id", "kind", "identifier", *_OF_ORGANIZATION))}, %s
    FROM directory_staging s
    LEFT JOIN organizations_organization o ON {_SAME_ORGANIZATION}
    WHERE o.id IS NULL
"""
_UPDATE_PARTICIPATIONS = f"""
    UPDATE organizations_participation AS p SET {_set(_OF_PARTICIPATION)}
    FROM directory_staging s JOIN organizations_organization o ON {_SAME_ORGANIZATION}
    WHERE {_ITS_PARTICIPATION} AND {_differ("p", _OF_PARTICIPATION)}
"""
_INSERT_PARTICIPATIONS = f"""
    INSERT INTO organizations_participation
        (organization_id, performance_year, {", ".join(_OF_PARTICIPATION)})
    SELECT o.id, %s, {_list("s", _OF_PARTICIPATION)}
    FROM directory_staging s JOIN organizations_organization o ON {_SAME_ORGANIZATION}
    LEFT JOIN organizations_participation p ON {_ITS_PARTICIPATION}
    WHERE p.id IS NULL
"""


class Counts(NamedTuple):
    """What writing the staged rows does to the directory."""

    created: int
    changed: int
    unchanged: int


@contextmanager
def staging_table() -> Iterator[None]:
    """Have an empty staging table of this database session."""
    _execute(_DROP)
    _execute(_CREATE)
    try:
        yield
    finally:
        _execute(_DROP)


def fill(rows: Iterable[tuple[int, DirectoryRow]]) -> None:
    """Put rows with their line numbers into the staging table, as they come."""
    values = (
        # The hexadecimal key is what SQLite stores and what PostgreSQL understands.
        (line, uuid4().hex, row[0], row[1], row[2], row.search_name, *row[3:])
        for line, row in rows
    )
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, values)
        else:
            _insert(cursor, values)
        cursor.execute("ANALYZE directory_staging")


def duplicates(limit: int) -> tuple[int, list[RowRefusal]]:
    """How many rows repeat an earlier one, and the first of them. Takes them out of the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_DUPLICATES} LIMIT {int(limit)}")
        first = [
            RowRefusal(line, "identifier", identifier, f"Line {first_line} has it already.")
            for line, first_line, identifier in cursor.fetchall()
        ]
        if not first:
            return 0, []
        cursor.execute(_DROP_DUPLICATES)
        return cursor.rowcount, first


def counts(year: int) -> Counts:
    """What writing would do to the directory as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [year])
        created, changed, total = cursor.fetchone()
    return Counts(created, changed, total - created - changed)


def write(year: int, *, loaded_at: datetime) -> Counts:
    """Bring the directory to what is staged. Rows that don't change are not touched.

    Call it inside a transaction. Another load waits for its end.
    """
    if connection.vendor == "postgresql":
        # Nobody else writes the directory meanwhile; reading and registering go on.
        _execute("LOCK TABLE organizations_organization IN SHARE ROW EXCLUSIVE MODE")
    counted = counts(year)
    _execute(_UPDATE_ORGANIZATIONS)
    created_at = Organization._meta.get_field("created_at")
    _execute(_INSERT_ORGANIZATIONS, [created_at.get_db_prep_save(loaded_at, connection)])
    _execute(_UPDATE_PARTICIPATIONS, [year])
    _execute(_INSERT_PARTICIPATIONS, [year, year])
    return counted


def _execute(sql: str, parameters: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _copy(cursor: CursorWrapper, values: Iterable[tuple[Any, ...]]) -> None:
    sql = f"COPY directory_staging ({', '.join(_COLUMNS)}) FROM STDIN"
    with transaction.atomic(), cursor.copy(sql) as copy:
        for row in values:
            copy.write_row(row)


def _insert(cursor: CursorWrapper, values: Iterable[tuple[Any, ...]]) -> None:
    marks = ", ".join(["%s"] * len(_COLUMNS))
    sql = f"INSERT INTO directory_staging ({', '.join(_COLUMNS)}) VALUES ({marks})"
    values = iter(values)
    with _temporary_transaction(cursor):
        while batch := list(islice(values, BATCH)):
            cursor.executemany(sql, batch)


@contextmanager
def _temporary_transaction(cursor: CursorWrapper) -> Iterator[None]:
    """A transaction of SQLite that doesn't lock the database, for writing temporary tables only."""
    cursor.execute("SAVEPOINT filling")
    try:
        yield
    except BaseException:
        cursor.execute("ROLLBACK TO SAVEPOINT filling")
        raise
    finally:
        cursor.execute("RELEASE SAVEPOINT filling")
