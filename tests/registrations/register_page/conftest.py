"""The register page as its script uses it."""

import pytest

from tests.registrations.conftest import RegisterPage, Script


@pytest.fixture
def script(complete_page: RegisterPage) -> Script:
    """At the page of a complete registration."""
    return Script(complete_page)
