"""The database itself refuses to change or remove audit events and their seals, whoever asks.

A migration that makes Django rebuild one of the tables on SQLite drops its triggers: end it with
`install(schema_editor.connection)`.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

EVENTS, SEALS = "accounts_auditevent", "accounts_auditseal"
TABLES = (EVENTS, SEALS)
REFUSAL = "Audit events are never changed or removed."

_SQLITE_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$
"""
_POSTGRESQL_TRIGGER = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()
"""

INSTALL = {
    "sqlite": [
        _SQLITE_TRIGGER.replace("{verb}", "update"),
        _SQLITE_TRIGGER.replace("{verb}", "delete"),
    ],
    "postgresql": [
        _POSTGRESQL_FUNCTION,
        "DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        _POSTGRESQL_TRIGGER,
    ],
}
REMOVE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {{table}}_no_{verb}" for verb in ("update", "delete")],
    "postgresql": [
        "DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        "DROP FUNCTION IF EXISTS {table}_refuse()",
    ],
}


def install(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Refuse UPDATE and DELETE (on PostgreSQL TRUNCATE too) from now on. May be repeated.

    Without `tables` it is for both.
    """
    _run(connection, INSTALL, tables or TABLES)


def remove(connection: BaseDatabaseWrapper, *tables: str) -> None:
    """Take the refusal away: for undoing the migration and for emptying test databases."""
    _run(connection, REMOVE, tables or TABLES)


def _run(
    connection: BaseDatabaseWrapper, statements: dict[str, list[str]], tables: tuple[str, ...]
) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            for statement in statements[connection.vendor]:
                cursor.execute(statement.format(table=table, refusal=REFUSAL))
