"""Where the focus is when a page is opened: on what happened, what is wrong, or the first field."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Message, User
from accounts.policy.rights import StaffGroup
from tests.accounts.steps import ask_for_code, enter, give_password, person_with_phone, wrong_code
from tests.factories import DURING

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
MESSAGES, SUMMARY = 'id="messages"', 'class="error-summary"'


def focused(answer: object) -> str:
    """The one element of the page that asks for the focus."""
    main = answer.content.decode().split("</main>")[0]
    (found,) = re.findall(r"<[^>]*\sautofocus\b[^>]*>", main)
    return found


def test_first_field_of_a_short_page_has_the_focus(client: Client) -> None:
    user = person_with_phone()
    assert 'name="user_id"' in focused(client.get("/sign-in/"))
    assert 'user_id"' in focused(client.get("/recover/"))
    give_password(client, user.user_id)
    ask_for_code(client, user)
    assert 'name="code"' in focused(client.get("/sign-in/verify/code/"))


def test_what_is_wrong_goes_before_the_first_field(client: Client) -> None:
    user = person_with_phone()
    assert SUMMARY in focused(give_password(client, user.user_id, "wrong"))
    assert SUMMARY in focused(client.post("/recover/", {"what": "find", "email": ""}))
    assert SUMMARY in focused(client.post("/recover/", {"what": "reset", "user_id": ""}))
    give_password(client, user.user_id)
    ask_for_code(client, user)
    assert SUMMARY in focused(enter(client, wrong_code()))


def test_why_somebody_was_signed_out_goes_before_the_first_field(client: Client) -> None:
    assert "autofocus" not in client.get("/sign-in/?why=idle").content.decode()


def test_what_happened_has_the_focus(sign_in: SignIn) -> None:
    client = sign_in(person_with_phone(first_name="Jane", last_name="Doe"))
    form = {"first_name": "Janet", "last_name": "Doe", "phone": "202-555-0123"}
    answer = client.post("/account/profile/", form, follow=True)
    assert "Your profile is changed." in answer.content.decode()
    assert MESSAGES in focused(answer)
    assert MESSAGES in focused(client.post("/sign-out/", follow=True))


def test_what_is_wrong_goes_before_what_happened(sign_in: SignIn) -> None:
    client = sign_in(person_with_phone(first_name="Jane", last_name="Doe"))
    form = {"first_name": "Janet", "last_name": "Doe", "phone": "202-555-0123"}
    client.post("/account/profile/", form)
    answer = client.post("/account/profile/", form | {"last_name": ""})
    assert "Your profile is changed." in answer.content.decode()
    assert SUMMARY in focused(answer)


def test_what_happened_has_the_focus_on_the_staff_site_too(sign_in: SignIn) -> None:
    client = sign_in(person_with_phone(staff_group=StaffGroup.ADMINISTRATOR))
    values = {"channel": "email", "to": "jane@example.org", "subject": "x", "body": "x"}
    row = Message.objects.create(**values, dedupe_key="x", due_at=DURING, status="failed")
    page = f"/staff/accounts/message/{row.pk}/"
    answer = client.post(f"{page}send-again/", {"reason": "Mail server was down"}, follow=True)
    assert "goes to the same address again" in answer.content.decode()
    assert MESSAGES in focused(answer)
    assert "autofocus" not in client.get(f"{page}change/").content.decode().split("</main>")[0]
