"""People on the staff site: finding them, and signing them out."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from accounts.policy.rights import StaffGroup
from tests.accounts.steps import is_signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/staff/accounts/user/"


@pytest.fixture
def staff(sign_in: Callable[[User], Client]) -> Client:
    return sign_in(UserFactory(user_id="cms.person", is_staff=True))


def end(staff: Client, user: User, reason: str = "Lost a laptop") -> str:
    address = f"{LIST}{user.pk}/end-sessions/"
    return staff.post(address, {"reason": reason}, follow=True).content.decode()


def test_people_are_found_by_name_and_never_changed(staff: Client) -> None:
    jane, sam = UserFactory(last_name="Doe"), UserFactory(last_name="Roe")
    page = staff.get(f"{LIST}?q=doe").content.decode()
    assert jane.user_id in page
    assert sam.user_id not in page
    one = staff.get(f"{LIST}{jane.pk}/change/").content.decode()
    assert jane.email in one
    assert jane.password not in one
    assert 'type="submit" value="Save"' not in one
    assert staff.post(f"{LIST}{jane.pk}/change/", {"is_staff": "on"}).status_code == 403
    for address in (f"{LIST}add/", f"{LIST}{jane.pk}/delete/"):
        assert staff.post(address).status_code == 403


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("DOE", True),
        ("pat  doe", True),
        ("Jane.Doe", True),
        ("pat d", True),
        ("do", True),
        ("oe", False),
        ("sam doe", False),
        ("%", False),
    ],
)
def test_search_is_for_the_beginning_of_user_id_or_name(
    text: str, is_found: bool, staff: Client
) -> None:
    UserFactory(user_id="jane.doe", last_name="Doe", email="jane.doe@example.org")
    rows = staff.get(LIST, {"q": text}).context["cl"].result_list
    assert bool(rows) == is_found


def test_sessions_of_a_person_end_and_no_others(
    staff: Client, sign_in: Callable[[User], Client]
) -> None:
    jane, sam = UserFactory(last_name="Doe"), UserFactory()
    browsers = {user: sign_in(user) for user in (jane, sam)}
    assert "Pat Doe is signed out everywhere." in end(staff, jane)
    assert [is_signed_in(browsers[user]) for user in (jane, sam)] == [False, True]
    event = AuditEvent.objects.get(action=AuditAction.SESSION_ENDED)
    me = User.objects.get(user_id="cms.person")
    assert (event.actor_kind, event.actor_id) == ("staff", str(me.pk))
    assert (event.object_id, event.reason) == (str(jane.pk), "Lost a laptop")
    deed = AuditEvent.objects.get(action=AuditAction.USER_SIGNED_OUT)
    assert (deed.object_id, deed.details) == (str(jane.pk), {"sessions": 1})


def test_ending_sessions_needs_a_reason(staff: Client, sign_in: Callable[[User], Client]) -> None:
    jane = UserFactory()
    browser = sign_in(jane)
    assert "Enter the reason." in end(staff, jane, reason=" ")
    assert is_signed_in(browser)


def test_nobody_else_can(sign_in: Callable[[User], Client]) -> None:
    jane, official = UserFactory(), sign_in(UserFactory())
    reader = sign_in(UserFactory(staff_group=StaffGroup.READER))
    browser = sign_in(jane)
    answers = [
        client.post(f"{LIST}{jane.pk}/end-sessions/", {"reason": "Lost"}).status_code
        for client in (official, reader)
    ]
    assert answers == [404, 403]
    assert is_signed_in(browser)
