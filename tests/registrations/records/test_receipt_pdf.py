"""The receipt of a deletion to download (2023 guide, VI and VII)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from tests.factories import CLOSES, RoleFactory, UserFactory
from tests.registrations.conftest import RegisterPage
from tests.registrations.pdf_file import PdfFile
from tests.registrations.summary_file import pdf_answer, pdf_of, same_words

SignIn = Callable[[User], Client]
LIST = "/registration/2023/cahps/practices/"
AFTERWARDS = CLOSES + timedelta(days=15)


@pytest.fixture
def deleted_page(complete_page: RegisterPage, june: Any) -> RegisterPage:
    """Jane's registration, deleted two minutes later."""
    june.shift(120)
    complete_page.client.post(f"{complete_page.url}delete/")
    return complete_page


def test_receipt_says_who_deleted_what_and_when(
    deleted_page: RegisterPage, practice: Organization
) -> None:
    number = practice.registration_number.number
    answer = pdf_answer(deleted_page.client, deleted_page)
    assert f"CAHPS-2023-deletion-{number}.pdf" in answer["Content-Disposition"]
    pdf = PdfFile(answer.content)
    assert (
        f"Receipt of deletion Performance year 2023, CAHPS for MIPS Survey Registration "
        f"Registration ID {number} Status Deleted Organization Better Business Health "
        f"TIN 00-0765630 Deleted by Jane Doe Received June 2, 2023 at 2:33:05 p.m. ET"
    ) in pdf.text
    assert "Daniel Okafor" not in pdf.text
    assert pdf.tags.count("Table") == 0
    html = deleted_page.client.get(f"{deleted_page.url}summary/").content.decode()
    assert same_words(pdf, html)


def test_receipt_of_a_registration_that_never_was_complete(started: RegisterPage) -> None:
    started.client.post(f"{started.url}delete/")
    assert "Receipt of deletion" in pdf_of(started).text


def test_receipt_is_offered_at_once_and_later(deleted_page: RegisterPage) -> None:
    link = f'href="{deleted_page.url}summary.pdf"'
    news = deleted_page.client.get(LIST).content.decode()
    assert news.count(link) == 2
    for address in (LIST, deleted_page.url):
        html = deleted_page.client.get(address).content.decode()
        assert html.count(link) == 1
        assert "Download receipt of deletion" in html


def test_receipt_stays_available_after_the_close(
    deleted_page: RegisterPage, june: Any, sign_in: SignIn, jane: User
) -> None:
    june.move_to(AFTERWARDS)
    client = sign_in(jane)
    assert "2:33:05 p.m. ET" in pdf_of(deleted_page, client).text
    for address in (LIST, deleted_page.url):
        assert f"{deleted_page.url}summary.pdf" in client.get(address).content.decode()


def test_registering_again_ends_the_receipt(
    deleted_page: RegisterPage, jane: User, practice: Organization, start: Callable
) -> None:
    start(jane, practice)
    assert pdf_answer(deleted_page.client, deleted_page).status_code == 302


def test_staff_user_gets_the_receipt_and_others_dont(
    deleted_page: RegisterPage, practice: Organization, sign_in: SignIn
) -> None:
    person = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    client = sign_in(person)
    assert "Deleted by Jane Doe" in pdf_of(deleted_page, client).text
    assert "Download receipt of deletion" in client.get(deleted_page.url).content.decode()
    assert pdf_answer(sign_in(RoleFactory().user), deleted_page).status_code == 404
