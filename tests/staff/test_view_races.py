"""*View as*, while another request of the same browser is under way and saves its session late."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.db.models.signals import pre_save
from django.test import Client

from accounts.models import AuditEvent, Session, User
from tests.accounts.parallel import at_once
from tests.factories import DURING, RoleFactory, UserFactory
from tests.registrations.enrolled import words

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets one request write at a time anyway"
    ),
]
BANNER = "VIEW ONLY | You are currently viewing as"


@pytest.fixture
def jane(june: object, transactional_db: None, offering: object) -> User:
    return RoleFactory(user=UserFactory(first_name="Jane", last_name="Doe")).user


@contextmanager
def under_way(client: Client, path: str) -> Iterator[None]:
    """A page that has read its session before what is done inside, and saves it afterwards."""
    reached, done = threading.Event(), threading.Event()
    answers: list[Any] = []

    def wait(**_: object) -> None:
        if threading.current_thread() is thread:
            reached.set()
            assert done.wait(timeout=20)

    def ask() -> None:
        own = Client()
        own.cookies["session"] = client.cookies["session"].value
        try:
            answers.append(own.get(path).status_code)
        finally:
            connections.close_all()

    thread = threading.Thread(target=ask)
    pre_save.connect(wait, sender=Session)
    try:
        thread.start()
        assert reached.wait(timeout=20)
        yield
    finally:
        done.set()
        thread.join(timeout=20)
        pre_save.disconnect(wait, sender=Session)
    assert answers == [200]


def begin(client: Client, jane: User) -> None:
    answer = client.post(f"/staff/accounts/user/{jane.pk}/view-as/", {"reason": "Call 4711"})
    assert answer.url == "/home/"


def shown(client: Client) -> str:
    return words(client.get("/home/", follow=True).content.decode())


def events() -> list[str]:
    found = AuditEvent.objects.filter(action__in=["view.begun", "view.ended"]).order_by("pk")
    return list(found.values_list("action", flat=True))


def test_page_of_the_view_that_ends_late_does_not_bring_it_back(
    jane: User, service_center: Client, june: time_machine.Traveller
) -> None:
    begin(service_center, jane)
    # The idle clock is stored once a minute: this page saves its session.
    june.move_to(DURING + timedelta(minutes=2))
    with under_way(service_center, "/home/"):
        service_center.post("/view/exit/")
    assert BANNER not in shown(service_center)
    assert events() == ["view.begun", "view.ended"]


def test_page_before_the_view_that_ends_late_does_not_end_it(
    jane: User, service_center: Client, june: time_machine.Traveller
) -> None:
    june.move_to(DURING + timedelta(minutes=2))
    with under_way(service_center, "/staff/"):
        begin(service_center, jane)
    assert BANNER in shown(service_center)
    assert events() == ["view.begun"]


def test_two_tabs_that_begin_or_leave_at_once_leave_one_event(
    jane: User, service_center: Client
) -> None:
    path = f"/staff/accounts/user/{jane.pk}/view-as/"
    answers = at_once(service_center, lambda client: client.post(path, {"reason": "Call 4711"}))
    assert "/home/" in answers
    assert events() == ["view.begun"]
    at_once(service_center, lambda client: client.post("/view/exit/"))
    assert BANNER not in shown(service_center)
    assert events() == ["view.begun", "view.ended"]
