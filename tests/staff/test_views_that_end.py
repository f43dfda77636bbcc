"""*View as*: however its session ends, the view leaves an event, and doesn’t stop the ending."""

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client

from accounts.actors import operations, staff
from accounts.models import AuditEvent, Session, SessionView, User
from accounts.policy.rights import StaffGroup
from accounts.sessions.live import end_sessions_of
from accounts.sessions.store import SessionStore
from accounts.support.view_as import view_person
from qpp_registration import clock
from tests.conftest import signed_in_session
from tests.factories import DURING, RoleFactory, UserFactory

HELD = 1.5  # seconds that the ending waits for the view
WITH_ITS_SESSION = {"why": "The session ended."}


@pytest.fixture
def jane(june: object, offering: object) -> User:
    return RoleFactory(user=UserFactory(first_name="Jane", last_name="Doe")).user


def begin(client: Client, jane: User) -> None:
    answer = client.post(f"/staff/accounts/user/{jane.pk}/view-as/", {"reason": "Call 4711"})
    assert answer.url == "/home/"


def ended(jane: User) -> AuditEvent:
    """The one event of the view's end."""
    assert not SessionView.objects.exists()
    event = AuditEvent.objects.get(action="view.ended")
    assert (event.object_id, event.details) == (str(jane.pk), WITH_ITS_SESSION)
    return event


@pytest.mark.django_db
def test_signing_out_ends_the_view(service_center: Client, jane: User, casey: User) -> None:
    begin(service_center, jane)
    service_center.post("/sign-out/")
    event = ended(jane)
    assert (event.actor_kind, event.actor_id, event.reason) == ("staff", str(casey.pk), "Call 4711")


@pytest.mark.django_db
def test_session_that_was_idle_too_long_ends_its_view(
    june: time_machine.Traveller, service_center: Client, jane: User, casey: User
) -> None:
    begin(service_center, jane)
    june.move_to(DURING + timedelta(minutes=31))
    assert service_center.get("/home/").status_code == 302
    assert ended(jane).actor_id == str(casey.pk)


@pytest.mark.django_db
def test_staff_that_ends_the_viewers_sessions_ends_the_view(
    service_center: Client, jane: User, casey: User, administrator: Client
) -> None:
    begin(service_center, jane)
    address = f"/staff/accounts/user/{casey.pk}/end-sessions/"
    administrator.post(address, {"reason": "Lost a laptop"})
    event = ended(jane)
    assert (event.actor_kind, event.reason) == ("staff", "Lost a laptop")
    assert event.actor_id != str(casey.pk)


@pytest.mark.django_db
def test_purging_the_session_ends_the_view(
    service_center: Client, jane: User, casey: User, june: time_machine.Traveller
) -> None:
    begin(service_center, jane)
    june.move_to(DURING + timedelta(days=30))
    call_command("purge_expired", stdout=StringIO())
    assert ended(jane).actor_id == str(casey.pk)


@pytest.fixture
def under_way(transactional_db: None, jane: User) -> Callable[[SessionStore, User], object]:
    """Begins a view in another connection, and keeps its transaction open for a while."""

    def begun(session: SessionStore, viewer: User) -> threading.Thread:
        inserted, go = threading.Event(), threading.Event()

        def begin() -> None:
            try:
                with transaction.atomic():
                    actor = staff(viewer, "Call 4711")
                    view_person(session, person=jane, actor=actor, received_at=clock.now())
                    inserted.set()
                    go.wait(timeout=10)
            finally:
                connections.close_all()

        thread = threading.Thread(target=begin)
        thread.start()
        assert inserted.wait(timeout=10)
        threading.Timer(HELD, go.set).start()
        return thread

    return begun


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite lets one request write at a time anyway"
)
@pytest.mark.parametrize("how", ["staff", "sign-out"])
def test_session_that_ends_while_a_view_begins_is_ended(
    how: str, under_way: Callable, june: object, jane: User
) -> None:
    casey = UserFactory(staff_group=StaffGroup.SERVICE_CENTER)
    session = SessionStore(signed_in_session(casey, DURING))
    thread = under_way(session, casey)
    if how == "staff":
        number = end_sessions_of(users=[casey], actor=operations("Lost"), received_at=clock.now())
        assert number == 1
    else:
        SessionStore(session.session_key).flush()
    thread.join(timeout=20)
    assert not Session.objects.filter(user=casey).exists()
    ended(jane)
