"""*Connect to Organization*: asking for a role, the same for known and unknown identifiers."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, Message, Role, RoleRequest, User
from organizations.models import Organization
from tests.access.alike import without_what_differs
from tests.accounts.role_steps import (
    ACCESS,
    CONNECT,
    DAY,
    TYPED,
    asked,
    mails_to,
    own_page,
    send,
    submit,
)
from tests.accounts.steps import sign_in_again
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
UNKNOWN = "00-9999999"


@pytest.fixture
def client(june: object, nell: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(nell)


def html(client: Client, path: str = ACCESS) -> str:
    return client.get(path, follow=True).content.decode()


def hidden(page: str) -> dict[str, str]:
    """What the review would send."""
    return dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', page))


def test_person_without_an_organization_is_led_to_connect_and_to_ask(client: Client) -> None:
    for page in (ACCESS, "/help/", "/home/"):
        assert f'href="{CONNECT}"' in html(client, page)
    for page in (ACCESS, "/help/"):
        assert 'href="/manage-access/ask/"' in html(client, page)


def test_no_role_is_chosen_beforehand_and_each_is_explained(client: Client) -> None:
    page = html(client, CONNECT)
    radios = re.findall(r'<input type="radio"[^>]*>', page)
    assert len(radios) == 5
    assert not any("checked" in radio for radio in radios)
    text = words(page)
    assert "Security Official Registers the organization" in text
    assert "Staff User Sees the organization and its registration, but changes nothing." in text
    assert "nobody decides within 3 business days, CMS staff decide" in text
    assert "ends after 30 days" in text


def test_review_shows_what_will_be_sent_and_sends_nothing(client: Client, nell: User) -> None:
    page = client.post(CONNECT, {**TYPED, "review": "1"})
    text = words(page.content.decode())
    assert "<h1>Review your request</h1>" in page.content.decode()
    assert "TIN 00-0765630" in text
    assert "Work phone (202) 555-0123" in text
    assert not RoleRequest.objects.exists()
    sent = {
        name: value.replace("&#x27;", "'") for name, value in hidden(page.content.decode()).items()
    }
    assert sent == TYPED
    again = client.post(CONNECT, {**sent, "edit": "1"}).content.decode()
    assert "<h1>Connect to Organization</h1>" in again
    assert 'value="00-0765630"' in again
    assert re.search(r'value="staff_user"[^>]*checked', again)
    answer = client.post(CONNECT, {**sent, "submit": "1"})
    request = RoleRequest.objects.get()
    assert answer.url == own_page(request)
    assert (request.user, request.identifier, request.role) == (nell, "000765630", "staff_user")
    assert (request.work_phone, request.note) == ("2025550123", TYPED["note"])


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("kind", "", "Select the kind of organization."),
        ("kind", "registry", "not one of the available choices"),
        ("identifier", "", "Enter the identifier of the organization."),
        ("identifier", "12345", "A TIN has nine digits"),
        ("role", "", "Select the role that you need."),
        ("role", "superuser", "not one of the available choices"),
        ("job_title", "", "Enter your job title."),
        ("job_title", "a\x00b", "Remove the line break or invisible character."),
        ("work_phone", "555", "Enter a 10-digit phone number"),
        ("note", "a\u202eb", "Remove the line break or invisible character."),
        ("note", "a" * 1001, "at most 1000 characters"),
    ],
)
def test_what_is_wrong_is_told_at_the_field_and_nothing_is_asked(
    client: Client, field: str, typed: str, error: str
) -> None:
    answer = submit(client, **{field: typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "<title>Error: Connect to Organization" in page
    assert error in page.split("There is a problem")[1]
    assert error in " ".join(answer.context["form"].errors[field])
    assert not RoleRequest.objects.exists()


def test_request_stays_visible_as_pending_and_names_no_organization(
    client: Client, practice: Organization
) -> None:
    page = client.get(submit(client).url).content.decode()
    assert "<h1> Your request is sent and pending </h1>" in " ".join(page.split())
    text = words(html(client))
    assert "Pending since June 2, 2023 at 2:31 p.m. ET" in text
    assert "TIN 00-0765630" in text
    assert "Withdraw" in text
    assert practice.name not in page + text


def test_pending_request_reads_nothing(client: Client, practice: Organization) -> None:
    submit(client, role="security_official")
    send()
    assert client.get(f"/manage-access/organizations/{practice.pk}/users/").status_code == 404
    assert practice.name not in html(client, ACCESS)


def tries(client: Client, identifier: str, user: User) -> list[Any]:
    """All that the person meets while asking with that identifier, made comparable."""
    met: list[Any] = []
    with CaptureQueriesContext(connection) as reviewing:
        met.append(without_what_differs(client.post(CONNECT, {**TYPED, "identifier": identifier})))
    with CaptureQueriesContext(connection) as asking:
        answer = submit(client, identifier=identifier)
    request = RoleRequest.objects.latest("asked_at", "pk")
    met.append(answer.status_code)
    for page in (own_page(request), ACCESS, f"{own_page(request)}withdraw/"):
        met.append(without_what_differs(client.get(page)))
    met.append(mails_to(user))
    met += [len(reviewing), len(asking)]
    shown, stored = f"{identifier}", identifier.replace("-", "")
    return [re.sub(f"{shown}|{stored}|{request.pk}", "", str(part)) for part in met]


def test_known_and_unknown_identifiers_are_answered_alike(
    client: Client, nell: User, practice: Organization
) -> None:
    """Also by the work that is done: whoever measures the time learns nothing."""
    RoleFactory.create_batch(3, organization=practice)
    without_official = OrganizationFactory()
    seen = []
    for identifier in ("00-0765630", without_official.shown_identifier, UNKNOWN):
        seen.append(tries(client, identifier, nell))
        RoleRequest.objects.all().delete()
        Message.objects.all().delete()
    assert seen[0] == seen[1] == seen[2]


def test_twenty_tries_for_known_and_unknown_end_at_the_same_limit(
    june: Any, client: Client, sign_in: Callable[[User], Client]
) -> None:
    known = [OrganizationFactory().shown_identifier for _ in range(12)]
    unknown = [f"00-99999{number:02}" for number in range(12)]
    statuses = []
    for person, identifiers in ((client, known), (sign_in(UserFactory()), unknown)):
        statuses.append([submit(person, identifier=one).status_code for one in identifiers])
    assert statuses == [[302] * 10 + [409] * 2] * 2
    assert "You can ask for 10 roles an hour" in submit(client, identifier=UNKNOWN).content.decode()
    june.shift(DAY / 24)
    assert RoleRequest.objects.filter(user__user_id="nell.abara").count() == 10


def test_limit_ends_after_an_hour_and_withdrawing_doesnt_lift_it(
    june: Any, nell: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(nell)
    for number in range(10):
        submit(client, identifier=f"00-99999{number:02}")
        june.shift(60)
    for request in RoleRequest.objects.all():
        client.post(f"{own_page(request)}withdraw/")
    assert submit(client).status_code == 409
    june.shift(50 * 60)
    assert submit(sign_in(nell)).status_code == 302


def test_asking_twice_is_asking_once(client: Client, practice: Organization) -> None:
    assert submit(client).url == submit(client).url
    assert RoleRequest.objects.count() == 1
    assert AuditEvent.objects.filter(action="role_request.asked").count() == 1
    answer = submit(client, role="security_official")
    assert answer.status_code == 409
    assert "is pending. Withdraw it to ask for another role." in answer.content.decode()


def test_who_has_the_role_needs_no_other_and_a_staff_user_may_ask_for_more(
    june: Any, jane: User, practice: Organization, sign_in: Callable[[User], Client]
) -> None:
    official = sign_in(jane)
    for role, said in (
        ("security_official", "You are Security Official of this organization already."),
        ("staff_user", "which includes what a Staff User may"),
    ):
        answer = submit(official, role=role)
        assert (answer.status_code, said in answer.content.decode()) == (409, True)
    staff = RoleFactory(organization=practice, name="staff_user").user
    assert submit(sign_in(staff), role="security_official").status_code == 302


def test_staff_user_asks_for_more_from_the_list(
    client: Client, nell: User, practice: Organization, june: Any
) -> None:
    assert 'value="00-0765630"' not in html(client, f"{CONNECT}?organization={practice.pk}")
    assert client.get(f"{CONNECT}?organization=none").status_code == 200
    RoleFactory(user=nell, organization=practice, name="staff_user")
    link = f'href="{CONNECT}?organization={practice.pk}"'
    assert link in html(client)
    page = html(client, f"{CONNECT}?organization={practice.pk}")
    assert 'value="00-0765630"' in page
    assert re.search(r'value="group"[^>]*checked', page)
    assert not re.search(r'value="(security_official|staff_user)"[^>]*checked', page)
    Role.objects.filter(user=nell).update(name="security_official")
    assert link not in html(client)


def test_withdrawing_asks_first_and_tells_who_was_asked_to_decide(
    client: Client, nell: User, jane: User, practice: Organization
) -> None:
    submit(client)
    send()
    request = RoleRequest.objects.get()
    page = client.get(f"{own_page(request)}withdraw/").content.decode()
    assert "Withdraw this request?" in page
    for _ in range(2):
        answer = client.post(f"{own_page(request)}withdraw/")
        assert answer.url == ACCESS
    text = words(html(client))
    assert "Your request is withdrawn." in text
    assert "Pending since" not in text
    assert mails_to(nell) == ["Your role request is withdrawn", "Your role request was received"]
    assert mails_to(jane)[0] == f"Nothing to decide any more: a role request for {practice.name}"
    assert AuditEvent.objects.filter(action="role_request.withdrawn").count() == 1
    assert submit(client).status_code == 302


def test_deciders_are_told_by_the_sender_once(
    client: Client, jane: User, practice: Organization
) -> None:
    other = RoleFactory(organization=practice).user
    RoleFactory(organization=practice, user=UserFactory(is_active=False))
    RoleFactory(organization=practice, name="staff_user")
    submit(client)
    assert mails_to(jane) == []
    send()
    send()
    subject = f"To decide: a role request for {practice.name}"
    assert mails_to(jane) == mails_to(other) == [subject]
    assert Message.objects.filter(subject=subject).count() == 2
    assert "Nell Abara asks for the role Staff User of Better Business Health" in (
        Message.objects.filter(subject=subject).first().body
    )


def test_no_mail_and_no_event_holds_the_identifier(
    client: Client, practice: Organization, nell: User
) -> None:
    submit(client)
    asked(nell, None)
    send()
    told = [str(row) for row in (*Message.objects.values(), *AuditEvent.objects.values())]
    assert len(told) > 4
    for secret in ("000765630", "00-0765630", "009999999", "00-9999999", "2025550123"):
        assert not any(secret in one for one in told)


def test_what_was_typed_comes_back_after_signing_in_again(
    client: Client, nell: User, june: Any
) -> None:
    june.shift(3600)
    refused = client.post(CONNECT, TYPED, HTTP_REFERER=f"http://testserver{CONNECT}")
    page = sign_in_again(client, nell, refused)
    assert 'value="00-0765630"' in page
    assert "I keep our registrations." in page
    assert re.search(r'value="staff_user"[^>]*checked', page)
    assert not RoleRequest.objects.exists()


def test_forged_fields_change_nothing(client: Client, practice: Organization, jane: User) -> None:
    submit(
        client,
        status="approved",
        organization=str(practice.pk),
        user=str(jane.pk),
        decided_by_name="Jane",
        asked_at="2020-01-01",
    )
    request = RoleRequest.objects.get()
    assert (request.status, request.decided_at, request.user.user_id) == (
        *("pending", None, "nell.abara"),
    )
    assert Role.objects.count() == 1
