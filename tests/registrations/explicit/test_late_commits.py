"""Received in time, done late, in explicit years: written until 30 seconds after the close."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.factories import CLOSES_2022
from tests.registrations.late import slow, stored
from tests.registrations.year_pages import CONTACT, YearPages, text_of

SECOND = timedelta(seconds=1)
CLOSED = "Registration closed on June 30, 2022 at 8:00 p.m. ET."
SIZE = {"size": "100+", "confirm": "1"}
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "register": ("cahps/", {}),
    "cancel": ("web-interface/cancel/", {}),
    "size": ("size/", SIZE),
    "information": ("information/", {"name": "Another Name"}),
    "add_contact": ("contacts/add/", CONTACT | {"first_name": "Maria"}),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("late", "in_time"),
    [(timedelta(seconds=30), True), (timedelta(seconds=30, microseconds=1), False)],
)
def test_late_commit_is_undone_and_told(
    enrolled: YearPages,
    june_2022: time_machine.Traveller,
    sign_in: Callable,
    jane: Any,
    name: str,
    late: timedelta,
    in_time: bool,
) -> None:
    page, values = FORMS[name]
    june_2022.move_to(CLOSES_2022 - SECOND)
    enrolled.client = sign_in(jane)
    enrolled.open(page).fill(**values)
    before = stored()
    with slow(june_2022, CLOSES_2022 + late):
        answer = enrolled.send(page)
    assert answer.status_code == (302 if in_time else 403)
    assert (stored() != before) == in_time
    assert (CLOSED in text_of(answer)) == (not in_time)


def test_page_that_tells_of_a_late_register_offers_it_no_more(
    ready: YearPages, june_2022: time_machine.Traveller, sign_in: Callable, jane: Any
) -> None:
    june_2022.move_to(CLOSES_2022 - SECOND)
    ready.client = sign_in(jane)
    ready.open("cahps/")
    with slow(june_2022, CLOSES_2022 + 31 * SECOND):
        told = text_of(ready.send("cahps/"))
    assert CLOSED in told
    assert ">Register</button>" not in told
