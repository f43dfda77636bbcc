"""The staff site is for CMS staff with a second factor, and isn't there for anybody else."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, reverse

from accounts.models import User
from tests.accounts.steps import give_password, person_with_phone
from tests.factories import OrganizationFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db

# Those that take no key of an object; the tests of each admin page open the others.
PAGES = [
    reverse(f"admin:{pattern.name}")
    for pattern in admin.site.get_urls()
    if isinstance(pattern, URLPattern)
    and pattern.name
    and not pattern.pattern.converters
    and not pattern.pattern.regex.groups
]


@pytest.fixture
def staff(db) -> User:
    return person_with_phone(is_staff=True)


def test_there_are_pages() -> None:
    assert {"/staff/", "/staff/autocomplete/", "/staff/jsi18n/"} <= set(PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_whoever_gave_no_code_is_asked_to_sign_in(address: str, staff: User) -> None:
    password_only = Client()
    give_password(password_only, staff.user_id)
    for client in (Client(), password_only):
        answer = client.get(address, follow=True)
        assert answer.redirect_chain[0][0].startswith(("/sign-in/?next=%2Fstaff%2F", "/staff/"))
        assert "/sign-in/" in answer.redirect_chain[-1][0]


@pytest.mark.parametrize("address", PAGES)
def test_nobody_but_staff_finds_it(address: str, sign_in: Callable[[User], Client]) -> None:
    official = RoleFactory(organization=OrganizationFactory()).user
    for user in (official, UserFactory(is_superuser=True)):
        answer = sign_in(user).get(address, follow=True)
        assert answer.status_code == 404


def test_staff_finds_it_by_the_navigation_and_leaves_by_the_sites_own_ways(
    staff: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(staff)
    assert 'href="/staff/"' in client.get("/home/").content.decode()
    assert client.get("/staff/").status_code == 200
    assert client.get("/staff/login/").url == "/staff/"
    assert client.get("/staff/password_change/").url == "/account/"
    answer = client.post("/staff/logout/")
    assert (answer.status_code, answer.url) == (307, "/sign-out/")


def test_staff_that_is_disabled_or_no_longer_staff_is_out_with_the_next_request(
    staff: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(staff)
    User.objects.filter(pk=staff.pk).update(is_staff=False)
    assert client.get("/staff/").status_code == 404
    User.objects.filter(pk=staff.pk).update(is_staff=True, is_active=False)
    assert client.get("/staff/").url.startswith("/sign-in/")


def test_secrets_of_devices_are_shown_to_nobody() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}
    assert "accounts" in shown
    assert not shown & {"auth", "otp_totp", "django_otp_webauthn"}


LISTS = list(admin.site._registry)


@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    "lookup",
    [
        "password__startswith",
        "sessions__session_key__startswith",
        "user__password__startswith",
        "person__password__startswith",
        "person__sessions__session_key__startswith",
        "email__startswith",
        "pk__gt",
    ],
)
def test_address_filters_by_nothing_but_the_lists_own_filters(
    model: type, lookup: str, staff: User, sign_in: Callable[[User], Client]
) -> None:
    """Beginnings that find a row or not would tell a hash or a session key, bit by bit."""
    client = sign_in(staff)
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert client.get(address).status_code == 200
    assert client.get(address, {lookup: "a"}).status_code in {302, 400}
    assert "e=1" in client.get(address, {lookup: "a"}).get("Location", "e=1")
