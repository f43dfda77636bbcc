"""An official with many practices."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import Offering, Registration
from tests.registrations.many_pages import ALEX, PAT, practices, registered


@pytest.fixture
def client(june: object, offering: Offering, jane: User, sign_in: Callable) -> Client:
    return sign_in(jane)


@pytest.fixture
def six(client: Client, jane: User) -> list[Organization]:
    """Practices of hers, nothing begun."""
    return practices(jane, 6)


@pytest.fixture
def three(client: Client, jane: User, offering: Offering) -> list[Registration]:
    """Registrations of Pat, of Pat and Alex, and of nobody."""
    made = practices(jane, 3)
    return [
        registered(jane, made[0], offering, PAT),
        registered(jane, made[1], offering, PAT, ALEX),
        registered(jane, made[2], offering),
    ]
