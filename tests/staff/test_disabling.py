"""Disabling and enabling a person: who may, what ends at once, who is told what."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Message, Role, User
from organizations.models import Organization
from tests.accounts.role_steps import mails_to
from tests.accounts.steps import give_password, is_signed_in
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def practice(june: object) -> Organization:
    return OrganizationFactory(name="Better Business Health")


@pytest.fixture
def jane(practice: Organization) -> User:
    """The only Security Official of a practice, and one of two of another one."""
    jane = UserFactory(user_id="jane.doe", first_name="Jane", last_name="Doe")
    RoleFactory(user=jane, organization=practice)
    shared = OrganizationFactory(name="Fresh Start Clinic")
    RoleFactory(user=jane, organization=shared)
    RoleFactory(organization=shared)
    return jane


def page_of(user: User, deed: str) -> str:
    return f"/staff/accounts/user/{user.pk}/{deed}/"


def do(client: Client, user: User, deed: str, reason: str = "Left the practice") -> str:
    answer = client.post(page_of(user, deed), {"reason": reason}, follow=True)
    return words(answer.content.decode())


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_account_is_disabled_at_once_and_the_person_is_told(
    administrator: Client, jane: User, sign_in: SignIn
) -> None:
    browsers = [sign_in(jane), sign_in(jane)]
    told = do(administrator, jane, "disable")
    assert "The account of Jane Doe is disabled." in told
    assert "Account Disabled" in told
    assert [is_signed_in(browser) for browser in browsers] == [False, False]
    assert "isn’t right" in give_password(Client(), jane.user_id).content.decode()
    assert mails_to(jane) == ["Your account was disabled"]
    events = AuditEvent.objects.filter(object_id=str(jane.pk)).order_by("pk")
    assert [event.action for event in events] == ["user.disabled", *["session.ended"] * 2]
    assert {(event.actor_kind, event.reason) for event in events} == {
        ("staff", "Left the practice")
    }


def test_organizations_that_lose_their_last_official_are_named_before_and_after(
    administrator: Client, jane: User, practice: Organization
) -> None:
    before = words(administrator.get(page_of(jane, "disable")).content.decode())
    assert "Nobody could act for these organizations then: Better Business Health." in before
    assert "Fresh Start Clinic" not in before
    after = do(administrator, jane, "disable")
    assert "Without a Security Official now: Better Business Health." in after
    event = AuditEvent.objects.get(action="user.disabled")
    assert event.details["without_official"] == [str(practice.pk)]
    assert Role.objects.filter(user=jane).count() == 2


def test_long_list_of_organizations_is_cut(administrator: Client, jane: User) -> None:
    for number in range(30):
        RoleFactory(user=jane, organization=OrganizationFactory(name=f"Practice {number:02}"))
    before = words(administrator.get(page_of(jane, "disable")).content.decode())
    assert "Practice 18 and others." in before


def test_disabled_account_is_enabled_and_works_as_before(
    administrator: Client, jane: User, sign_in: SignIn
) -> None:
    do(administrator, jane, "disable")
    assert "The account of Jane Doe is enabled." in do(administrator, jane, "enable", "Came back")
    assert is_signed_in(sign_in(jane))
    assert mails_to(jane) == ["Your account was disabled", "Your account works again"]
    assert actions()[-1] == "user.enabled"


def test_doing_it_twice_writes_nothing_twice(administrator: Client, jane: User) -> None:
    for deed in ("disable", "disable", "enable", "enable"):
        do(administrator, jane, deed)
    assert actions() == ["user.disabled", "user.enabled"]
    assert Message.objects.count() == 2


def test_page_offers_what_is_possible(administrator: Client, jane: User) -> None:
    page = administrator.get(page_of(jane, "change")).content.decode()
    assert "Disable the account" in page
    assert "Enable the account" not in page
    User.objects.filter(pk=jane.pk).update(is_active=False)
    page = administrator.get(page_of(jane, "change")).content.decode()
    assert "Disable the account" not in page
    assert "Enable the account" in page
    assert "View as this person" not in page


def test_nobody_disables_themselves_or_without_a_reason(administrator: Client, jane: User) -> None:
    me = User.objects.get(is_staff=True)
    assert "Nobody disables or enables themselves." in do(administrator, me, "disable")
    assert "Enter the reason." in do(administrator, jane, "disable", reason=" ")
    assert User.objects.filter(is_active=False).count() == 0
    assert actions() == []


@pytest.mark.parametrize("who", ["reader", "service_center", "manager"])
def test_only_administrators_may(who: str, jane: User, request: Any) -> None:
    client = request.getfixturevalue(who)
    for deed in ("disable", "enable"):
        assert client.get(page_of(jane, deed)).status_code == 403
        assert client.post(page_of(jane, deed), {"reason": "x"}).status_code == 403
    assert "Disable the account" not in client.get(page_of(jane, "change")).content.decode()
    assert User.objects.get(pk=jane.pk).is_active


def test_officials_find_no_such_page(jane: User, sign_in: SignIn) -> None:
    assert sign_in(jane).post(page_of(jane, "disable"), {"reason": "x"}).status_code == 404


def test_connected_users_see_who_is_disabled(
    jane: User, practice: Organization, sign_in: SignIn
) -> None:
    stan = UserFactory(first_name="Stan", last_name="Abel", is_active=False)
    RoleFactory(user=stan, organization=practice, name="staff_user")
    page = sign_in(jane).get(f"/manage-access/organizations/{practice.pk}/users/")
    told = words(page.content.decode())
    assert "Stan Abel Staff User Account disabled" in told
    assert told.count("Account disabled") == 1
    heirs = sign_in(jane).get(f"/manage-access/organizations/{practice.pk}/hand-over/")
    assert "Stan Abel" not in heirs.content.decode()


def test_persons_page_tells_roles_requests_devices_and_sign_ins(
    service_center: Client, jane: User, practice: Organization, sign_in: SignIn
) -> None:
    sign_in(jane)
    page = service_center.get(page_of(jane, "change")).content.decode()
    told = words(page)
    assert f'href="/staff/organizations/organization/{practice.pk}/change/"' in page
    assert "Text message to ***-***-" in told
    assert "Live sessions Last used Paused unless used before 1 " in told
    assert "Sign-in history" in told
    assert "What blocks the person, and what to say" in told
