"""Who gets what at every address: each URL, method and person against one table.

And reading changes nothing, whoever reads.
"""

import pytest
from django.http import HttpResponse

from tests.access.rows import CLOSED, PERSONS, READS, WRITES
from tests.access.table import TABLE
from tests.access.world import URL_NAMES, World, dump, told, undone


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
    before = dump()
    wrong = []
    for person in PERSONS:
        client = world.client(person)
        answers = {method: client.generic(method, address) for method in READS}
        assert_head_is_like_get(answers["HEAD"], answers["GET"])
        client.get(f"{address}?add=1&completed=1&q=x&page=2&status=complete")
        for method in WRITES:
            with undone():
                answers[method] = world.client(person).generic(method, address)
        for method, answer in answers.items():
            if (got := told(answer)) != (wanted := expected(name, method, person)):
                wrong.append(f"{method} {name} for {person}: {got} instead of {wanted}")
    assert not wrong, "\n".join(wrong)
    assert dump() == before


def assert_head_is_like_get(head: HttpResponse, get: HttpResponse) -> None:
    assert head.status_code == get.status_code
    assert head.get("Location") == get.get("Location")
    assert not (b"".join(head) if head.streaming else head.content)
