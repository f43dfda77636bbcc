"""How many queries the pages for many organizations take."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import Offering
from tests.registrations.counting import takes
from tests.registrations.many_pages import (
    MANY,
    PAT,
    PEOPLE,
    chosen_on_list,
    practices,
    registered,
    sent,
    sizes_filled,
)


@pytest.fixture
def client(june: object, offering: Offering, jane: User, sign_in: Callable) -> Client:
    return sign_in(jane)


@pytest.fixture(params=[1, 3, 150])
def made(client: Client, jane: User, offering: Offering, request: Any) -> list[Organization]:
    """So many practices, the first one started."""
    organizations = practices(jane, request.param)
    registered(jane, organizations[0], offering, size="")
    return organizations


def test_selecting_sizes_and_review_take_as_many_queries_with_1_3_and_150(
    client: Client, made: list[Organization]
) -> None:
    with takes(5):
        page = chosen_on_list(client, made)
    with takes(5):
        assert client.post(MANY, {"all": "1"}).status_code == 200
    values = sizes_filled(page)
    with takes(4):
        assert client.post(MANY, {**values, "set_all": "1"}).status_code == 200
    with takes(4):
        review = client.post(MANY, values)
    with takes(4):
        assert client.post(MANY, {**sent(review, "actions"), "change": "1"}).status_code == 200


def test_contact_pages_take_as_many_queries_with_1_3_and_150(
    client: Client, made: list[Organization], jane: User, offering: Offering
) -> None:
    running = [registered(jane, each, offering, PAT) for each in made]
    target = registered(jane, practices(jane, 1)[0], offering, PAT)
    here = f"/registrations/{target.pk}/cahps/contacts/"
    with takes(5):
        assert client.get(f"{here}copy/").status_code == 200
    with takes(7):
        assert client.get(f"{here}copy/?from={running[0].pk}").status_code == 200
    apply = f"{here}{target.contacts.get().pk}/apply/"
    with takes(5):
        page = client.get(apply)
    with takes(6):
        review = client.post(apply, {**sent(page, 'id="many"'), "page": "1"})
    assert review.status_code == 200
    with takes(3):
        page = client.post(PEOPLE, {"email": PAT["email"]})
    values = sent(page, 'id="change"') | {"new-email": ["pat@new.example.org"], "review": ["1"]}
    with takes(5):
        assert client.post(PEOPLE, values).status_code == 200
