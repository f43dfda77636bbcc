"""A server with several processes, and organizations whose window is open now."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker

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
from tests.faults.own_database import OwnDatabase, folder_on_disk, own_database
from tests.server import Browser, Server, serving

PROCESSES = 4  # so that some answer while others are killed
NewBrowser = Callable[[User], Browser]
NewOfficial = Callable[[Organization], User]


@dataclass
class Site:
    """A server and its own database."""

    server: Server
    database: OwnDatabase

    def browser_of(self, user: User) -> Browser:
        """A browser in which the person is signed in, with the second factor."""
        return signed_in(self.server, user)


def signed_in(server: Server, user: User) -> Browser:
    """A browser with a session in which password and code were given."""
    browser = server.browser()
    browser.cookies["session"] = signed_in_session(user, clock.now())
    return browser


def open_window() -> Offering:
    """CAHPS in a year that completes by itself; its window began yesterday and lasts a week."""
    now = clock.now()
    return OfferingFactory(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7))


@pytest.fixture(scope="package")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site as it is."""
    with serving(tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture
def browser_of(transactional_db: None, server: Server) -> NewBrowser:
    """A browser in which the person is signed in, with the second factor."""
    return functools.partial(signed_in, server)


@contextmanager
def site_in(folder: Path, var_dir: Path, **environment: str) -> Iterator[Site]:
    """A site with a database of its own in the folder, to which the test talks as well.

    Its processes come from one that has read the program already, so that a new one is there at
    once where one was killed.
    """
    with (
        own_database(folder) as database,
        serving(
            var_dir,
            application="tests.faults.warm",
            processes=PROCESSES,
            GUNICORN_CMD_ARGS="--preload",
            **environment,
        ) as server,
    ):
        yield Site(server, database)
        server.kill()  # there is nothing to be finished


@pytest.fixture(scope="module")
def site_of_module(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """On a disk. `SITE` of the module is the server's environment."""
    environment = getattr(request.module, "SITE", {})
    var_dir = tmp_path_factory.mktemp("own")
    with (
        django_db_blocker.unblock(),
        folder_on_disk() as folder,
        site_in(folder, var_dir, **environment) as site,
    ):
        yield site


@pytest.fixture
def own_site(site_of_module: Site, transactional_db: None) -> Site:
    """The same, empty but for an open window."""
    open_window()
    return site_of_module


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
    return open_window()


@pytest.fixture
def open_2022(transactional_db: None) -> dict[Product, Offering]:
    """Both offerings of a year with *Register*, with the same window."""
    now = clock.now()
    return explicit_year(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=7))
