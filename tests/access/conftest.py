"""The world of these tests, which is made once for all of them."""

from collections.abc import Iterator

import pytest
import time_machine
from pytest_django.plugin import DjangoDbBlocker

from tests.access.world import World
from tests.conftest import kept_for_all_tests
from tests.factories import DURING, OfferingFactory


@pytest.fixture(scope="package")
def made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world in June."""
    with kept_for_all_tests(django_db_blocker), time_machine.travel(DURING, tick=False):
        OfferingFactory()
        yield World()


@pytest.fixture
def world(made_once: World, june: object, db: None) -> World:
    """As it was at first: tests change rows, never the world itself."""
    return made_once
