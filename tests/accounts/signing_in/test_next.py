"""Where signing in leads to: only to pages of this site."""

import pytest
from django.test import Client

from accounts.policy.signing_in import local_path
from tests.accounts.steps import (
    ask_for_code,
    enter,
    give_password,
    newest_code,
    person_with_phone,
)
from tests.factories import UserFactory
from tests.payloads import ELSEWHERE


@pytest.mark.parametrize("text", ELSEWHERE)
def test_other_places_are_never_gone_to(text):
    assert local_path(text) == ""


@pytest.mark.parametrize(
    "text", ["/", "/home/", "/registration/2023/cahps/?q=b%20c&page=2", "/a/%2F%2Fevil/", "/~x/#y"]
)
def test_pages_of_this_site_are_gone_to(text):
    assert local_path(text) == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "reached"),
    [("/help/?x=1", "/help/?x=1"), ("//evil.example", "/home/"), ("https:evil.example", "/home/")],
)
def test_sign_in_ends_where_it_began_or_at_home(asked, reached):
    user, client = person_with_phone(), Client()
    page = client.get("/sign-in/", {"next": asked})
    give_password(client, user.user_id, next=page.context["form"]["next"].value() or asked)
    ask_for_code(client, user)
    assert enter(client, newest_code()).url == reached


@pytest.mark.django_db
def test_signed_in_person_skips_the_sign_in_page(sign_in):
    client = sign_in(UserFactory())
    assert client.get("/sign-in/", {"next": "/help/"}).url == "/help/"
    assert client.get("/sign-in/", {"next": "//evil.example"}).url == "/home/"
