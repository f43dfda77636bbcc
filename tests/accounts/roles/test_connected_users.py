"""*Connected users*: who sees what, changing and ending roles, and that one official stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Role, User
from organizations.models import Organization
from tests.accounts.role_steps import ACCESS, approve_page, asked, mails_to
from tests.factories import RoleFactory, UserFactory
from tests.registrations.counting import takes
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LAST = "there is no other active Security Official"


@pytest.fixture
def client(june: object, jane: User, practice: Organization, sign_in: SignIn) -> Client:
    return sign_in(jane)


@pytest.fixture
def stan(practice: Organization) -> Role:
    """A Staff User's role."""
    user = UserFactory(user_id="stan.abel", first_name="Stan", last_name="Abel")
    return RoleFactory(user=user, organization=practice, name="staff_user")


@pytest.fixture
def own(jane: User, practice: Organization) -> Role:
    """Jane's role."""
    return Role.objects.get(user=jane, organization=practice)


def users_page(practice: Organization) -> str:
    return f"/manage-access/organizations/{practice.pk}/users/"


def hand_over_page(practice: Organization) -> str:
    return f"/manage-access/organizations/{practice.pk}/hand-over/"


def change_page(role: Role) -> str:
    return f"/manage-access/roles/{role.pk}/change/"


def end_page(role: Role) -> str:
    return f"/manage-access/roles/{role.pk}/end/"


def html(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def name_of(role: Role) -> str:
    return Role.objects.filter(pk=role.pk).values_list("name", flat=True).first() or ""


def test_official_reads_last_sign_in_and_requests_a_staff_user_people_and_roles(
    client: Client, jane: User, stan: Role, nell: User, practice: Organization, sign_in: SignIn
) -> None:
    User.objects.filter(pk=jane.pk).update(last_login="2023-06-01T12:00Z")
    request = asked(nell, practice)
    page = html(client, users_page(practice))
    text = words(page)
    assert "Last sign-in June 1, 2023 at 8:00 a.m. ET" in text
    assert "Last sign-in Never" in text
    assert "Nell Abara Practice Manager Staff User" in text
    assert f'href="{approve_page(request)}"' in page
    page = html(sign_in(stan.user), users_page(practice))
    for hidden in ("Last sign-in", "Nell Abara", "Change role", "End role", "Hand over"):
        assert hidden not in page
    assert "Jane Doe" in page
    assert "Leave" in page


def test_only_official_is_nudged_until_there_are_two(
    client: Client, practice: Organization, stan: Role, sign_in: SignIn, offering: object
) -> None:
    nudge, on_list = "You are the only Security Official", "You are its only Security Official"
    assert nudge in html(client, users_page(practice))
    assert on_list in html(client, ACCESS)
    assert nudge not in html(sign_in(stan.user), users_page(practice))
    assert on_list not in html(sign_in(stan.user), ACCESS)
    RoleFactory(organization=practice, user=UserFactory(is_active=False))
    assert nudge in html(client, users_page(practice))
    RoleFactory(organization=practice)
    assert nudge not in html(client, users_page(practice))
    assert on_list not in html(client, ACCESS)


def test_changing_a_role_asks_first_tells_everybody_and_counts_at_once(
    client: Client, stan: Role, practice: Organization, sign_in: SignIn
) -> None:
    other = RoleFactory(organization=practice).user
    theirs = sign_in(stan.user)
    assert "Change the role of Stan Abel?" in words(html(client, change_page(stan)))
    assert name_of(stan) == "staff_user"
    for _ in range(2):
        answer = client.post(change_page(stan), {"role": "security_official"})
        assert answer.url == users_page(practice)
    assert name_of(stan) == "security_official"
    assert "Stan Abel is Security Official now." in words(html(client, users_page(practice)))
    assert "Last sign-in" in html(theirs, users_page(practice))
    assert mails_to(stan.user) == [f"Your role for {practice.name} has changed"]
    assert mails_to(other) == [f"Changed: who is connected to {practice.name}"]
    client.post(change_page(stan), {"role": "staff_user"})
    assert "Last sign-in" not in html(theirs, users_page(practice))
    events = AuditEvent.objects.filter(action="role.granted").order_by("pk")
    assert [event.details["role"] for event in events] == ["security_official", "staff_user"]
    assert events[0].details["before"] == "staff_user"


def test_ending_a_role_takes_effect_with_the_next_request(
    client: Client, stan: Role, practice: Organization, sign_in: SignIn
) -> None:
    theirs = sign_in(stan.user)
    assert theirs.get(users_page(practice)).status_code == 200
    assert "End the role of Stan Abel?" in words(html(client, end_page(stan)))
    assert client.post(end_page(stan)).url == users_page(practice)
    assert theirs.get(users_page(practice)).status_code == 404
    assert "Stan Abel is no longer connected" in words(html(client, users_page(practice)))
    assert mails_to(stan.user) == [f"Your role for {practice.name} has ended"]
    event = AuditEvent.objects.get(action="role.ended")
    assert (event.object_id, event.details["before"]) == (str(stan.user.pk), "staff_user")
    assert client.post(end_page(stan)).status_code == 404


def test_staff_user_may_leave_and_change_nothing(
    client: Client, stan: Role, own: Role, practice: Organization, sign_in: SignIn
) -> None:
    theirs = sign_in(stan.user)
    for page in (change_page(stan), change_page(own), end_page(own), hand_over_page(practice)):
        assert theirs.get(page).status_code == 404
        assert theirs.post(page, {"role": "security_official"}).status_code == 404
    assert (name_of(stan), name_of(own)) == ("staff_user", "security_official")
    assert "Leave this organization?" in words(html(theirs, end_page(stan)))
    assert theirs.post(end_page(stan)).url == ACCESS
    assert name_of(stan) == ""
    assert "You are no longer connected to Better Business Health." in words(html(theirs, ACCESS))


def test_others_roles_arent_found(client: Client, sign_in: SignIn) -> None:
    elsewhere = RoleFactory()
    for page in (change_page(elsewhere), end_page(elsewhere)):
        assert client.get(page).status_code == 404
        assert client.post(page, {"role": "staff_user"}).status_code == 404
    assert client.get(hand_over_page(elsewhere.organization)).status_code == 404
    assert name_of(elsewhere) == "security_official"


def test_last_official_cant_leave_or_become_less(
    client: Client, own: Role, stan: Role, practice: Organization
) -> None:
    RoleFactory(organization=practice, user=UserFactory(is_active=False))
    for page in (end_page(own), change_page(own)):
        text = words(html(client, page))
        assert LAST in text
        assert "Hand over" in text
        answer = client.post(page, {"role": "staff_user"})
        assert answer.status_code == 409
        assert LAST in answer.content.decode()
    assert name_of(own) == "security_official"
    RoleFactory(organization=practice)
    assert client.post(end_page(own)).url == ACCESS


def test_role_of_somebody_who_cant_sign_in_may_end(client: Client, practice: Organization) -> None:
    gone = RoleFactory(organization=practice, user=UserFactory(is_active=False))
    assert client.post(end_page(gone)).url == users_page(practice)
    assert name_of(gone) == ""


@pytest.mark.parametrize(("afterwards", "left"), [("stay", "staff_user"), ("leave", "")])
def test_handing_over_is_one_step(
    client: Client, own: Role, stan: Role, practice: Organization, afterwards: str, left: str
) -> None:
    assert "Stan Abel, Staff User" in words(html(client, hand_over_page(practice)))
    answer = client.post(hand_over_page(practice), {"to": stan.pk, "afterwards": afterwards})
    assert answer.url == (users_page(practice) if left else ACCESS)
    assert (name_of(own), name_of(stan)) == (left, "security_official")
    assert "Stan Abel is Security Official of Better Business Health" in words(html(client, ACCESS))
    assert f"Your role for {practice.name} has changed" in mails_to(stan.user)
    assert f"Changed: who is connected to {practice.name}" in mails_to(stan.user)


def test_handing_over_needs_a_choice_of_somebody_who_is_there(
    client: Client, own: Role, stan: Role, practice: Organization
) -> None:
    gone = RoleFactory(organization=practice, user=UserFactory(is_active=False))
    elsewhere = RoleFactory()
    for to in ("", gone.pk, elsewhere.pk, own.pk, "x"):
        answer = client.post(hand_over_page(practice), {"to": to, "afterwards": "leave"})
        assert answer.status_code == 422
    answer = client.post(hand_over_page(practice), {"to": stan.pk})
    assert "Select what you are afterwards." in answer.content.decode()
    assert (name_of(own), name_of(stan)) == ("security_official", "staff_user")


def test_who_is_alone_reads_how_somebody_else_gets_in(
    client: Client, practice: Organization
) -> None:
    text = words(html(client, hand_over_page(practice)))
    assert "Nobody else is connected yet" in text
    assert "Connect to Organization" in text


def test_sensitive_acts_need_a_recent_proof(
    client: Client, stan: Role, own: Role, practice: Organization, june: Any
) -> None:
    june.shift(6 * 60)
    for page in (change_page(stan), end_page(stan), end_page(own), hand_over_page(practice)):
        for answer in (client.get(page), client.post(page, {"role": "security_official"})):
            assert answer.url.startswith("/confirm-identity/")
    assert (name_of(stan), name_of(own)) == ("staff_user", "security_official")


@pytest.mark.parametrize("number", [1, 120])
def test_connected_users_take_as_many_queries_and_have_pages(
    june: object, jane: User, practice: Organization, sign_in: SignIn, number: int
) -> None:
    RoleFactory.create_batch(number, organization=practice, name="staff_user")
    for _ in range(min(number, 15)):
        asked(UserFactory(), practice)
    client = sign_in(jane)
    with takes(6):
        page = html(client, users_page(practice))
    assert page.count('<th scope="row">') == min(number + 1, 50)
    assert ("All requests to decide" in page) == (number > 10)
    if number == 120:
        assert html(client, f"{users_page(practice)}?page=3").count('<th scope="row">') == 21
