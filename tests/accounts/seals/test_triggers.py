"""The database itself refuses to change or remove audit events."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.actors import operations
from accounts.enums import AuditAction
from accounts.models import AuditEvent
from accounts.seals import triggers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def event():
    audit.record(AuditAction.SIGNED_OUT, actor=operations())
    return AuditEvent.objects.get()


def refused(sql, *values):
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


def test_update_is_refused(event):
    refused("UPDATE accounts_auditevent SET reason = %s", "another one")
    event.refresh_from_db()
    assert event.reason == ""


def test_delete_is_refused():
    refused("DELETE FROM accounts_auditevent")
    assert AuditEvent.objects.count() == 1


def test_model_is_refused_as_well(event):
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()


@pytest.mark.postgres
def test_truncate_is_refused():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite has no TRUNCATE")
    refused("TRUNCATE accounts_auditevent")


def test_installing_may_be_repeated_and_undone(event):
    triggers.install(connection)
    triggers.install(connection)
    triggers.remove(connection)
    event.delete()
    triggers.install(connection)
    audit.record(AuditAction.SIGNED_OUT, actor=operations())
    refused("DELETE FROM accounts_auditevent")


@pytest.mark.django_db(transaction=True)
def test_migration_is_reversible(event):
    call_command("migrate", "accounts", "0001", verbosity=0)
    event.delete()
    call_command("migrate", "accounts", verbosity=0)
    audit.record(AuditAction.SIGNED_OUT, actor=operations())
    refused("DELETE FROM accounts_auditevent")
