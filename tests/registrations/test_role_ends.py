"""A role that ends between reading and writing: a plain 404, and nothing is written."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection

from accounts.models import Role, User
from tests.registrations.year_pages import CONTACT, YearPages


def role_ends_at_the_write(user: User) -> AbstractContextManager[None]:
    """End the person's roles just as the first transaction of a request begins."""

    def end(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith("SAVEPOINT"):
            Role.objects.filter(user=user)._raw_delete(using="default")
        return execute(sql, *rest)

    return connection.execute_wrapper(end)


@pytest.mark.parametrize(
    "where",
    [
        "size/",
        "information/",
        "contacts/add/",
        "contacts/{contact}/",
        "contacts/{contact}/delete/",
        "cahps/",
        "cahps/register/",
        "web-interface/cancel/",
        "confirm/",
        "last-year/",
    ],
)
def test_role_that_ends_before_the_write_leaves_nothing_to_be_found(
    enrolled: YearPages, jane: User, where: str
) -> None:
    page = where.format(contact=enrolled.contacts[0].pk)
    before = enrolled.registration.version
    if enrolled.get(page).status_code == 200:
        enrolled.open(page)
    values = {**enrolled.values, "size": "25-99"}
    if page == "contacts/add/":
        values = enrolled.fill(**CONTACT | {"email": "grace@example.org"}).values
    with role_ends_at_the_write(jane):
        assert enrolled.client.post(enrolled.url(page), values).status_code == 404
    assert not Role.objects.filter(user=jane).exists()
    assert enrolled.registration.version == before
    assert (enrolled.status("web_interface"), enrolled.status("cahps")) == ("complete", "")
