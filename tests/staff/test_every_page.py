"""Every page that the staff site registers: lists, searches, filters, rows, deeds."""

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, User
from registrations.enums import Product
from registrations.models import Offering
from tests.factories import UserFactory
from tests.staff.hostile import HOSTILE, Elements, plant
from tests.staff.pages import deeds_of, list_of, opened, page_of
from tests.staff.rows import SHOWN, fill

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model.__name__)
SHORT = {model.__name__: model for model in MODELS}
each_model = pytest.mark.parametrize("name", SHORT)

# Queries of a list, of a search in it, and of a row's page, whatever the number of rows. Four of
# each are what every request of staff begins with: session, person, two for the rights.
# A new page needs its rows in tests/staff/rows.py and a line here.
QUERIES = {
    "AuditEvent": (7, 7, 9),
    "DeviceReset": (7, 7, 8),
    "DirectoryImport": (8, 8, 6),
    "Enrollment": (8, 10, 18),
    "FinalRoster": (8, 8, 8),
    "Message": (7, 7, 8),
    "Offering": (8, 8, 13),
    "Organization": (7, 7, 20),
    "PerformanceYear": (7, 7, 13),
    "Registration": (11, 11, 17),
    "RoleRequest": (7, 7, 10),
    "SamplingResult": (8, 8, 10),
    "SheetUpload": (7, 7, 8),
    "User": (7, 9, 16),
    "WindowExtension": (8, 8, 8),
}
AT_MOST = 11


def queries(client: Client, address: str, **query: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        opened(client, address, **query)
    return len(captured)


def filter_values(html: str) -> Iterator[str]:
    """The query strings of all values of all filters of a list."""
    filters = html.partition('class="staff-filters"')[2].partition("</nav>")[0]
    yield from (unescape(found) for found in re.findall(r'href="(\?[^"]+)"', filters))


def columns(html: str) -> Iterator[str]:
    """The query strings that sort the list."""
    yield from (unescape(found) for found in re.findall(r'href="(\?[^"]*\bo=[^"]*)"', html))


@each_model
def test_every_page_opens_without_rows_and_with_them(
    name: str, administrator: Client, offerings: dict[Product, Offering]
) -> None:
    model = SHORT[name]
    opened(administrator, list_of(model))
    opened(administrator, list_of(model), q="nothing is called so")
    fill(3, offerings)
    html = opened(administrator, list_of(model))
    row = SHOWN[model]()
    assert page_of(row) in html
    for query in [*filter_values(html), *columns(html)]:
        opened(administrator, f"{list_of(model)}{query}")
    for text in ("invented", "219043", "12345678", "pat example", str(row.pk), "%_\\"):
        opened(administrator, list_of(model), q=text)
    told = opened(administrator, page_of(row))
    assert "What is known" in told
    for deed in deeds_of(row, told):
        opened(administrator, deed)
    if admin.site._registry[model].has_add_permission(_request_of(administrator)):
        opened(
            administrator, reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        )


def _request_of(client: Client) -> Any:
    return client.get(reverse("admin:index")).wsgi_request


def test_number_of_queries_does_not_depend_on_the_number_of_rows(
    administrator: Client, offerings: dict[Product, Offering]
) -> None:
    there, found = 0, {}
    for number in (1, 3, 60):
        fill(number - there, offerings)
        there = number
        cache.clear()  # of the figures of a year, which pages of years show
        found[number] = {
            name: (
                queries(administrator, list_of(model)),
                queries(administrator, list_of(model), q="invented"),
                queries(administrator, page_of(SHOWN[model]())),
            )
            for name, model in SHORT.items()
        }
    assert found[1] == found[3] == found[60] == QUERIES
    assert max(max(lists) for *lists, _ in QUERIES.values()) <= AT_MOST


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_as_they_are_and_do_nothing(
    text: str, administrator: Client, offerings: dict[Product, Offering]
) -> None:
    fill(1, offerings, text)
    plant(text)
    shown = escape(text[:60])
    seen = 0
    for model in MODELS:
        answers = [
            opened(administrator, list_of(model)),
            opened(administrator, list_of(model), q=text),
            opened(administrator, page_of(SHOWN[model]())),
        ]
        for html in answers:
            assert Elements(html).wrong == [], model
            assert "{{" not in html or "{{ 7|add:7 }}" in html
        seen += any(shown in html for html in answers)
    assert seen == len(MODELS) - len({"Offering"})


@each_model
def test_nul_and_keys_that_are_none_find_nothing(name: str, administrator: Client) -> None:
    model = SHORT[name]
    for query in ({"q": "a\x00b"}, {"status__exact": "\x00"}, {"nothing__exact": "\x00"}):
        answer = administrator.get(list_of(model), query)
        assert answer.status_code in {302, 400}, query
    for key in ("%00", "0" * 40, "9" * 40, "x", "1.5", "00000000-0000-0000-0000-000000000000"):
        address = f"{list_of(model)}{key}/change/"
        assert administrator.get(address).status_code == 404, key
    far = administrator.get(list_of(model), {"p": "99999999999999999999"})
    assert far.status_code in {200, 302}
    assert administrator.get(list_of(model), {"o": "1.-2.99.x"}).status_code == 200


def test_rows_are_closed_to_everybody_but_staff_with_rights(
    reader: Client, sign_in: Any, offerings: dict[Product, Offering]
) -> None:
    fill(1, offerings)
    official = SHOWN[User]()
    with_no_group = UserFactory(is_staff=True)
    with_no_group.groups.clear()
    for model in MODELS:
        for address in (list_of(model), page_of(SHOWN[model]())):
            assert Client().get(address).url.startswith("/sign-in/")
            assert sign_in(official).get(address).status_code == 404
            assert sign_in(with_no_group).get(address).status_code == 403
            assert reader.get(address).status_code == (403 if model is AuditEvent else 200)
        assert reader.post(address, {"status": "cancelled"}).status_code == 403
