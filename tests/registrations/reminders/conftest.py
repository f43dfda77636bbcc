"""A practice whose registration was begun and left in June."""

from typing import Any

import pytest

from accounts.models import User
from organizations.models import Organization
from registrations.models import Offering, Registration
from tests.registrations.reminder_steps import started


@pytest.fixture(autouse=True)
def window(offering: Offering) -> Offering:
    """2023's, for every test."""
    return offering


@pytest.fixture(autouse=True)
def _in_june(june: Any) -> None:
    """Registrations are made in June; runs say themselves when they are."""


@pytest.fixture
def incomplete(jane: User, practice: Organization, offering: Offering) -> Registration:
    """Jane's practice, begun and left."""
    return started(jane, practice, offering)
