"""A server with several processes, and people on its database."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import override_settings

from accounts.models import User
from tests.factories import PASSWORD, DeviceFactory, UserFactory
from tests.server import Browser, Server, serving

NewPerson = Callable[..., User]


@cache
def hashed_as_in_production() -> str:
    """So that signing in doesn't store it anew."""
    with override_settings(PASSWORD_HASHERS=["accounts.people.hashers.Argon2id"]):
        return make_password(PASSWORD)


@pytest.fixture(scope="package")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site as it is."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def unguarded(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The site without its guards against races, to show that these tests would find them."""
    folder = tmp_path_factory.mktemp("unguarded")
    with serving(folder, application="tests.attacks.unguarded") as running:
        yield running


@pytest.fixture
def new_person(transactional_db: None) -> NewPerson:
    """Makes people with a phone each."""

    def make(phones: int = 1, **more: Any) -> User:
        user = UserFactory(password=hashed_as_in_production(), **more)
        for _ in range(phones):
            DeviceFactory(user=user)
        return user

    return make


def give_password(browser: Browser, user_id: str, password: str = PASSWORD) -> Any:
    """The first step of signing in."""
    return browser.post("/sign-in/", user_id=user_id, password=password, agree="on")


def send_code(browser: Browser, device: Any) -> Any:
    """*Send Code*, or choosing an app."""
    return browser.post("/sign-in/verify/", device=device.persistent_id)


def enter(browser: Browser, code: str) -> Any:
    """*Verify*."""
    return browser.post("/sign-in/verify/code/", code=code)


def up_to_code(server: Server, browser: Browser, user: User, phone: Any = None) -> str:
    """Everything up to the code, which is returned."""
    device = phone or user.channeldevice_set.first()
    assert give_password(browser, user.user_id).location == "/sign-in/verify/"
    assert send_code(browser, device).location == "/sign-in/verify/code/"
    return server.newest_code(device.address)
