"""What an audit event says, that refused access leaves one, and that nothing is done without."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.enums import AuditAction, Outcome
from accounts.models import AuditEvent, Message, User
from registrations.models import Contact, Registration
from tests.access.world import World
from tests.accounts.steps import person_with_phone, walk_in
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.conftest import RegisterPage

pytestmark = pytest.mark.django_db


def refused() -> list[dict[str, Any]]:
    found = AuditEvent.objects.filter(action="access.refused").order_by("id")
    return [
        {"object": event.object_id, "about": event.organization_id, **event.details}
        for event in found
    ]


def test_event_says_when_who_where_and_how_it_came_out(june: object) -> None:
    user = person_with_phone()
    client = Client(headers={"user-agent": "x"}, REMOTE_ADDR="192.0.2.7")
    walk_in(client, user)
    client.get("/registrations/00000000-0000-4000-8000-000000000000/cahps/")
    event = AuditEvent.objects.latest("id")
    assert event.at.isoformat() == "2023-06-02T18:31:05+00:00"
    assert (event.actor_id, event.actor_name) == (str(user.pk), user.full_name)
    assert event.source_address == "192.0.2.7"
    assert event.session == user.sessions.get().handle
    assert len(event.request_id) == 32
    assert event.outcome is Outcome.REFUSED
    assert str(client.session.session_key) not in str(event.__dict__)


def test_session_of_one_request_isnt_that_of_the_next(
    june: object, offering: object, sign_in: Callable[[User], Client]
) -> None:
    sign_in(UserFactory()).get("/home/")
    Client().post("/sign-in/", {"user_id": "nobody", "password": "x" * 15, "agree": "on"})
    assert AuditEvent.objects.latest("id").session == ""


@pytest.mark.parametrize("action", AuditAction)
def test_each_action_has_one_outcome(action: AuditAction) -> None:
    words = action.label.lower()
    unhappy = any(word in words for word in ("refused", "locked", "could not"))
    assert (action.outcome is Outcome.DONE) != unhappy


# --- Failed authorization -----------------------------------------------------------------------


@pytest.fixture
def world(june: object, offering: Any) -> World:
    return World()


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_anothers_object_leaves_one_event(world: World, method: str) -> None:
    world.client("other").generic(method, world.address("register"))
    key = str(world.registration.pk)
    told = {"object": key, "about": "", "page": "register", "method": method, "status": 404}
    assert refused() == [told]


def test_missing_object_and_a_write_without_the_role_leave_one_each(world: World) -> None:
    world.client("official").get("/registrations/00000000-0000-4000-8000-000000000000/cahps/")
    world.client("staff_user").post(world.address("start"))
    assert [event["status"] for event in refused()] == [404, 403]


def test_staff_site_leaves_one_for_whoever_isnt_staff(world: World) -> None:
    world.client("official").get("/staff/")
    assert [event["page"] for event in refused()] == ["admin:index"]


def test_no_page_no_session_and_no_token_are_no_refused_access(world: World) -> None:
    world.client("official").get("/nowhere/")
    world.client("anonymous").get(world.address("register"))
    world.client("official", enforce_csrf_checks=True).post(world.address("start"))
    world.client("official").get(world.address("register"))
    assert refused() == []


# --- Nothing is done without its event ----------------------------------------------------------

BREAK = {
    "sqlite": """
        CREATE TRIGGER full BEFORE INSERT ON accounts_auditevent
        BEGIN SELECT RAISE(ABORT, 'no space left'); END
    """,
    "postgresql": """
        CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'no space left'; END $$;
        CREATE TRIGGER is_full BEFORE INSERT ON accounts_auditevent
        FOR EACH ROW EXECUTE FUNCTION is_full()
    """,
}


@pytest.fixture
def audit_fails() -> Callable[[], None]:
    """From now on the database takes no audit event; undone with the test's transaction."""

    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BREAK[connection.vendor])

    return fail


def everything() -> list[Any]:
    models = (Registration, Contact, Message)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_save_that_the_audit_cant_take_is_refused_as_a_whole(
    complete_page: RegisterPage, audit_fails: Callable[[], None]
) -> None:
    complete_page.client.raise_request_exception = False
    before = everything()
    audit_fails()
    for change in ({"size": "100+"}, {"phone": "202-555-0177"}):
        answer = complete_page.open().type(**change).save()
        assert answer.status_code == 500
        assert "saved" not in answer.content.decode().lower()
    assert complete_page.client.post(f"{complete_page.url}delete/").status_code == 500
    assert everything() == before


def test_nobody_gets_in_or_reads_anothers_page_without_an_event(
    june: object, offering: object, audit_fails: Callable[[], None], sign_in: Callable
) -> None:
    user = person_with_phone()
    organization = OrganizationFactory()
    RoleFactory(user=user, organization=organization)
    audit_fails()
    client = Client(raise_request_exception=False)
    form = {"user_id": user.user_id, "password": "a quiet lake in autumn", "agree": "on"}
    assert client.post("/sign-in/", form).status_code == 500
    assert client.get("/sign-in/verify/").status_code == 302
