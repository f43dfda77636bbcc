"""What was typed while the session ended comes back after signing in; only Save saves it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import Contact, Registration
from tests.accounts.steps import sign_in_again
from tests.factories import DeviceFactory, RoleFactory, UserFactory
from tests.registrations.conftest import RegisterPage, hidden_and_typed

SENTENCE = "What you typed is below; press Save."
HOUR = 60 * 60


@pytest.fixture
def refused(complete_page: RegisterPage, june: Any) -> Any:
    """The answer to Jane's Save, one hour after she opened the page."""
    june.shift(HOUR)
    complete_page.type(phone="202-555-0188", size="100+")
    return complete_page.client.post(
        complete_page.url,
        complete_page.values,
        HTTP_REFERER=f"http://testserver{complete_page.url}",
    )


def test_page_comes_back_with_what_was_typed_and_nothing_is_saved_before_save(
    complete_page: RegisterPage, refused: Any, jane: User
) -> None:
    html = sign_in_again(complete_page.client, jane, refused)
    assert SENTENCE in html
    assert 'value="202-555-0188"' in html
    assert Contact.objects.get().phone == "2025550123"
    assert Registration.objects.get().size == "25-99"

    complete_page.values = hidden_and_typed(html)
    assert complete_page.save().status_code == 302
    assert Contact.objects.get().phone == "2025550188"
    assert Registration.objects.get().size == "100+"
    assert SENTENCE not in complete_page.client.get(complete_page.url).content.decode()


def test_new_contact_comes_back_too(complete_page: RegisterPage, june: Any, jane: User) -> None:
    complete_page.open("?add=1").type(1, first_name="Maria")
    june.shift(HOUR)
    refused = complete_page.client.post(
        complete_page.url,
        complete_page.values,
        HTTP_REFERER=f"http://testserver{complete_page.url}",
    )
    complete_page.values = hidden_and_typed(sign_in_again(complete_page.client, jane, refused))
    assert Contact.objects.count() == 1
    assert complete_page.save().status_code == 302
    assert list(Contact.objects.order_by("position").values_list("first_name", flat=True)) == [
        "Daniel",
        "Maria",
    ]


def test_what_somebody_else_stored_meanwhile_is_a_conflict_and_not_overwritten(
    complete_page: RegisterPage, refused: Any, jane: User
) -> None:
    Contact.objects.update(phone="2025550177", changed_by="Ken Ito")
    complete_page.values = hidden_and_typed(sign_in_again(complete_page.client, jane, refused))
    answer = complete_page.save()
    assert answer.status_code == 409
    assert "Ken Ito" in answer.content.decode()
    assert Contact.objects.get().phone == "2025550177"


def test_somebody_else_who_signs_in_there_doesnt_see_it(
    complete_page: RegisterPage, refused: Any, practice: Organization
) -> None:
    ken = UserFactory(first_name="Ken", last_name="Ito")
    DeviceFactory(user=ken)
    RoleFactory(user=ken, organization=practice)
    html = sign_in_again(complete_page.client, ken, refused)
    assert SENTENCE not in html
    assert "202-555-0188" not in html


def test_nothing_is_kept_for_somebody_who_was_never_signed_in(
    complete_page: RegisterPage, jane: User
) -> None:
    stranger = Client()
    stranger.post(complete_page.url, {"anything": "x"})
    assert not stranger.session.keys()


def test_nothing_is_kept_that_is_too_large(
    complete_page: RegisterPage, june: Any, jane: User
) -> None:
    june.shift(HOUR)
    answer = complete_page.client.post(complete_page.url, {"size": "x" * 70_000})
    assert answer.status_code == 302
    assert not complete_page.client.session.keys()


def test_other_pages_keep_nothing(
    complete_page: RegisterPage, june: Any, sign_in: Callable[[User], Client]
) -> None:
    june.shift(HOUR)
    complete_page.client.post(f"{complete_page.url}delete/", {"sure": "1"})
    assert not complete_page.client.session.keys()
