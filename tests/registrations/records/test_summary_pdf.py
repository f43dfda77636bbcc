"""The summary to download, and the receipt of a deletion (2023 guide, VI and VII)."""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from organizations.models import Organization
from qpp_registration.pdf import make_pdf
from registrations.models import Contact, Registration
from tests.factories import (
    CLOSES,
    DURING,
    ApmEntityFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage
from tests.registrations.pdf_file import DANGEROUS, PdfFile

SignIn = Callable[[User], Client]
LIST = "/registration/2023/cahps/practices/"
STRIP = "Demonstration – not an official government website"
AFTERWARDS = CLOSES + timedelta(days=15)
LONGEST_FOOTER = 100
HOSTILE = [
    '#eval("1+1") #sys.version #include "/etc/passwd"',
    "$x^2$ *bold* _slanted_ `raw` = Heading",
    "@ref <label> https://127.0.0.1:9/x",
    "<img src=http://127.0.0.1:9/x><script>alert(1)</script>",
    '\\u{41} "quoted" // gone? /* gone? */',
    "(/URI) (javascript:alert(1)) %PDF endobj",
]


def pdf_answer(client: Client, page: RegisterPage) -> Any:
    return client.get(f"{page.url}summary.pdf")


def pdf_of(page: RegisterPage, client: Client | None = None) -> PdfFile:
    answer = pdf_answer(client or page.client, page)
    assert answer.status_code == 200
    return PdfFile(answer.content)


def html_words(html: str) -> str:
    """The text of the page's content, from its title to the last card, as one line."""
    content = html[html.index("<h1>") : html.index('<p class="actions')]
    content = re.sub(r"<caption.*?</caption>", "", content, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content)).split())


def same_words(pdf: PdfFile, html: str) -> bool:
    """Whether the PDF says what the page says, in the same order and nothing else."""
    words = html_words(html)
    start = pdf.text.index(words[:20])
    rest = squeezed(pdf.text[start:]).removeprefix(squeezed(words))
    return rest.endswith("Page1of1") and squeezed(words) not in rest and len(rest) < LONGEST_FOOTER


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


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


def test_fifty_contacts_have_pages_with_numbers_and_the_header_on_each(
    complete_page: RegisterPage,
) -> None:
    Contact.objects.all().delete()
    Contact.objects.bulk_create(
        Contact(
            registration=complete_page.registration,
            position=number,
            first_name=f"Pat{number:02}",
            last_name="Example",
            email=f"pat{number:02}@example.org",
            phone="2025550123",
        )
        for number in range(50)
    )
    pdf = pdf_of(complete_page)
    pages = [page.extract_text() for page in pdf.reader.pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in text
        assert "E-mail" in text
    assert pdf.tags.count("TH") == 3
    assert re.findall(r"Pat(\d\d) Example", pdf.text) == [f"{n:02}" for n in range(50)]
    html = complete_page.client.get(f"{complete_page.url}summary/").content.decode()
    assert html.count("@example.org") == pdf.text.count("@example.org") == 50


def test_longest_names_stay_on_the_page(complete_page: RegisterPage) -> None:
    Contact.objects.update(first_name="W" * 100, last_name="M" * 100, email=f"{'m' * 240}@a.org")
    Organization.objects.update(name="W" * 200)
    pdf = pdf_of(complete_page)
    assert f"{'W' * 100}{'M' * 100}" in squeezed(pdf.text)
    right = max(edges(pdf))
    assert right < pdf.reader.pages[0].mediabox.width - 36


def edges(pdf: PdfFile) -> Iterator[float]:
    """Where each run of text begins, measured from the left in points."""
    found: list[float] = []

    def visit(text: str, matrix: list[float], text_matrix: list[float], *_: Any) -> None:
        if text.strip():
            found.append(text_matrix[4] * matrix[0] + matrix[4])

    for page in pdf.reader.pages:
        page.extract_text(visitor_text=visit)
    return iter(found)


# --- Text is text -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_names_is_printed_as_it_is(complete_page: RegisterPage, text: str) -> None:
    Contact.objects.update(first_name=text, last_name="x")
    Organization.objects.update(name=text)
    User.objects.update(first_name=text)
    Registration.objects.update(changed_by=text)
    pdf = pdf_of(complete_page)
    assert squeezed(pdf.text).count(squeezed(text)) == 4
    assert not pdf.names() & DANGEROUS
    assert pdf.tags.count("H1") == 1
    assert pdf.tags.count("H2") == 2
    assert pdf.tags.count("TD") == 3


@pytest.mark.parametrize("name", ["李明", "Nguyễn", "محمد", "שלום", "ไทย", "😀", "\0\x07\u2028x"])
def test_names_in_any_letters_can_be_printed(complete_page: RegisterPage, name: str) -> None:
    Contact.objects.update(first_name=name.replace("\0", "\x01"))
    pdf = pdf_of(complete_page)
    assert all(pdf.fonts().values())
    assert "Okafor" in pdf.text


DOCUMENT = {
    "title": "Summary",
    "name": "Summary",
    "note": "",
    "heading": "Registration",
    "running": "",
    "site": "",
    "demonstration": "",
    "sampling": None,
}


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_printed(text: str) -> None:
    facts = [{"label": text, "value": text, "status": ""}]
    contacts = {"heading": "Contacts", "columns": ["A", "B", "C"], "rows": [[text] * 3], "note": ""}
    data = DOCUMENT | {"facts": facts, "contacts": contacts}
    assert make_pdf("registrations/records/summary.typ", data, made_at=DURING).startswith(b"%PDF")


def test_files_can_be_made_by_several_threads_at_once(complete_page: RegisterPage) -> None:
    data = DOCUMENT | {"facts": [], "contacts": None}
    made: dict[int, bytes] = {}

    def work(number: int) -> None:
        for place in range(5):
            title = f"Summary {number} {place}"
            made[number * 10 + place] = make_pdf(
                "registrations/records/summary.typ", data | {"title": title}, made_at=DURING
            )

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20
    for key, content in made.items():
        assert f"Summary {key // 10} {key % 10}" in PdfFile(content).text


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


# --- The receipt of a deletion ------------------------------------------------------------------


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
