"""Whatever text a summary has, its file prints it, as text and on the page."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from organizations.models import Organization
from qpp_registration.pdf import make_pdf
from registrations.models import Contact, Registration
from tests.factories import DURING
from tests.registrations.conftest import RegisterPage
from tests.registrations.pdf_file import DANGEROUS, PdfFile
from tests.registrations.summary_file import pdf_of, squeezed

HOSTILE = [
    '#eval("1+1") #sys.version #include "/etc/passwd"',
    "$x^2$ *bold* _slanted_ `raw` = Heading",
    "@ref <label> https://127.0.0.1:9/x",
    "<img src=http://127.0.0.1:9/x><script>alert(1)</script>",
    '\\u{41} "quoted" // gone? /* gone? */',
    "(/URI) (javascript:alert(1)) %PDF endobj",
]


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
