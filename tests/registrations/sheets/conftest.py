"""An official with one practice, who uploads sheets."""

from collections.abc import Callable

import pytest

from accounts.models import User
from registrations.models import Offering


@pytest.fixture
def client(june: object, offering: Offering, jane: User, practice: object, sign_in: Callable):
    return sign_in(jane)
