"""The summary to download (2023 guide, VI and VII)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from tests.factories import (
    CLOSES,
    ApmEntityFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage
from tests.registrations.summary_file import pdf_answer, pdf_of, same_words

SignIn = Callable[[User], Client]
LIST = "/registration/2023/cahps/practices/"
STRIP = "Demonstration – not an official government website"
AFTERWARDS = CLOSES + timedelta(days=15)


# --- The file -----------------------------------------------------------------------------------


def test_file_is_a_download_named_after_registration_and_year(
    complete_page: RegisterPage, practice: Organization
) -> None:
    answer = pdf_answer(complete_page.client, complete_page)
    number = practice.registration_number.number
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        f'attachment; filename="CAHPS-2023-registration-{number}.pdf"'
    )
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_file_is_tagged_for_assistive_technology(
    complete_page: RegisterPage, practice: Organization
) -> None:
    pdf = pdf_of(complete_page)
    assert pdf.root["/MarkInfo"]["/Marked"].value is True
    assert pdf.root["/Lang"] == "en-US"
    assert pdf.root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    number = practice.registration_number.number
    title = pdf.reader.metadata.title if pdf.reader.metadata else ""
    assert title == f"Group CAHPS Registration Summary {number}"
    assert re.search(r"pdfuaid:part(>|=\")1", pdf.xmp)
    assert all(str(page["/Tabs"]) == "/S" for page in pdf.reader.pages)


def test_file_has_headings_facts_and_a_table_with_headers(complete_page: RegisterPage) -> None:
    tags = pdf_of(complete_page).tags
    assert [tag for tag in tags if re.fullmatch(r"H\d|L|Table", tag)] == [
        "H1",
        "H2",
        "L",
        "H2",
        "Table",
    ]
    assert tags.count("Lbl") == tags.count("LBody") == 7
    assert tags.count("TH") == tags.count("TD") == 3
    assert tags.index("THead") < tags.index("TH") < tags.index("TBody") < tags.index("TD")


def test_each_cell_of_the_table_leads_to_the_header_of_its_column(
    complete_page: RegisterPage,
) -> None:
    pdf = pdf_of(complete_page)
    headers = [(one["/ID"], pdf.attribute(one, "/Scope")) for one in pdf.elements("TH")]
    assert [scope for _, scope in headers] == ["/Column"] * 3
    assert [pdf.attribute(one, "/Headers") for one in pdf.elements("TD")] == [
        [key] for key, _ in headers
    ]


def test_everything_printed_is_tagged_or_marked_as_decoration(complete_page: RegisterPage) -> None:
    depth, kinds = 0, set()
    for operands, operator in pdf_of(complete_page).operations():
        if operator in {b"BDC", b"BMC"}:
            depth += 1
            kinds.add(str(operands[0]))
        elif operator == b"EMC":
            depth -= 1
        elif operator in {b"Tj", b"TJ"}:
            assert depth > 0
    assert kinds == {"/Artifact", "/Span"}


# --- What it says -------------------------------------------------------------------------------


def test_file_says_what_the_page_says_in_the_same_order(complete_page: RegisterPage) -> None:
    html = complete_page.client.get(f"{complete_page.url}summary/").content.decode()
    pdf = pdf_of(complete_page)
    assert same_words(pdf, html)
    assert STRIP in pdf.text
    assert pdf.text.endswith("Page 1 of 1")
    assert len(pdf.reader.pages) == 1


def test_file_of_the_real_system_says_nothing_of_a_demonstration(
    complete_page: RegisterPage, settings: Any
) -> None:
    settings.DEMONSTRATION = False
    assert "Demonstration" not in pdf_of(complete_page).text


@pytest.mark.parametrize(
    ("factory", "words"),
    [(VirtualGroupFactory, "Virtual Group"), (ApmEntityFactory, "APM Entity")],
)
def test_each_kind_has_its_own_words(
    june: object, start: Callable, jane: User, offering: object, factory: Any, words: str
) -> None:
    organization = factory(name="Lakeside")
    ParticipationFactory(organization=organization, approved=True)
    RoleFactory(user=jane, organization=organization)
    page = start(jane, organization)
    page.type(size="100+", **CONTACT).save()
    pdf = pdf_of(page)
    assert f"{words} CAHPS Registration Summary" in pdf.text
    assert organization.identifier in pdf.text
    assert "100 or greater clinicians" in pdf.text


# --- Who gets it --------------------------------------------------------------------------------


def test_there_is_no_file_before_complete(started: RegisterPage) -> None:
    answer = pdf_answer(started.client, started)
    assert answer.status_code == 302
    assert answer["Location"] == started.url


def test_other_official_finds_nothing(complete_page: RegisterPage, sign_in: SignIn) -> None:
    assert pdf_answer(sign_in(RoleFactory().user), complete_page).status_code == 404
    assert pdf_answer(complete_page.client, complete_page).status_code == 200


def test_staff_user_gets_a_file_without_mail_and_phone(
    complete_page: RegisterPage, practice: Organization, sign_in: SignIn
) -> None:
    person = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    client = sign_in(person)
    pdf = pdf_of(complete_page, client)
    assert "Daniel Okafor" in pdf.text
    assert "@" not in pdf.text
    assert "555-0123" not in pdf.text
    assert "E-mail and phone are shown to Security Officials only." in pdf.text
    assert pdf.tags.count("TH") == pdf.tags.count("TD") == 1
    html = client.get(f"{complete_page.url}summary/").content.decode()
    assert same_words(pdf, html)


def test_file_stays_available_after_the_close(
    complete_page: RegisterPage, june: Any, sign_in: SignIn, jane: User
) -> None:
    june.move_to(AFTERWARDS)
    assert "Complete" in pdf_of(complete_page, sign_in(jane)).text


def test_head_answers_like_get_without_the_file(complete_page: RegisterPage) -> None:
    answer = complete_page.client.head(f"{complete_page.url}summary.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content == b""


# --- Where it is offered ------------------------------------------------------------------------


def test_list_register_page_and_summary_offer_the_file(complete_page: RegisterPage) -> None:
    link = f'href="{complete_page.url}summary.pdf"'
    for address in (LIST, complete_page.url, f"{complete_page.url}?completed=1"):
        html = complete_page.client.get(address).content.decode()
        assert link in html
        assert "Download Group CAHPS Registration Summary" in html
    html = complete_page.client.get(f"{complete_page.url}summary/").content.decode()
    assert link in html
    assert "Download PDF" in html


def test_incomplete_registration_offers_no_file(started: RegisterPage) -> None:
    for address in (LIST, started.url):
        assert "summary.pdf" not in started.client.get(address).content.decode()
