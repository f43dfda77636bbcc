"""What every test can ask for."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.core.signals import setting_changed
from django.db import connections
from django.test import Client, TestCase, override_settings
from django.test.client import ClientHandler
from django_otp import DEVICE_ID_SESSION_KEY
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from accounts.models import User
from accounts.seals import triggers
from accounts.sessions.store import SessionStore
from accounts.sessions.times import begin
from qpp_registration import clock
from registrations.models import Offering
from tests.factories import DURING, DURING_2022, DeviceFactory, OfferingFactory

PARTS_OF_A_HANDLER = (
    *("_middleware_chain", "_view_middleware"),
    *("_template_response_middleware", "_exception_middleware"),
)

# Looking for garbage as often as usual takes a tenth of the suite.
gc.set_threshold(200_000, 20, 50)

# How long an example takes depends on what else the machine does.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")


def pytest_collection_finish() -> None:
    """No module and no test is garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def offering(db: None) -> Offering:
    """CAHPS in 2023."""
    return OfferingFactory()


@pytest.fixture
def june() -> Iterator[time_machine.Traveller]:
    """Stand in the open window: June 2, 2023 at 2:31:05 p.m. ET. Move with `.move_to()`."""
    with time_machine.travel(DURING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def june_2022() -> Iterator[time_machine.Traveller]:
    """Stand in the open window: June 2, 2022 at 2:31:05 p.m. ET. Move with `.move_to()`."""
    with time_machine.travel(DURING_2022, tick=False) as traveller:
        yield traveller


def signed_in_session(user: User, at: datetime) -> str:
    """The key of a session in which the person gave password and code."""
    device = user.channeldevice_set.first() or DeviceFactory(user=user)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    begin(session, signed_in_at=at)
    session.create()
    return str(session.session_key)


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """A client of a person who is signed in, with the second factor."""

    def make(user: User) -> Client:
        client = Client()
        client.cookies["session"] = signed_in_session(user, clock.now())
        return client

    return make


@contextmanager
def kept_for_all_tests(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Rows made inside are there for each test of a module or a package, as they were at first.

    For a fixture of that scope, where no test is transactional: the tests run in a transaction
    inside this one, and undo what they did, as those of Django's `TestCase` with `setUpTestData`.
    """
    with blocker.unblock():
        around = TestCase._enter_atomics()
        try:
            yield
        finally:
            TestCase._rollback_atomics(around)


@pytest.fixture(autouse=True)
def var_dir(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for the messages of each test."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture(autouse=True, scope="session")
def audit_can_be_flushed() -> Iterator[None]:
    """Take the audit's triggers away while a transactional test empties the database.

    What Django lists there of its own, content types and permissions, is put back as it was: making
    it anew takes ten times as long as the emptying.
    """
    handle = flush.Command.handle

    def around(command: flush.Command, **options: Any) -> None:
        connection = connections[options["database"]]
        listed = {model: list(model.objects.all()) for model in (ContentType, Permission)}
        triggers.remove(connection)
        try:
            handle(command, **{**options, "inhibit_post_migrate": True})
        finally:
            triggers.install(connection)
        for model, rows in listed.items():
            model.objects.bulk_create(rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", around)
        yield


@pytest.fixture(autouse=True, scope="session")
def static_files_are_listed_once() -> Iterator[None]:
    """List the static files once, not for every test client: that takes longer than a page."""
    list_files = WhiteNoiseMiddleware.add_files_from_finders
    listed: dict[str, Any] = {}

    def once(middleware: WhiteNoiseMiddleware) -> None:
        if not listed:
            list_files(middleware)
            listed.update(middleware.files)
        middleware.files.update(listed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", once)
        yield


@pytest.fixture(autouse=True, scope="session")
def middleware_is_built_once() -> Iterator[None]:
    """Build the middleware once, not for every test client, as long as no setting changes."""
    build = ClientHandler.load_middleware
    built: dict[str, Any] = {}

    def once(handler: ClientHandler) -> None:
        if not built:
            build(handler)
            built.update({name: vars(handler)[name] for name in PARTS_OF_A_HANDLER})
        vars(handler).update(built)

    def forget(*, setting: str, **_: Any) -> None:
        if setting != "VAR_DIR":  # every test has its own, and no middleware reads it
            built.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", once)
        yield
    setting_changed.disconnect(forget)


@pytest.fixture(autouse=True, scope="session")
def passwords_are_hashed_quickly() -> Iterator[None]:
    """The same hash with the least work: the slow one is most of what a sign-in takes."""
    with override_settings(PASSWORD_HASHERS=["tests.hashers.QuickArgon2id"]):
        yield
