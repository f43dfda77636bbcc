"""A deed's page as a person uses it: open it, fill in, send, confirm. Without JavaScript."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.db.models import Model
from django.test import Client

from accounts.models import AuditEvent, Message
from tests.registrations.enrolled import words
from tests.staff.pages import page_of

REASON = "The practice called; case 4711."


def deed_of(row: Model, name: str, of: object = "") -> str:
    """The page of a deed, about a part of the row where `of` is given."""
    address = page_of(row).removesuffix("change/") + f"{name}/"
    return f"{address}?of={of}" if of else address


def main_of(answer: Any) -> str:
    """What a person reads on the page."""
    return unescape(words(answer.content.decode().split("<main", 1)[1]))


@dataclass
class DeedPage:
    """One deed's page in one person's browser."""

    client: Client
    address: str
    values: dict[str, str] = field(default_factory=dict)
    answer: Any = None

    def open(self) -> "DeedPage":
        """Load it; keep what its form would send back."""
        return self.read(self.client.get(self.address))

    def fill(self, **typed: str) -> "DeedPage":
        """Type into fields."""
        self.values |= typed
        return self

    def clear(self, *names: str) -> "DeedPage":
        """Take the mark out of boxes."""
        for name in names:
            self.values.pop(name, None)
        return self

    def send(self, **typed: str) -> "DeedPage":
        """Press the button, with a reason unless another is typed."""
        sent = {**self.values, "reason": REASON, **typed}
        return self.read(self.client.post(self.address, sent, follow=True))

    @property
    def says(self) -> str:
        """What the page says now."""
        return main_of(self.answer)

    @property
    def is_done(self) -> bool:
        """Whether the last press led on to a row's page."""
        return bool(self.answer.redirect_chain) and self.answer.status_code == 200

    def read(self, answer: Any) -> "DeedPage":
        """Take what was answered for the page; keep what its form would send back."""
        self.answer = answer
        html = answer.content.decode().split('class="staff-deed', 1)[-1]
        self.values = _values(html.split("<form", 1)[-1].split("</form>", 1)[0])
        return self


def _values(form: str) -> dict[str, str]:
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        is_box = attributes.get("type") in {"radio", "checkbox"}
        if "name" in attributes and (not is_box or " checked" in tag):
            values[attributes["name"]] = unescape(attributes.get("value", "on" if is_box else ""))
    for name, options in re.findall(r'<select name="([^"]*)".*?>(.*?)</select>', form, re.S):
        found = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = unescape(found[1]) if found else ""
    for name, text in re.findall(r'<textarea name="([^"]*)".*?>(.*?)</textarea>', form, re.S):
        values[name] = unescape(text).strip()
    return values


def press(client: Client, row: Model, deed: str, of: object = "", /, **typed: str) -> DeedPage:
    """Open a deed's page, fill it in and send it."""
    return DeedPage(client, deed_of(row, deed, of)).open().fill(**typed).send()


def events() -> list[str]:
    """What the audit has, apart from sessions."""
    found = AuditEvent.objects.exclude(action__startswith="session").order_by("id")
    return list(found.values_list("action", flat=True))


def mails() -> list[tuple[str, str]]:
    """The messages in the outbox: to whom, and their subject."""
    return list(Message.objects.order_by("created_at", "to").values_list("to", "subject"))
