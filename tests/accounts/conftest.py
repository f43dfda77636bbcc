"""A practice with a Security Official, and somebody who isn't connected to it yet."""

import pytest

from accounts.models import User
from organizations.models import Organization
from tests.factories import OrganizationFactory, RoleFactory, UserFactory


@pytest.fixture
def jane(db: None) -> User:
    """A Security Official."""
    return UserFactory(user_id="jane.doe", first_name="Jane", last_name="Doe")


@pytest.fixture
def practice(jane: User) -> Organization:
    """Jane's practice."""
    organization = OrganizationFactory(name="Better Business Health", identifier="000765630")
    RoleFactory(user=jane, organization=organization)
    return organization


@pytest.fixture
def nell(db: None) -> User:
    """Somebody without a role."""
    return UserFactory(user_id="nell.abara", first_name="Nell", last_name="Abara")
