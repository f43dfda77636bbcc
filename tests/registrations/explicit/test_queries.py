"""How many queries the pages of explicit years take: exactly so many, whatever the number of
contacts. See tests.registrations.counting."""

import pytest

from registrations.models import Registration
from tests.registrations.counting import add_contacts, takes
from tests.registrations.year_pages import CONTACT, YearPages


@pytest.fixture(params=[1, 50])
def many(enrolled: YearPages, request: pytest.FixtureRequest) -> YearPages:
    """Registered for the CMS Web Interface, with so many contacts."""
    add_contacts(enrolled.registration, request.param - 1)
    return enrolled


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("size/", 5),
        ("information/", 5),
        ("contacts/add/", 6),
        ("web-interface/", 8),
        ("cahps/", 8),
        ("web-interface/registered/", 7),
        ("web-interface/cancel/", 5),
    ],
)
def test_pages_take_as_many_queries_with_1_and_50_contacts(
    many: YearPages, where: str, number: int
) -> None:
    with takes(number):
        assert many.get(where).status_code == 200


def test_pages_of_a_contact_take_as_many_queries_with_1_and_50_contacts(many: YearPages) -> None:
    here = f"contacts/{many.contacts[0].pk}/"
    with takes(6):
        assert many.get(here).status_code == 200
    with takes(6):
        assert many.get(f"{here}delete/").status_code == 200


def test_writing_takes_as_many_queries_with_1_and_50_contacts(many: YearPages) -> None:
    many.open("information/").fill(city="Towson")
    with takes(16):
        assert many.send("information/").status_code == 302
    many.open("contacts/add/").fill(**CONTACT)
    if len(many.contacts) < 50:
        with takes(17):
            assert many.send("contacts/add/").status_code == 302


def test_registering_takes_as_many_queries_with_1_and_50_contacts(many: YearPages) -> None:
    many.open("cahps/")
    with takes(21):
        assert many.send("cahps/").status_code == 302
    with takes(12):
        assert many.send("cahps/").status_code == 302
    with takes(20):
        assert many.post("cahps/cancel/").status_code == 302
    with takes(21):
        assert many.post("cahps/register/").status_code == 302


def test_choosing_and_changing_the_size_takes_so_many_queries(pages: YearPages) -> None:
    pages.open("size/").fill(size="25-99")
    with takes(14):
        assert pages.send("size/").status_code == 302
    pages.open("size/").fill(size="100+", confirm="1")
    with takes(14):
        assert pages.send("size/").status_code == 302
    assert Registration.objects.get().size == "100+"
