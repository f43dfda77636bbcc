"""The file of a summary, downloaded and compared with its page."""

import re
from html import unescape
from typing import Any

from django.test import Client

from tests.registrations.conftest import RegisterPage
from tests.registrations.pdf_file import PdfFile

LONGEST_FOOTER = 100  # characters


def pdf_answer(client: Client, page: RegisterPage) -> Any:
    """The answer with the file of the page's registration."""
    return client.get(f"{page.url}summary.pdf")


def pdf_of(page: RegisterPage, client: Client | None = None) -> PdfFile:
    """The file, as the page's own person gets it or whose client is given."""
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
    """The text without white space, which lines of a file break as they fit."""
    return re.sub(r"\s", "", text)
