"""Statements whose best plan depends on their values, such as those of lists with filters."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def planned_for_values() -> Iterator[None]:
    """In here PostgreSQL plans each statement for the values that it comes with, and keeps no plan.

    Elsewhere a statement that comes again is prepared, and from the sixth time on its plan may be
    one for any values: it can use no index of some values only, and takes it that a third of all
    rows are newer than a moment, also where none is.
    """
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    driver = connection.connection
    usual, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = usual
