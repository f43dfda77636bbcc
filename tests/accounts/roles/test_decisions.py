"""Security Officials decide what their organizations are asked for; nobody decides their own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Role, RoleRequest, User
from organizations.models import Organization
from tests.accounts.role_steps import (
    ACCESS,
    DAY,
    INBOX,
    approve_page,
    asked,
    deny_page,
    mails_to,
    own_page,
    send,
    submit,
)
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.counting import takes
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def client(june: object, jane: User, practice: Organization, sign_in: SignIn) -> Client:
    return sign_in(jane)


@pytest.fixture
def request_(june: object, nell: User, practice: Organization) -> RoleRequest:
    """Nell asks to be Staff User of Jane's practice; Jane has heard of it."""
    request = asked(nell, practice)
    send()
    return request


def html(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def events(*actions: str) -> list[str]:
    found = AuditEvent.objects.filter(action__in=actions).order_by("pk")
    return list(found.values_list("action", flat=True))


def test_manage_access_leads_to_what_waits(client: Client, request_: RoleRequest) -> None:
    page = html(client, ACCESS)
    assert f'<a href="{INBOX}">1 role request</a>' in page
    text = words(html(client, INBOX))
    assert "Nell Abara Practice Manager Staff User Better Business Health" in text
    assert "Pending since June 2, 2023 at 2:31 p.m. ET" in text
    assert f'href="{approve_page(request_)}"' in html(client, INBOX)


def test_approving_shows_who_asks_and_gives_the_role(
    client: Client, request_: RoleRequest, nell: User, jane: User, sign_in: SignIn
) -> None:
    other = RoleFactory(organization=request_.organization).user
    text = words(html(client, approve_page(request_)))
    for fact in ("Nell Abara, Practice Manager", nell.email, "(202) 555-0123", "TIN 00-0765630"):
        assert fact in text
    assert "Nell Abara becomes Staff User at once." in text
    assert not Role.objects.filter(user=nell).exists()
    theirs = sign_in(nell)
    address = f"/manage-access/organizations/{request_.organization_id}/users/"
    assert theirs.get(address).status_code == 404

    answer = client.post(approve_page(request_))
    assert answer.url == INBOX
    said = "Approved by Jane Doe on June 2, 2023 at 2:31 p.m. ET: Nell Abara, Staff User of Better"
    assert said in words(html(client, INBOX))
    role = Role.objects.get(user=nell)
    assert (role.name, role.granted_by) == ("staff_user", "Jane Doe")
    assert theirs.get(address).status_code == 200
    assert "You are Staff User of Better Business Health" in words(html(theirs, own_page(request_)))
    assert "Pending since" not in html(theirs, ACCESS)
    assert "You are Staff User of Better Business Health" in mails_to(nell)
    assert any(subject.startswith("Nothing to decide any more") for subject in mails_to(other))
    assert not any(subject.startswith("Nothing to decide") for subject in mails_to(jane))


def test_longest_names_fit_everywhere(
    client: Client, request_: RoleRequest, nell: User, jane: User
) -> None:
    for user in (nell, jane):
        User.objects.filter(pk=user.pk).update(first_name="F" * 100, last_name="L" * 100)
    Organization.objects.update(name="N" * 200)
    assert client.post(approve_page(request_)).url == INBOX
    assert Role.objects.get(user=nell).granted_by == f"{'F' * 100} {'L' * 49}"


def test_approving_again_changes_nothing(client: Client, request_: RoleRequest) -> None:
    other = RoleFactory(organization=request_.organization).user
    for _ in range(2):
        assert client.post(approve_page(request_)).url == INBOX
    assert events("role_request.approved", "role.granted") == [
        *("role_request.approved", "role.granted"),
    ]
    count = len(mails_to(other))
    client.post(approve_page(request_))
    assert len(mails_to(other)) == count
    text = words(html(client, approve_page(request_)))
    assert "This request can’t be approved" in text
    assert "Approved by Jane Doe" in text


def test_approving_needs_a_recent_proof(client: Client, request_: RoleRequest, june: Any) -> None:
    june.shift(6 * 60)
    for answer in (client.get(approve_page(request_)), client.post(approve_page(request_))):
        assert answer.url.startswith("/confirm-identity/")
    request_.refresh_from_db()
    assert request_.status == "pending"


def test_denying_needs_a_reason_that_the_person_reads(
    client: Client, request_: RoleRequest, nell: User, sign_in: SignIn
) -> None:
    answer = client.post(deny_page(request_), {"reason": " "})
    assert answer.status_code == 422
    assert "Enter the reason." in answer.content.decode()
    for _ in range(2):
        assert client.post(deny_page(request_), {"reason": "Ask Stan first."}).url == INBOX
    assert events("role_request.denied") == ["role_request.denied"]
    theirs = sign_in(nell)
    text = words(html(theirs, ACCESS))
    assert "Denied on June 2, 2023 at 2:31 p.m. ET Reason: Ask Stan first." in text
    text = words(html(theirs, own_page(request_)))
    assert "Your request was denied" in text
    assert "Denied by Jane Doe" in text
    assert "Your role request was denied" in mails_to(nell)
    assert not Role.objects.filter(user=nell).exists()
    assert submit(theirs).status_code == 302


def test_denied_request_is_listed_for_thirty_days(
    client: Client, request_: RoleRequest, nell: User, june: Any, sign_in: SignIn
) -> None:
    client.post(deny_page(request_), {"reason": "Ask Stan first."})
    june.shift(29 * DAY)
    assert "Ask Stan first." in html(sign_in(nell), ACCESS)
    june.shift(2 * DAY)
    assert "Ask Stan first." not in html(sign_in(nell), ACCESS)


def test_decided_one_way_it_cant_be_decided_the_other(
    client: Client, request_: RoleRequest
) -> None:
    client.post(deny_page(request_), {"reason": "Ask Stan first."})
    answer = client.post(approve_page(request_))
    assert answer.status_code == 409
    assert "was denied on June 2, 2023" in words(answer.content.decode())
    assert not Role.objects.filter(user=request_.user).exists()


def test_nobody_decides_their_own_request_not_even_as_official_elsewhere(
    request_: RoleRequest, nell: User, practice: Organization, sign_in: SignIn
) -> None:
    RoleFactory(user=nell)
    theirs = sign_in(nell)
    for page in (approve_page(request_), deny_page(request_)):
        assert theirs.get(page).status_code == 404
        assert theirs.post(page, {"reason": "Mine."}).status_code == 404
    assert words(html(theirs, INBOX)).count("Nell Abara") == 1  # in the side bar
    request_.refresh_from_db()
    assert request_.status == "pending"


@pytest.mark.parametrize("role", ["staff_user", ""])
def test_nobody_but_a_security_official_decides(
    request_: RoleRequest, practice: Organization, sign_in: SignIn, role: str
) -> None:
    user = UserFactory()
    if role:
        RoleFactory(user=user, organization=practice, name=role)
    RoleFactory(user=user)
    for page in (approve_page(request_), deny_page(request_)):
        assert sign_in(user).get(page).status_code == 404
        assert sign_in(user).post(page, {"reason": "No."}).status_code == 404


def test_official_whose_role_ended_decides_nothing_with_the_next_request(
    client: Client, request_: RoleRequest, jane: User
) -> None:
    assert client.get(approve_page(request_)).status_code == 200
    Role.objects.filter(user=jane).delete()
    assert client.post(approve_page(request_)).status_code == 404
    assert not Role.objects.filter(user=request_.user).exists()


def test_request_is_over_after_thirty_days_to_the_second(
    request_: RoleRequest, june: Any, jane: User, sign_in: SignIn
) -> None:
    june.shift(30 * DAY.total_seconds() - 1)
    assert sign_in(jane).get(approve_page(request_)).status_code == 200
    assert "1 role request" in html(sign_in(jane), ACCESS)
    june.shift(1)
    client = sign_in(jane)
    answer = client.post(approve_page(request_))
    assert answer.status_code == 409
    assert "This request has expired." in answer.content.decode()
    assert "1 role request" not in html(client, ACCESS)


def test_who_became_official_meanwhile_isnt_made_less_by_an_old_request(
    client: Client, request_: RoleRequest, nell: User, practice: Organization
) -> None:
    RoleFactory(user=nell, organization=practice)
    answer = client.post(approve_page(request_))
    assert answer.status_code == 409
    assert "Security Official already" in answer.content.decode()
    assert Role.objects.get(user=nell).name == "security_official"
    assert client.post(deny_page(request_), {"reason": "You are more."}).url == INBOX


def test_staff_user_becomes_official_by_a_request(
    client: Client, nell: User, practice: Organization
) -> None:
    RoleFactory(user=nell, organization=practice, name="staff_user")
    client.post(approve_page(asked(nell, practice, "security_official")))
    assert Role.objects.get(user=nell).name == "security_official"


@pytest.mark.parametrize("number", [1, 3, 60])
def test_inbox_of_many_organizations_takes_as_many_queries(
    june: object, jane: User, sign_in: SignIn, number: int
) -> None:
    for _ in range(number):
        organization = OrganizationFactory()
        RoleFactory(user=jane, organization=organization)
        asked(UserFactory(), organization)
    client = sign_in(jane)
    with takes(3):
        page = html(client, INBOX)
    assert page.count('<li class="request">') == min(number, 25)
    if number == 60:
        assert "Showing 26–50 of 60 requests" in html(client, f"{INBOX}?page=2")
    request = RoleRequest.objects.latest("pk")
    with takes(4):
        client.get(approve_page(request))


@pytest.mark.parametrize("number", [1, 40])
def test_own_requests_take_as_many_queries_and_have_their_page(
    june: Any, nell: User, sign_in: SignIn, number: int
) -> None:
    for place in range(number):
        asked(nell, OrganizationFactory())
        if place % 9 == 8:
            june.shift(3600)
    client = sign_in(nell)
    with takes(3):
        page = html(client, ACCESS)
    assert page.count('<li class="request">') == min(number, 5)
    assert ("All my requests" in page) == (number > 5)
    with takes(3):
        page = html(client, "/manage-access/my-requests/")
    assert page.count('<li class="request">') == min(number, 25)


def test_other_officials_hear_of_an_approval_before_they_were_asked(
    client: Client, nell: User, practice: Organization
) -> None:
    other = RoleFactory(organization=practice).user
    request = asked(nell, practice, "security_official")
    assert client.post(approve_page(request)).status_code == 302
    assert [subject for subject in mails_to(other) if "Nothing to decide any more" in subject]


def test_request_of_a_disabled_person_can_be_denied_only(
    client: Client, nell: User, request_: RoleRequest
) -> None:
    nell.is_active = False
    nell.save()
    answer = client.post(approve_page(request_))
    assert answer.status_code == 409
    assert "This account is disabled." in words(answer.content.decode())
    assert not Role.objects.filter(user=nell).exists()
    client.post(deny_page(request_), {"reason": "Left the practice."})
    assert RoleRequest.objects.get().status == "denied"
