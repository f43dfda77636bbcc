"""Who gets what at every address: each URL, method and person against one table."""

import pytest

from tests.access.rows import CLOSED, METHODS, PERSONS
from tests.access.rows_accounts import ACCOUNTS
from tests.access.rows_registrations import REGISTRATIONS
from tests.access.world import URL_NAMES, World, told, undone

TABLE = {**REGISTRATIONS, **ACCOUNTS}


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert set(URL_NAMES) == set(TABLE)
    assert len(URL_NAMES) == len(set(URL_NAMES)), "two URLs share a name"


def expected(name: str, method: str, person: str) -> str:
    place = PERSONS.index(person)
    get, post = (row.split()[place] if " " in row else row for row in TABLE[name])
    if method in {"GET", "HEAD"}:
        return get
    if method == "POST":
        return post
    return "sign_in" if TABLE[name][0].startswith(CLOSED) and place < 2 else "405"


@pytest.mark.parametrize("name", URL_NAMES)
def test_everybody_gets_what_the_table_says(world: World, name: str) -> None:
    address = world.address(name)
    wrong = []
    for person in PERSONS:
        for method in METHODS:
            with undone():
                answer = world.client(person).generic(method, address)
            if (got := told(answer)) != (wanted := expected(name, method, person)):
                wrong.append(f"{method} {name} for {person}: {got} instead of {wanted}")
    assert not wrong, "\n".join(wrong)
