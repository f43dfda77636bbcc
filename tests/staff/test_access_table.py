"""Who gets what on the staff site: each address, by GET and POST, for each kind of person.

The table names the lowest group of CMS staff that is let in. Staff with fewer rights are told so
(403), who isn't CMS staff finds nothing (404), and who gave no code is asked to sign in.
"""

import pytest
from django.contrib import admin
from django.http import HttpResponse

from tests.access.world import undone
from tests.staff.table import NOT_THERE, RANKS, READ_BY, TABLE
from tests.staff.world import NAMES, StaffWorld, label

pytestmark = pytest.mark.django_db
OTHERS = ("anonymous", "password", "official")  # no code, or no staff
ANYWHERE_ELSE = {"login", "logout", "password_change", "password_change_done", "app_list"}


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(NAMES) == set(TABLE) | ANYWHERE_ELSE
    assert set(READ_BY) == {label(model) for model in admin.site._registry}


def test_everybody_gets_what_the_table_says(june_2022: object) -> None:
    world, wrong = StaffWorld(), []
    for name, (get, post) in TABLE.items():
        address = world.address(name)
        for person in (*OTHERS, *RANKS):
            for method, lowest in (("GET", get), ("POST", post)):
                with undone():
                    answer = world.client(person).generic(method, address)
                if (got := _told(answer)) != (wanted := _wanted(person, lowest)):
                    wrong.append(f"{method} {name} for {person}: {got} instead of {wanted}")
    assert not wrong, "\n".join(wrong)


def _wanted(person: str, lowest: str) -> str:
    if person in {"anonymous", "password"}:
        return "sign in"
    if person == "official" or lowest == NOT_THERE:
        return "not there"
    if lowest in RANKS and RANKS.index(person) >= RANKS.index(lowest):
        return "let in"
    return "kept out"


def _told(answer: HttpResponse) -> str:
    if answer.get("Location", "").startswith("/sign-in/"):
        return "sign in"
    told = {200: "let in", 422: "let in", 403: "kept out", 405: "kept out", 404: "not there"}
    return told.get(answer.status_code, str(answer.status_code))
