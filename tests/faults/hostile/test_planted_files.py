"""Scripts in every text of the database: mails, the PDF and the list's file carry them as text.

What it would miss: what a mail program does to a text that it takes for an address.
"""

import csv
from html.parser import HTMLParser
from io import StringIO

from django.core.management import call_command
from django.urls import reverse

from accounts.models import Message
from registrations.models import Contact
from tests.access.world import World, undone
from tests.faults.figures import tell
from tests.faults.sizes import often
from tests.payloads import SCRIPTS
from tests.planted import plant
from tests.registrations.pdf_file import DANGEROUS, PdfFile
from tests.staff.hostile import is_harmless

ROUNDS = range(0, len(SCRIPTS), often(5, 1))
ADDRESS = "daniel@example.org"


class Markup(HTMLParser):
    """What of a mail's HTML could run, or load something."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        runs = tag in {"script", "iframe", "object", "svg", "img", "math", "input", "details"}
        leads = [value or "" for name, value in attrs if name in {"href", "src"}]
        if runs or any(name.startswith("on") for name, _ in attrs):
            self.found.append(tag)
        self.found += [value for value in leads if not value.startswith(("http", "mailto:"))]


def mails(world: World) -> int:
    """Cancel, and look at what the contacts are sent."""
    Contact.objects.update(email=ADDRESS)
    Message.objects.all().delete()
    answer = world.client("official").post(world.address("cancel_registration"))
    assert answer.status_code == 302
    call_command("send_messages", "--once", stdout=StringIO())
    sent = list(Message.objects.filter(to=ADDRESS))
    assert sent
    for mail in sent:
        assert Markup(mail.html).found == []
        assert not {"\r", "\n"} & set(mail.subject)
        assert SCRIPTS[0][:8] not in mail.html
    return len(sent)


def pdf(world: World) -> None:
    file = PdfFile(world.client("official").get(world.address("summary_pdf")).content)
    assert not file.names() & DANGEROUS
    assert file.text.count("<") >= 1


def listed(world: World) -> int:
    """The file of the list; a spreadsheet would take no cell for a formula."""
    address = reverse("download_list", args=(2023, "cahps", "group"))
    answer = world.client("official").post(address)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(text)) for cell in row]
    assert not [cell for cell in cells if not is_harmless(cell)]
    return len(cells)


def test_mails_pdf_and_list_carry_them_as_text(world: World) -> None:
    sent = cells = 0
    for number in ROUNDS:
        with undone():
            assert plant(number) > 20
            pdf(world)
            cells += listed(world)
            sent += mails(world)
    tell("scripts in files and mails", scripts=len(ROUNDS), mails=sent, cells=cells, ran=0)
