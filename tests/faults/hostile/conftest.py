"""A world with every kind of person and one with a row of everything, each made once."""

from collections.abc import Iterator

import pytest
import time_machine
from pytest_django.plugin import DjangoDbBlocker

from tests.access.world import World
from tests.conftest import kept_for_all_tests
from tests.factories import DURING, DURING_2022, OfferingFactory
from tests.faults.hostile.every_form import Place, of_staff, of_the_site
from tests.staff.world import StaffWorld


@pytest.fixture(scope="module")
def world_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Every kind of person, in June."""
    with kept_for_all_tests(django_db_blocker), time_machine.travel(DURING, tick=False):
        OfferingFactory()
        yield World()


@pytest.fixture
def world(world_once: World, june: object, db: None) -> World:
    """The same, for a test."""
    return world_once


@pytest.fixture(scope="module")
def forms_once(world_once: World) -> list[Place]:
    """Every form of the site."""
    with time_machine.travel(DURING, tick=False):
        return of_the_site(world_once)


@pytest.fixture
def site_forms(forms_once: list[Place], june: object, db: None) -> list[Place]:
    """The same, for a test."""
    return forms_once


@pytest.fixture(scope="module")
def staff_forms_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[Place]]:
    """Every form of the staff site, in June 2022."""
    with kept_for_all_tests(django_db_blocker), time_machine.travel(DURING_2022, tick=False):
        yield of_staff(StaffWorld())


@pytest.fixture
def staff_forms(staff_forms_once: list[Place], june_2022: object, db: None) -> list[Place]:
    """The same, for a test."""
    return staff_forms_once
