"""The token against forged requests changed while the register page was open."""

import json

import pytest
from django.test import Client

from registrations.models import Contact, Offering
from tests.registrations.conftest import JSON, ONE, Script, hidden_and_typed

HERE = {"HTTP_ORIGIN": "http://testserver"}


def test_token_that_changed_is_told_in_json_and_a_fresh_one_works(
    script: Script, offering: Offering
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["session"] = script.page.client.cookies["session"].value
    refused = strict.post(script.page.url, {"page": ONE}, **JSON)
    assert refused.status_code == 403
    assert json.loads(refused.content) == {"status": "csrf"}
    fresh = strict.get("/csrf-token/", **JSON)
    assert "no-store" in fresh["Cache-Control"]
    headers = {"HTTP_X_CSRFTOKEN": fresh.json()["token"]}
    again = strict.post(script.page.url, {"page": ONE}, **JSON, **headers)
    assert again.status_code == 200


@pytest.fixture
def strict(script: Script) -> Client:
    """Jane's browser, whose token has changed."""
    client = Client(enforce_csrf_checks=True, HTTP_ACCEPT="text/html,*/*;q=0.8")
    client.cookies["session"] = script.page.client.cookies["session"].value
    return client


def test_token_that_changed_brings_a_form_without_script_back_unsaved(
    script: Script, strict: Client
) -> None:
    script.page.type(phone="202-555-0188")
    answer = strict.post(script.page.url, script.page.values, **HERE)
    assert (answer.status_code, answer["Location"]) == (302, script.page.url)
    page = strict.get(script.page.url)
    html = page.content.decode()
    assert "What you typed is below; press Save." in html
    assert 'value="202-555-0188"' in html
    assert Contact.objects.get().phone == "2025550123"
    assert strict.post(script.page.url, hidden_and_typed(html), **HERE).status_code == 302
    assert Contact.objects.get().phone == "2025550188"


@pytest.mark.parametrize(
    "origin",
    [{}, {"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_REFERER": "http://testserver.x/"}],
)
def test_other_site_plants_nothing_in_the_form(
    script: Script, strict: Client, origin: dict[str, str]
) -> None:
    answer = strict.post(script.page.url, script.page.values, **origin)
    assert answer.status_code == 403
    assert "This page has expired" in answer.content.decode()
    assert "Not saved yet" not in strict.get(script.page.url).content.decode()


def test_nobody_elses_form_is_kept(script: Script) -> None:
    stranger = Client(enforce_csrf_checks=True, HTTP_ACCEPT="text/html,*/*;q=0.8")
    answer = stranger.post(script.page.url, script.page.values, **HERE)
    assert answer.status_code == 403
    assert not stranger.session.keys()


def test_token_that_changed_is_told_on_pages_that_keep_nothing(
    script: Script, strict: Client
) -> None:
    answer = strict.post(f"{script.page.url}delete/", {}, **HERE)
    assert answer.status_code == 403
    assert "This page has expired" in answer.content.decode()
