"""Nothing is changed without a token."""

import pytest

from tests.access.world import URL_NAMES, World, dump, told


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
