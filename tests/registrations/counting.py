"""Queries, counted, and contacts, on whose number they must not depend."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations.models import Contact, Registration
from tests.registrations.conftest import CONTACT

SIGNED_IN = 2  # of every signed-in page: the session, and the person with their device


def add_contacts(registration: Registration, number: int) -> None:
    """Store so many more complete contacts."""
    first = registration.contacts.count() + 1
    values = {**CONTACT, "phone": "2025550123"}
    Contact.objects.bulk_create(
        Contact(registration=registration, position=first + place, **values)
        for place in range(number)
    )


@contextmanager
def takes(number: int) -> Iterator[None]:
    """Exactly so many queries beside the two of every signed-in page.

    Beginning and ending a transaction isn't counted: in a test these are savepoints.
    """
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) - SIGNED_IN == number, "\n".join(asked)
