"""Taking turns: what counts tries must not be outrun by many at once."""

import hashlib

from django.db import connection


def one_at_a_time(key: str) -> None:
    """Wait until no other transaction works on the same key. Call it inside a transaction.

    Works for keys that stand for no row. SQLite lets one transaction write at a time anyway.
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
