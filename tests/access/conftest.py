"""The world of these tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from registrations.models import (
    Offering,
)
from tests.access.world import World


@pytest.fixture
def world(june: object, offering: Offering, sign_in: Callable[[User], Client]) -> World:
    return World(sign_in)
