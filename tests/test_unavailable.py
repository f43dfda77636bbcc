"""The database fails: a plain page, what was typed is kept, and nothing is signed out.

`tests/faults/test_trouble.py` does the same to a real server.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from accounts.forms import people, signing_in, verification
from accounts.models import User
from organizations.models import Organization
from qpp_registration.logging import JsonLines
from qpp_registration.unavailable import SECRETS
from registrations.models import Contact, Offering
from tests.access.world import registered
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.faults.pages import sent_again
from tests.registrations.conftest import hidden_and_typed

pytestmark = pytest.mark.usefixtures("june", "offering")
PAGES = ("/", "/home/", "/sign-in/", "/registration/2023/cahps/practices/", "/staff/", "/nowhere/")


@contextmanager
def trouble(beginning: str = "", error: Exception | None = None) -> Iterator[None]:
    """Statements fail; with a beginning only those that start so."""

    def fails(execute: Callable, sql: str, *more: Any) -> Any:
        if sql.startswith(beginning):
            raise error or OperationalError("away")
        return execute(sql, *more)

    with connection.execute_wrapper(fails):
        yield


@pytest.fixture
def jane(db: None) -> User:
    user = UserFactory()
    RoleFactory(user=user, organization=OrganizationFactory())
    return user


@pytest.fixture
def client(jane: User, sign_in: Callable[[User], Client]) -> Client:
    client = sign_in(jane)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("error", [OperationalError("away"), InterfaceError("closed")])
@pytest.mark.parametrize("page", PAGES)
def test_page_says_that_the_site_is_away_and_nobody_is_signed_out(
    client: Client, page: str, error: Exception
) -> None:
    with trouble(error=error):
        answer = client.get(page)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "session" not in answer.cookies
    assert "not available right now" in answer.content.decode()
    assert "Send again" not in answer.content.decode()
    assert client.get("/home/").status_code == 200


def test_error_of_ours_stays_an_error(client: Client) -> None:
    with trouble(error=RuntimeError("ours")):
        answer = client.get("/home/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer


def test_log_has_one_line_for_each_without_a_traceback(client: Client, caplog: Any) -> None:
    with trouble():
        client.get("/home/")
    (line,) = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert (line["level"], line["reason"]) == ("ERROR", "away")
    assert "traceback" not in line


def test_script_is_told_in_json(client: Client) -> None:
    with trouble():
        answer = client.post("/session/extend/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert answer.json()["status"] == "unavailable"


def test_form_comes_back_as_it_was_sent_and_can_be_sent_again(client: Client) -> None:
    registration = registered(Organization.objects.get())
    url = f"/registrations/{registration.pk}/cahps/"
    form = hidden_and_typed(client.get(f"{url}?add=1").content.decode())
    contact = next(name[:44] for name in form if name.endswith("-shown") and name[44:])
    typed = {**form, f"{contact}-first_name": 'Dana "D" <b>', f"{contact}-last_name": "O’Neill"}
    with trouble("INSERT"):
        answer = client.post(url, typed)
    html = answer.content.decode()
    assert answer.status_code == 503
    assert "Send again" in html
    assert f'action="{url}"' in html
    assert sent_again(html) == typed
    assert client.post(url, sent_again(html)).status_code == 422  # e-mail and phone are missing
    assert Contact.objects.filter(registration=registration, last_name="O’Neill").count() == 1


def test_form_of_another_site_gets_no_token_from_the_page(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.cookies = client.cookies
    with trouble():
        answer = strict.post("/sign-out/", {"planted": "1"})
    assert sent_again(answer.content.decode()) == {"planted": "1"}
    assert strict.post("/sign-out/", sent_again(answer.content.decode())).status_code == 403


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_no_secret_stands_in_the_page(client: Client, name: str) -> None:
    with trouble():
        answer = client.post("/confirm-identity/", {"user_id": "jane.doe", name: "planted-secret"})
    assert answer.status_code == 503
    assert "planted-secret" not in answer.content.decode()
    assert "Send again" not in answer.content.decode()


def test_every_field_for_a_secret_is_known() -> None:
    found = set()
    for module in (people, signing_in, verification):
        for form in vars(module).values():
            for name, field in getattr(form, "base_fields", {}).items():
                says = field.widget.attrs.get("autocomplete", "")
                if isinstance(field.widget, forms.PasswordInput) or says == "one-time-code":
                    found.add(name)
    assert {"password", "code"} < found
    assert found <= SECRETS


def test_file_is_chosen_again(client: Client) -> None:
    file = SimpleUploadedFile("sheet.csv", b"a,b")
    with trouble():
        answer = client.post("/registration/2023/cahps/practices/sheet/", {"sheet": file})
    assert answer.status_code == 503
    assert "Send again" not in answer.content.decode()


def test_session_that_cannot_be_stored_is_no_session_that_ended(
    client: Client, june: Any, offering: Offering
) -> None:
    june.shift(120)  # seconds: the time of the last request is stored once a minute
    with trouble("UPDATE"):
        answer = client.get("/home/")
    assert answer.status_code == 503
    assert client.get("/home/").status_code == 200
