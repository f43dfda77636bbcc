"""Statements whose SQL is the same each time: what every request asks, and every save.

Making SQL from a queryset takes Django several times as long as having it answered. Here two uses
differ in values only. Nothing that was read is kept: each use asks the database.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.models import Field, Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

Row = TypeVar("Row")


class Prepared(Generic[Row]):
    """A query with blanks, which each use fills.

    `make` gives the queryset and is called with something that stands for a value, by name, for
    each of `fields`, which say what kinds of values these are. For values that leave the SQL as it
    is: single ones and never None, to which nothing is equal.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Row]], **fields: Field) -> None:
        self._make, self._fields = make, fields
        self._of_thread = threading.local()  # as connections are, to which the SQL belongs

    def all(self, **values: Any) -> list[Row]:
        """The rows for these values, by the names of the blanks; one query."""
        sql: _Sql | None = getattr(self._of_thread, "sql", None)
        if sql is None or sql.connection is not connections[DEFAULT_DB_ALIAS]:
            blanks = {name: _Blank(name, field) for name, field in self._fields.items()}
            sql = self._of_thread.sql = _Sql(self._make(**blanks))
        return sql.rows(values)

    def first(self, **values: Any) -> Row | None:
        """The first row for these values; None when there is none."""
        return next(iter(self.all(**values)), None)


class _Blank(Value):
    """Stands in a query for a value that comes later."""

    def __init__(self, name: str, field: Field) -> None:
        super().__init__(name, output_field=field)

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        """A place in the SQL, and what is to be filled in there: itself."""
        return "%s", [self]


class _Sql:
    """The SQL of a queryset on one connection.

    Django's own compiler goes on to ask the database and to make objects of rows. Only what comes
    out the same each time, it is given.
    """

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        compiler = queryset.query.get_compiler(queryset.db)
        self.connection = compiler.connection
        self._queryset, self._compiler = queryset, compiler
        self._sql, self._parameters = compiler.as_sql()
        self._values: Mapping[str, Any] = {}
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        compiler.get_converters = lambda _columns: converters
        compiler.as_sql = self._filled
        queryset.query.get_compiler = self._get_compiler  # type: ignore[assignment]

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        """Ask the database. Raises TransactionManagementError for a lock without transaction."""
        if self._queryset.query.select_for_update and not self.connection.in_atomic_block:
            raise TransactionManagementError("A lock ends with its transaction, and there is none.")
        self._values = values
        rows: Iterable[Any] = self._queryset._iterable_class(self._queryset)  # type: ignore[assignment]
        return list(rows)

    def _get_compiler(self, using: str) -> SQLCompiler:
        return self._compiler

    def _filled(self) -> tuple[str, tuple[Any, ...]]:
        return self._sql, tuple(
            parameter.output_field.get_db_prep_value(self._values[parameter.value], self.connection)
            if isinstance(parameter, _Blank)
            else parameter
            for parameter in self._parameters
        )


class Update:
    """Stores the same fields of a row each time, as `save(update_fields=fields)` does."""

    def __init__(self, model: type[Model], *fields: str) -> None:
        self._table, self._key = model._meta.db_table, model._meta.pk
        self._fields: list[Any] = [model._meta.get_field(name) for name in fields]

    def save(self, row: Model) -> None:
        """Raises DatabaseError when the row isn't there any more."""
        sets = ", ".join(f"{_column(field)} = %s" for field in self._fields)
        table = connection.ops.quote_name(self._table)
        sql = f"UPDATE {table} SET {sets} WHERE {_column(self._key)} = %s"  # noqa: S608 - our names
        with connection.cursor() as cursor:
            cursor.execute(sql, _values(row, [*self._fields, self._key]))
            if not cursor.rowcount:
                raise DatabaseError("The row to update isn't there.")


class Insert:
    """Inserts a row, as `save(force_insert=True)` does, but without reading its new key."""

    def __init__(self, model: type[Model]) -> None:
        made, self._table = model._meta.auto_field, model._meta.db_table
        self._fields = [field for field in model._meta.concrete_fields if field is not made]

    def save(self, row: Model) -> None:
        """Insert it."""
        columns = ", ".join(map(_column, self._fields))
        places = ", ".join(["%s"] * len(self._fields))
        table = connection.ops.quote_name(self._table)
        sql = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 - our names
        with connection.cursor() as cursor:
            cursor.execute(sql, _values(row, self._fields))


def _column(field: Field) -> str:
    return connection.ops.quote_name(str(field.column))


def _values(row: Model, fields: Iterable[Field]) -> list[Any]:
    """What the fields of the row hold, as the database takes it."""
    return [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
