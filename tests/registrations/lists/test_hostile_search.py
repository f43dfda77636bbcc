"""Searches and addresses of the list that nobody means: told at their field, or a plain list."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from tests.factories import ApmEntityFactory, RoleFactory, VirtualGroupFactory
from tests.registrations.answers import SCRIPT, message_beside, text, value_of

LIST = "/registration/2023/cahps/practices/"


@pytest.fixture
def client(june: object, offering: object, practice: Organization, sign_in: Callable) -> Client:
    return sign_in(User.objects.get(user_id="jane.doe"))


@pytest.mark.parametrize(
    "typed", ["x" * 101, "x" * 50_000, "Better\0", "Bet\nter", "Bet\u2028ter", "\u202eretteB"]
)
def test_bad_search_is_told_at_its_field_and_kept(client: Client, typed: str) -> None:
    answer = client.post(f"{LIST}search/", {"text": typed})
    assert answer.status_code == 422
    assert message_beside(answer, "text")
    assert value_of(answer, "text") == typed
    assert "Better Business Health" in text(answer), "the list is still there"


@pytest.mark.parametrize("status", ["finished", "automatic", "not_possible", "\0", SCRIPT])
def test_unknown_status_is_told_in_a_search_and_ignored_in_an_address(
    client: Client, status: str
) -> None:
    assert client.post(f"{LIST}search/", {"status": status}).status_code == 422
    answer = client.get(LIST, {"status": status})
    assert answer.status_code == 200
    assert "Better Business Health" in text(answer)


@pytest.mark.parametrize(
    "query",
    [
        {"page": page}
        for page in ("0", "-1", "9" * 30, "1e9", "٣", "\0", "last", "1.5", "9" * 5000, SCRIPT)
    ]
    + [
        {"organization": text}
        for text in ("1", "\0", "{}", "g" * 32, "urn:uuid:", SCRIPT, "٣" * 32)
    ]
    + [{"q": text} for text in ("\0", " ", "\u2028")],
)
def test_odd_addresses_of_the_list_show_a_list(client: Client, query: dict[str, str]) -> None:
    assert client.get(LIST, query).status_code == 200
    assert "Traceback" not in text(client.get(LIST, query))


def test_very_long_search_in_an_address_finds_nothing_and_shows_a_list(client: Client) -> None:
    answer = client.get(LIST, {"q": "x" * 5000})
    assert answer.status_code == 200
    assert "None of your Practices match." in text(answer)


@pytest.mark.parametrize("wildcard", ["%", "_", "\\", "%_%"])
def test_wildcards_of_the_database_are_plain_characters(client: Client, wildcard: str) -> None:
    assert "None of your Practices match." in text(client.get(LIST, {"q": wildcard}))


@pytest.mark.parametrize("year", ["1", "0", "2022", "9999", "99999", "9" * 19, "9" * 40])
def test_impossible_year_is_not_found(client: Client, practice: Organization, year: str) -> None:
    address = f"/registration/{year}/cahps/"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}practices/").status_code == 404
    assert client.post(f"{address}practices/search/").status_code == 404
    assert client.post(f"{address}organizations/{practice.pk}/start/").status_code == 404


TIN_TYPED = [
    "00-0765630",
    "000765630",
    " 00 0765630 ",
    "00–0765630",
    "00—0765630",
    "00‑0765630",
    "00.0765630",
    "00/0765630",
    "TIN 00-0765630",
    "TIN: 000765630",
    "#000765630",
    "００-０７６５６３０",
    "00-0765630 Better",
    "99-9999999",
]


@pytest.mark.parametrize("tab", ["practices", "virtual-groups", "apm-entities"])
def test_tin_typed_into_the_search_is_never_in_an_address(client: Client, tab: str) -> None:
    jane = User.objects.get(user_id="jane.doe")
    RoleFactory(user=jane, organization=VirtualGroupFactory())
    RoleFactory(user=jane, organization=ApmEntityFactory())
    for typed in TIN_TYPED:
        answer = client.post(f"/registration/2023/cahps/{tab}/search/", {"text": typed})
        location = unquote(answer.get("Location", ""))
        assert sum(character.isdigit() for character in location.partition("?q=")[2]) < 9
        if answer.status_code != 302:
            assert message_beside(answer, "text")
            assert value_of(answer, "text") == typed


def test_tin_is_found_however_it_is_written(client: Client, practice: Organization) -> None:
    for typed in TIN_TYPED[:-1]:
        answer = client.post(f"{LIST}search/", {"text": typed})
        assert answer.url == f"{LIST}?organization={practice.pk}"
