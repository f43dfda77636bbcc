"""Requests that are received in time and done late, and what is stored."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import time_machine
from django.db import connection

from accounts.models import AuditEvent, Message
from registrations.models import Contact, Enrollment, Registration, RegistrationNumber


def stored() -> list[Any]:
    """Every row that registering can write; the audit also tells of what was refused."""
    models = (Registration, Enrollment, Contact, RegistrationNumber, Message)
    written = AuditEvent.objects.exclude(action="access.refused")
    querysets = [written, *(model.objects.all() for model in models)]
    return [list(queryset.order_by("pk").values()) for queryset in querysets]


@contextmanager
def slow(clock: time_machine.Traveller, until: datetime) -> Iterator[None]:
    """The work of a request takes until that moment: the clock moves on as something is stored."""

    def move(execute: Callable, sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        # The audit is written in every transaction, and with nothing else of the site's.
        if sql.startswith(f'INSERT INTO "{AuditEvent._meta.db_table}"'):
            clock.move_to(until)
        return result

    with connection.execute_wrapper(move):
        yield
