"""What is left to do at each address of an organization whose registrations were cancelled."""

import pytest
from django.urls import get_resolver

from registrations.models import Enrollment, Registration
from tests.access.world import URL_NAMES, World, patterns, told, undone
from tests.factories import DURING

# What GET and POST give to the Security Official. A Staff User reads the same, and changes nothing:
# every 200, redirect or 422 of a POST is a 403 for them.
ROWS = {
    "start": "405 register",  # registering again
    "register": "200 403",
    "summary": "200 405",
    "summary_pdf": "200 405",
    "delete_registration": "200 list",  # doing it again changes nothing
    "delete_contact": "200 403",
    "copy_contacts": "200 403",
    "apply_contact": "200 403",
    # In an explicit year the details stay open until the close
    "size": "200 422",
    "information": "200 422",
    "confirm_details": "405 overview",
    "use_last_year": "405 overview",
    "add_contact": "200 404",
    "edit_contact": "200 422",
    "remove_contact": "200 overview",
    "register_page": "200 422",  # registering again
    "register_now": "405 register_page",
    "registered": "register_page 405",
    "cancel_registration": "cancelled cancelled",
    "cancelled": "200 405",
    "registration_history": "200 405",
}
NOT_ABOUT_A_REGISTRATION = {"connected_users", "hand_over", "organization_history"}
SHOWS_WHERE_TO_GO_ON = {"register_now"}  # changes nothing for anybody


def test_every_address_of_an_organization_has_a_row() -> None:
    keys = {"registration_id", "organization_id"}
    about = {p.name for p in patterns(get_resolver()) if keys & set(p.pattern.converters)}
    assert set(ROWS) == (about & set(URL_NAMES)) - NOT_ABOUT_A_REGISTRATION


@pytest.fixture
def cancelled(world: World) -> World:
    Enrollment.objects.filter(registration__organization=world.registered).update(
        status="cancelled", completed_at=None, cancelled_at=DURING
    )
    return world


@pytest.mark.parametrize("name", ROWS)
def test_cancelled_registration_gives_what_the_row_says(cancelled: World, name: str) -> None:
    pattern = next(found for found in patterns(get_resolver()) if found.name == name)
    mine = {"organization": cancelled.registered.pk}
    address = cancelled.address(
        name, **(mine if "organization_id" in pattern.pattern.converters else {})
    )
    get, post = ROWS[name].split()
    refused = post if post in {"404", "405"} or name in SHOWS_WHERE_TO_GO_ON else "403"
    if name == "add_contact":
        refused = "403"
    before = list(Registration.objects.order_by("pk").values())
    for person, rows in (("official", (get, post)), ("staff_user", (get, refused))):
        for method, wanted in zip(("GET", "POST"), rows, strict=True):
            with undone():
                answer = cancelled.client(person).generic(method, address)
                if person == "staff_user":
                    assert list(Registration.objects.order_by("pk").values()) == before
            assert told(answer) == wanted, f"{method} for {person}"
    assert told(cancelled.client("other").get(address)) in {"404", "405"}
