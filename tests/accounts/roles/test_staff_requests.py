"""The staff's queue: the first Security Official, identifiers that nobody has, and delays."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent, Role, RoleRequest, User
from organizations.models import Organization
from tests.accounts.role_steps import DAY, asked, mails_to, own_page, send
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.counting import takes
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
QUEUE = "/staff/accounts/rolerequest/"
REASON = {"reason": "Called the practice."}
SignIn = Callable[[User], Client]


@pytest.fixture
def casey(june: object) -> User:
    """CMS staff."""
    return UserFactory(first_name="Casey", last_name="Moreau", is_staff=True)


@pytest.fixture
def client(casey: User, sign_in: SignIn) -> Client:
    return sign_in(casey)


@pytest.fixture
def orphan() -> Organization:
    """A practice without any Security Official."""
    return OrganizationFactory(name="Orphan Practice", identifier="000111222")


def page_of(request: RoleRequest, deed: str = "") -> str:
    if not deed:
        return reverse("admin:accounts_rolerequest_change", args=[request.pk])
    return reverse(f"admin:accounts_rolerequest_{deed}", args=[request.pk])


def html(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


def status_of(request: RoleRequest) -> str:
    return RoleRequest.objects.get(pk=request.pk).status


def test_queue_shows_pending_first_the_one_that_waits_longest_on_top(
    client: Client, nell: User, orphan: Organization, practice: Organization, june: Any
) -> None:
    people = [UserFactory(first_name=name, last_name="Abara") for name in ("Ann", "Ben", "Cleo")]
    done = asked(people[0], practice)
    june.shift(60)
    asked(people[1], None)
    june.shift(60)
    asked(people[2], orphan)
    RoleRequest.objects.filter(pk=done.pk).update(
        status="withdrawn", decided_at=done.asked_at, decided_by_name="Ann"
    )
    text = words(html(client, QUEUE))
    assert text.index("Ben Abara") < text.index("Cleo Abara") < text.index("Ann Abara")
    assert "Not found" in text
    assert "Practice, TIN 00-9999999" in text
    assert "1 minute" in text.replace("\xa0", " ")
    assert "Ben" not in words(html(client, f"{QUEUE}?status__exact=withdrawn"))
    asked(UserFactory(first_name="Dee", last_name="Abara"), practice)
    for case, name in (("unknown", "Ben"), ("nobody", "Cleo"), ("officials", "Dee")):
        table = html(client, f"{QUEUE}?organization={case}").split('id="result_list"')[1]
        assert re.findall(r">(\w+) Abara<", table) == [name]


def test_request_whose_organization_was_found_was_touched(
    client: Client, orphan: Organization, june: Any
) -> None:
    def queue() -> list[str]:
        table = html(client, QUEUE).split('id="result_list"')[1]
        return re.findall(r">(\w+) Abara<", table)

    people = [UserFactory(first_name=name, last_name="Abara") for name in ("Ann", "Ben")]
    ann = asked(people[0], None)
    june.shift(60)
    asked(people[1], None)
    assert queue() == ["Ann", "Ben"]
    june.shift(60)
    typed = {"kind": orphan.kind, "identifier": orphan.identifier, **REASON}
    assert client.post(page_of(ann, "match"), typed).url == page_of(ann)
    assert queue() == ["Ben", "Ann"]


def test_queue_is_read_in_the_order_of_its_index(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get(QUEUE)
    sql = next(q["sql"] for q in captured if "<> 'pending'" in q["sql"])
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        if not is_sqlite:
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{sql}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "role_request_queue" in plan
    assert not re.search("Sort|TEMP B-TREE", plan)


def test_first_official_is_approved_by_staff_with_a_reason(
    client: Client, nell: User, orphan: Organization, casey: User, sign_in: SignIn
) -> None:
    request = asked(nell, orphan, "security_official")
    assert "Approve" in html(client, page_of(request))
    answer = client.post(page_of(request, "approve"), {"reason": ""})
    assert (answer.status_code, status_of(request)) == (422, "pending")
    for _ in range(2):
        answer = client.post(page_of(request, "approve"), REASON)
        assert answer.url == page_of(request)
    assert Role.objects.get(user=nell).name == "security_official"
    event = AuditEvent.objects.get(action="role_request.approved")
    assert (event.actor_kind, event.actor_name, event.reason) == (
        *("staff", "Casey Moreau", "Called the practice."),
    )
    history = f"/manage-access/organizations/{orphan.pk}/history/"
    assert "Called the practice" not in html(sign_in(nell), history), "how staff made sure"
    assert "the role Security Official" in html(sign_in(nell), history)
    assert "You are Security Official of Orphan Practice" in mails_to(nell)
    assert "Casey" not in html(sign_in(nell), own_page(request))


def test_what_officials_can_decide_is_theirs_for_three_business_days(
    client: Client, nell: User, practice: Organization, june: Any, casey: User, sign_in: SignIn
) -> None:
    request = asked(nell, practice)
    page = html(client, page_of(request))
    assert "CMS staff may decide from June 7, 2023 at 2:31 p.m. ET on." in words(page)
    assert page_of(request, "approve") not in page
    for deed in ("approve", "deny"):
        answer = client.post(page_of(request, deed), REASON)
        assert (answer.status_code, status_of(request)) == (422, "pending")
        assert "CMS staff may decide from June 7" in words(answer.content.decode())
    june.shift(5 * DAY)
    assert sign_in(casey).post(page_of(request, "deny"), REASON).url == page_of(request)
    assert status_of(request) == "denied"
    assert "Denied by CMS staff" in words(html(sign_in(nell), own_page(request)))


def test_unknown_identifier_is_denied_with_a_reason_by_mail(client: Client, nell: User) -> None:
    request = asked(nell, None)
    answer = client.post(page_of(request, "approve"), REASON)
    assert "Find the organization first" in words(answer.content.decode())
    client.post(page_of(request, "deny"), {"reason": "Nobody has this TIN. Check the digits."})
    assert status_of(request) == "denied"
    assert "Your role request was denied" in mails_to(nell)


def test_found_organization_gets_the_request_and_its_officials_decide(
    client: Client, nell: User, jane: User, practice: Organization, june: Any, sign_in: SignIn
) -> None:
    request = asked(nell, None)
    send()
    june.shift(60)
    for wrong, said in (("00-9999999", "There is no Group with this TIN."), ("1", "nine digits")):
        answer = client.post(
            page_of(request, "match"), {"kind": "group", "identifier": wrong} | REASON
        )
        assert (answer.status_code, said in words(answer.content.decode())) == (422, True)
    found = {"kind": "group", "identifier": "00-0765630"} | REASON
    for _ in range(2):
        assert client.post(page_of(request, "match"), found).url == page_of(request)
    assert AuditEvent.objects.filter(action="role_request.matched").count() == 1
    assert mails_to(jane) == []
    send()
    assert mails_to(jane) == [f"To decide: a role request for {practice.name}"]
    assert "from June 7, 2023 at 2:32 p.m. ET" in words(html(client, page_of(request)))
    assert practice.name not in html(sign_in(nell), own_page(request))
    sign_in(jane).post(f"/manage-access/requests/{request.pk}/approve/")
    assert Role.objects.get(user=nell).organization == practice


def test_match_doesnt_make_two_pending_requests_of_one_person(
    client: Client, nell: User, practice: Organization
) -> None:
    asked(nell, practice)
    request = asked(nell, None)
    found = {"kind": "group", "identifier": "00-0765630"} | REASON
    answer = client.post(page_of(request, "match"), found)
    assert "The person has another pending request there." in words(answer.content.decode())
    assert RoleRequest.objects.get(pk=request.pk).organization is None


def test_staff_decides_nothing_for_themselves(
    client: Client, casey: User, orphan: Organization
) -> None:
    for request in (asked(casey, orphan, "security_official"), asked(casey, None)):
        assert "Nobody decides their own request." in words(html(client, page_of(request)))
        for deed in ("approve", "deny"):
            answer = client.post(page_of(request, deed), REASON)
            assert (answer.status_code, status_of(request)) == (422, "pending")
    found = {"kind": "group", "identifier": OrganizationFactory().identifier} | REASON
    answer = client.post(page_of(request, "match"), found)
    assert "Nobody decides their own request." in words(answer.content.decode())
    assert RoleRequest.objects.get(pk=request.pk).organization is None


def test_deciding_needs_a_recent_proof_and_staff(
    client: Client, nell: User, orphan: Organization, june: Any, sign_in: SignIn
) -> None:
    request = asked(nell, orphan)
    official = RoleFactory(organization=OrganizationFactory()).user
    for page in (QUEUE, page_of(request), page_of(request, "approve"), page_of(request, "match")):
        assert sign_in(official).get(page).status_code == 404
        assert sign_in(official).post(page, REASON).status_code == 404
        assert Client().get(page).url.startswith("/sign-in/")
    june.shift(6 * 60)
    for deed in ("approve", "deny", "match"):
        assert client.post(page_of(request, deed), REASON).url.startswith("/confirm-identity/")
    assert status_of(request) == "pending"


def test_nothing_is_added_changed_or_deleted_past_the_services(
    client: Client, casey: User, nell: User, orphan: Organization
) -> None:
    User.objects.filter(pk=casey.pk).update(is_superuser=True)
    request = asked(nell, orphan)
    assert client.post(f"{QUEUE}add/", {}).status_code == 403
    assert client.post(f"{QUEUE}{request.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(page_of(request), {"status": "approved"})
    client.post(QUEUE, {"action": "delete_selected", "_selected_action": str(request.pk)})
    assert status_of(request) == "pending"
    assert client.get(f"{QUEUE}not-a-key/change/").status_code == 404


@pytest.mark.parametrize("number", [1, 3, 70])
def test_queue_takes_as_many_queries(client: Client, june: Any, number: int) -> None:
    for place in range(number):
        asked(UserFactory(), OrganizationFactory() if place % 2 else None)
    with takes(5):
        page = html(client, QUEUE)
    assert page.count('class="field-who"') == min(number, 50)
