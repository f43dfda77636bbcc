"""Hostile words in every field that takes people's words, and what a page must not do with them."""

from html.parser import HTMLParser

from django.db.models import Model

from accounts.models import DeviceReset, Message, RoleRequest, User
from organizations.models import Organization
from registrations.models import Contact, Registration

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' OR 1=1; DROP TABLE accounts_user; --",
    '=HYPERLINK("https://evil.example","click")',
    "+1+cmd|' /C calc'!A0",
    "{{ 7|add:7 }}{% debug %}",
    "\u202egnp.exe",
    "Ω≈ç√∫˜µ≤≥÷ 診療所 🏥",
    "%00%0d%0aSet-Cookie: a=b",
    "long " * 40,
]
FORMULAS = [
    '=HYPERLINK("http://127.0.0.1/?"&A1,"Click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    '"; =1+1',
    "<script>alert(1)</script>&amp;",
    'x,"\r\n=1+1',
]
NUL = "\0=1+1"  # PostgreSQL refuses it itself
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def is_harmless(cell: str) -> bool:
    """Whether no spreadsheet calculates the cell."""
    return not cell.startswith(BEGINS_A_FORMULA)


class Elements(HTMLParser):
    """The elements of a page with what could run there: handlers, styles, addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what our pages have nowhere."""
        given = dict(attrs)
        if tag == "script" and not (given.get("src", "").startswith("/") or "nonce" in given):
            self.wrong.append(f"script {given}")
        if tag == "img" and not (given.get("src") or "").startswith("/static/"):
            self.wrong.append(f"img {given}")
        if any(name.startswith("on") or name == "style" for name in given):
            self.wrong.append(f"{tag} {given}")
        if (given.get("href") or "").casefold().strip().startswith(("javascript:", "data:")):
            self.wrong.append(f"{tag} {given}")


def plant(text: str) -> None:
    """Put the text into each field of the stored rows that takes people's words, cut to fit.

    Not into the names of staff, which stand on each page that they open. What has to be unique ends
    in a number. No form would take much of it: it stands there as if a file, an older release or a
    hand in the database had put it in.

    The tests look for this one text on pages, in files and in mails. `tests.planted` fills every
    field there is, each with another script, and passes over those that have to be unique.
    """
    for number, user in enumerate(User.objects.filter(groups=None).order_by("pk")):
        _fill(user, text, "first_name", "last_name", "phone")
        user.user_id, user.email = f"{text[:60]}{number}", f"{text[:240]}{number}"
        user.save()
    for organization in Organization.objects.all():
        _fill(organization, text, "name", "address1", "address2", "city", "zip_code")
        organization.save()
    for registration in Registration.objects.all():
        _fill(registration, text, "name", "address1", "address2", "city", "zip_code", "changed_by")
        registration.save()
    for contact in Contact.objects.all():
        _fill(contact, text, "first_name", "last_name", "email", "phone", "extension", "changed_by")
        contact.save()
    for asked in RoleRequest.objects.all():
        _fill(asked, text, "job_title", "work_phone", "note", "reason")
        asked.save()
    for reset in DeviceReset.objects.all():
        _fill(reset, text, "phone", "reason", "identity_proof", "decision_reason")
        reset.save()
    for message in Message.objects.all():
        _fill(message, text, "to", "subject", "body", "last_error")
        message.save()


def _fill(row: Model, text: str, *fields: str) -> None:
    for field in fields:
        setattr(row, field, text[: row._meta.get_field(field).max_length])
