"""A server with several processes, and organizations whose window is open now."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from accounts.models import User
from organizations.models import Organization
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Offering
from tests.conftest import signed_in_session
from tests.factories import (
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)
from tests.server import Browser, Server, serving

NewBrowser = Callable[[User], Browser]
NewOfficial = Callable[[Organization], User]


@pytest.fixture(scope="package")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site as it is."""
    with serving(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture
def browser_of(transactional_db: None, server: Server) -> NewBrowser:
    """A browser in which the person is signed in, with the second factor."""

    def make(user: User) -> Browser:
        browser = server.browser()
        browser.cookies["session"] = signed_in_session(user, clock.now())
        return browser

    return make


@pytest.fixture
def new_official(transactional_db: None) -> NewOfficial:
    """Another Security Official of the organization."""

    def make(organization: Organization) -> User:
        user = UserFactory()
        RoleFactory(user=user, organization=organization)
        return user

    return make


@pytest.fixture
def practice(transactional_db: None) -> Organization:
    """A group without anybody."""
    return OrganizationFactory()


@pytest.fixture
def open_2023(transactional_db: None) -> Offering:
    """CAHPS in a year that completes by itself; its window began yesterday and lasts a week."""
    now = clock.now()
    return OfferingFactory(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7))


@pytest.fixture
def open_2022(transactional_db: None) -> dict[Product, Offering]:
    """Both offerings of a year with *Register*, with the same window."""
    now = clock.now()
    return explicit_year(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7))
