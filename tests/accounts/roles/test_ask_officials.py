"""*Ask our Security Official*: passed on, without telling who they are or whether there are any."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Message, OfficialsQuestion, User
from organizations.models import Organization
from tests.access.alike import without_what_differs
from tests.accounts.role_steps import DAY, mails_to, send
from tests.accounts.steps import sign_in_again
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
ASK = "/manage-access/ask/"
TEXT = "Who registers us this year?\nIs it still Jane?"
TYPED = {"kind": "group", "identifier": "00-0765630", "text": TEXT}


@pytest.fixture
def client(june: object, nell: User, sign_in: Callable[[User], Client]) -> Client:
    return sign_in(nell)


def test_question_reaches_every_official_once_with_who_asks(
    client: Client, nell: User, jane: User, practice: Organization
) -> None:
    other = RoleFactory(organization=practice).user
    staff = RoleFactory(organization=practice, name="staff_user").user
    gone = RoleFactory(organization=practice, user=UserFactory(is_active=False)).user
    answer = client.post(ASK, TYPED, follow=True)
    assert "<h1>We received your question</h1>" in answer.content.decode()
    send()
    send()
    subject = "A question to the Security Officials of Better Business Health"
    assert mails_to(jane) == mails_to(other) == [subject]
    assert mails_to(staff) == mails_to(gone) == mails_to(nell) == []
    body = Message.objects.get(to=jane.email).body
    assert "Nell Abara asks:" in body
    assert "> Who registers us this year?\n> Is it still Jane?" in body
    assert f"write to {nell.email}" in body


def test_text_is_forgotten_once_it_is_passed_on(
    client: Client, practice: Organization, nell: User
) -> None:
    client.post(ASK, TYPED)
    client.post(ASK, {**TYPED, "identifier": "00-9999999"})
    assert set(OfficialsQuestion.objects.values_list("text", flat=True)) == {TEXT}
    send()
    assert set(OfficialsQuestion.objects.values_list("text", flat=True)) == {""}
    assert not OfficialsQuestion.objects.filter(passed_at=None).exists()
    told = [str(event) for event in AuditEvent.objects.values()]
    assert not any(secret in one for one in told for secret in ("registers us", "0765630"))


def test_known_and_unknown_identifiers_are_answered_alike(
    client: Client, practice: Organization, jane: User
) -> None:
    RoleFactory.create_batch(3, organization=practice)
    without_official = OrganizationFactory().shown_identifier
    met = []
    for identifier in ("00-0765630", without_official, "00-9999999"):
        answer = client.post(ASK, {**TYPED, "identifier": identifier})
        page = without_what_differs(client.get(answer.url))
        met.append((answer.status_code, answer.url, page, Message.objects.count()))
        assert practice.name not in page[1]
        assert jane.last_name not in page[1]
    assert met[0] == met[1] == met[2]


def test_ten_questions_a_day(client: Client, nell: User, june: Any, sign_in: Any) -> None:
    for number in range(10):
        assert client.post(ASK, {**TYPED, "identifier": f"00-99999{number:02}"}).status_code == 302
    answer = client.post(ASK, TYPED)
    assert answer.status_code == 409
    text = words(answer.content.decode())
    assert "You can ask 10 questions a day. The next is possible on June 3, 2023" in text
    assert "Is it still Jane?" in text
    june.shift(DAY)
    assert sign_in(nell).post(ASK, TYPED).status_code == 302


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("kind", "", "Select the kind of organization."),
        ("identifier", "00-076563", "A TIN has nine digits"),
        ("text", " \n ", "Enter your question."),
        ("text", "a" * 1001, "at most 1000 characters"),
        ("text", "a\x1bb", "invisible character"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(
    client: Client, field: str, typed: str, error: str
) -> None:
    answer = client.post(ASK, {**TYPED, field: typed})
    assert answer.status_code == 422
    assert error in " ".join(answer.context["form"].errors[field])
    assert not OfficialsQuestion.objects.exists()


def test_question_comes_back_after_signing_in_again(client: Client, nell: User, june: Any) -> None:
    june.shift(3600)
    refused = client.post(ASK, TYPED, HTTP_REFERER=f"http://testserver{ASK}")
    assert "Is it still Jane?" in sign_in_again(client, nell, refused)
