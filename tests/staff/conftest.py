"""The staff site with somebody of each group."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.policy.rights import StaffGroup
from registrations.enums import Product
from registrations.models import Offering
from tests.factories import UserFactory, explicit_year

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def nothing_was_counted() -> None:
    """Figures of a season are kept for a minute."""
    cache.clear()


@pytest.fixture
def offerings(june_2022: object, db: None) -> dict[Product, Offering]:
    """Both offerings of 2022, in the open window."""
    return explicit_year()


@pytest.fixture
def casey(db: None) -> User:
    """A member of staff in the Service Center."""
    return UserFactory(
        first_name="Casey", last_name="Moreau", staff_group=StaffGroup.SERVICE_CENTER
    )


@pytest.fixture
def service_center(casey: User, sign_in: SignIn) -> Client:
    return sign_in(casey)


@pytest.fixture
def reader(sign_in: SignIn, db: None) -> Client:
    return sign_in(UserFactory(staff_group=StaffGroup.READER))


@pytest.fixture
def manager(sign_in: SignIn, db: None) -> Client:
    """A Program manager."""
    return sign_in(UserFactory(staff_group=StaffGroup.PROGRAM_MANAGER))


@pytest.fixture
def administrator(sign_in: SignIn, db: None) -> Client:
    return sign_in(UserFactory(staff_group=StaffGroup.ADMINISTRATOR))


@pytest.fixture
def jane(db: None) -> User:
    """A Security Official."""
    return UserFactory(user_id="jane.doe", first_name="Jane", last_name="Doe")
