"""Pages and deeds take as many queries however many years, contacts and people there are."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import staff
from accounts.models import User
from organizations.models import Organization
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Contact, Offering
from registrations.years.changes import change_window
from registrations.years.window_moves import LOT, compose_moves
from tests.factories import (
    CLOSES_2022,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.enrolled import enroll
from tests.staff.pages import page_of

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]


def counted(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_organizations_page_with_many_years(offerings: Offerings, service_center: Client) -> None:
    practice = OrganizationFactory()
    few = counted(lambda: service_center.get(page_of(practice)))
    for year in range(2024, 2034):
        OfferingFactory(year=YearFactory(year=year))
    assert counted(lambda: service_center.get(page_of(practice))) == few


def test_registrations_page_with_many_contacts(
    offerings: Offerings, service_center: Client
) -> None:
    registration = enroll(OrganizationFactory(), offerings, [Product.CAHPS])
    row = registration.enrollments.get()
    few = counted(lambda: service_center.get(page_of(row)))
    Contact.objects.bulk_create(
        Contact(registration=registration, position=n, first_name=f"N{n}", changed_by="x")
        for n in range(2, 50)
    )
    assert counted(lambda: service_center.get(page_of(row))) == few


def tell(later: int, casey: User) -> int:
    """Move the close; how many queries it takes to tell a lot of people."""
    change_window(
        year=2022,
        product=Product.CAHPS,
        opens_at=None,
        closes_at=CLOSES_2022 + timedelta(days=later),
        actor=staff(casey, "Outage"),
        received_at=clock.now(),
    )
    return counted(lambda: compose_moves(at=clock.now()))


def with_officials(practice: Organization, number: int) -> None:
    people = User.objects.bulk_create(
        User(user_id=f"official.{practice.pk}.{n}", email=f"{n}.{practice.pk}@example.org")
        for n in range(number)
    )
    RoleFactory._meta.model.objects.bulk_create(
        RoleFactory.build(user=user, organization=practice) for user in people
    )


def test_telling_a_lot_takes_as_many_queries_as_telling_one(
    offerings: Offerings, casey: User
) -> None:
    practice = OrganizationFactory()
    enroll(practice, offerings, [Product.CAHPS])
    RoleFactory(user=UserFactory(), organization=practice)
    one = tell(1, casey)
    with_officials(practice, LOT - 2)
    assert tell(2, casey) - one <= 12  # inserts, which SQLite takes in parts
