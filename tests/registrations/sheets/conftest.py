"""An official with one practice, who uploads sheets."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import Offering
from tests.factories import RoleFactory


@pytest.fixture
def client(june: object, offering: Offering, jane: User, practice: object, sign_in: Callable):
    return sign_in(jane)


@pytest.fixture
def other_official(client: Client, practice: Organization, sign_in: Callable) -> Client:
    """Another Security Official of the practice."""
    return sign_in(RoleFactory(organization=practice).user)
