"""How many queries the lists of an explicit year take, whatever the number of organizations.

What counts, and the two of every signed-in page, are those of `tests.registrations.counting`.
"""

from collections.abc import Callable

import pytest
from django.test import Client

from registrations.enums import Product
from tests.factories import OrganizationFactory, UserFactory, explicit_year
from tests.registrations.counting import takes
from tests.registrations.enrolled import begun, enroll, give

OVERVIEW = "/registration/2022/overview/practices/"
Many = Callable[[int], Client]


@pytest.fixture
def many(june_2022: object, db: None, sign_in: Callable) -> Many:
    """A person with that many practices, of which a third each is registered for one, for both, and
    for nothing."""
    offerings = explicit_year()

    def make(number: int) -> Client:
        user = UserFactory(password="!")
        for place in range(number):
            organization = OrganizationFactory()
            give(user, organization)
            match place % 3:
                case 0:
                    enroll(organization, offerings, contacts=("Daniel", "Erin"))
                case 1:
                    enroll(organization, offerings, [Product.CAHPS])
                case _ if place % 2:
                    begun(organization, offerings)
        return sign_in(user)

    return make


@pytest.mark.parametrize("number", [1, 3, 150])
def test_overview_takes_5_queries_with_1_3_and_150_organizations(many: Many, number: int) -> None:
    client = many(number)
    for query in ("", "?page=2", "?page=999"):
        with takes(5):
            assert client.get(f"{OVERVIEW}{query}").status_code == 200
    for query in ("?q=practice", "?status=cahps"):
        with takes(6):
            assert client.get(f"{OVERVIEW}{query}").status_code == 200
