"""Reading changes nothing, and nothing is changed without a token."""

import pytest
from django.http import HttpResponse

from tests.access.rows import PERSONS
from tests.access.world import URL_NAMES, World, dump, told


def body(answer: HttpResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def test_head_is_answered_like_get_and_neither_changes_anything(world: World) -> None:
    before = dump()
    for name in URL_NAMES:
        address = world.address(name)
        for person in PERSONS:
            client = world.client(person)
            get, head = client.get(address), client.head(address)
            assert get.status_code == head.status_code, f"{name}, {person}"
            assert get.get("Location") == head.get("Location"), f"{name}, {person}"
            assert body(head) == b""
            client.options(address)
            client.get(f"{address}?add=1&completed=1&q=x&page=2&status=complete")
    assert dump() == before


# --- Without a CSRF token -----------------------------------------------------------------------


@pytest.mark.parametrize("name", URL_NAMES)
def test_post_without_a_token_or_from_another_site_is_refused(world: World, name: str) -> None:
    before = dump()
    for person in ("official", "password", "anonymous"):
        for headers in ({}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
            client = world.client(person, enforce_csrf_checks=True)
            answer = client.post(world.address(name), headers=headers)
            assert answer.status_code in {302, 403}, f"{name}, {person}, {headers}"
            if answer.status_code == 302:
                assert person != "official"
                assert told(answer) in {"sign_in", "set_password"}
    assert dump() == before
