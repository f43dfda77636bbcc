"""People on the staff site: finding them, and signing them out."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from tests.accounts.steps import is_signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/staff/accounts/user/"


@pytest.fixture
def staff(sign_in: Callable[[User], Client]) -> Client:
    return sign_in(UserFactory(user_id="cms.person", is_staff=True))


def end(staff: Client, *people: User) -> str:
    chosen = {"action": "end_sessions", "_selected_action": [str(user.pk) for user in people]}
    return staff.post(LIST, chosen, follow=True).content.decode()


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


def test_sessions_of_the_selected_people_end_and_no_others(
    staff: Client, sign_in: Callable[[User], Client]
) -> None:
    jane, sam, other = UserFactory(), UserFactory(), UserFactory()
    browsers = {user: sign_in(user) for user in (jane, sam, other)}
    assert "2 sessions ended." in end(staff, jane, sam)
    assert [is_signed_in(browsers[user]) for user in (jane, sam, other)] == [False, False, True]
    event = AuditEvent.objects.filter(action=AuditAction.SESSION_ENDED).order_by("pk")[0]
    assert (event.actor_kind, event.actor_id) == (
        "staff",
        str(User.objects.get(user_id="cms.person").pk),
    )
    assert event.object_id in {str(jane.pk), str(sam.pk)}


def test_own_session_goes_on(staff: Client) -> None:
    me = User.objects.get(user_id="cms.person")
    assert "0 sessions ended." in end(staff, me)
    assert is_signed_in(staff)


def test_nobody_else_can(sign_in: Callable[[User], Client]) -> None:
    jane, client = UserFactory(), sign_in(UserFactory())
    browser = sign_in(jane)
    chosen = {"action": "end_sessions", "_selected_action": [str(jane.pk)]}
    assert client.post(LIST, chosen).status_code == 404
    assert is_signed_in(browser)
