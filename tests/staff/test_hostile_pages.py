"""Hostile words do nothing: on deeds and reviews, look-up and overview, in views and mails."""

from collections.abc import Iterator
from email import message_from_string
from html import escape, unescape
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Message, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration
from tests.factories import RoleFactory, VirtualGroupFactory
from tests.registrations.enrolled import enroll
from tests.registrations.year_pages import INFORMATION
from tests.staff.deed_pages import REASON, DeedPage, deed_of
from tests.staff.hostile import FORMULAS, HOSTILE, NUL, Elements, plant
from tests.staff.pages import deeds_of, opened, page_of
from tests.staff.rows import SHOWN, fill

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
each_text = pytest.mark.parametrize("text", HOSTILE)
CALLERS = "/staff/callers/"
ASK_FOR_A_RESET = "/staff/accounts/devicereset/add/"
MESSAGES = "/staff/accounts/message/"
WRITE = "/staff/registrations/enrollment/write/"


def is_harmless(answer: Any, text: str, *, shows: bool = True) -> bool:
    """Whether the page has nothing of the text but its characters."""
    html = answer if isinstance(answer, str) else answer.content.decode()
    assert Elements(html).wrong == []
    assert "{{" not in html or "{{ 7|add:7 }}" in html
    assert not shows or text[:40] in unescape(html)
    return not shows or "<" not in text or text not in html


def texts_of(page: DeedPage) -> Iterator[str]:
    """The fields of the page's form into which one types."""
    form = page.answer.content.decode().split('class="staff-deed', 1)[-1]
    for name in page.values:
        if f'<input type="text" name="{name}"' in form or f'<textarea name="{name}"' in form:
            yield name


@pytest.mark.skipif(connection.vendor != "sqlite", reason="no database has a part in it")
@each_text
def test_forms_of_deeds_show_rows_and_what_was_typed_as_they_are(
    text: str, administrator: Client, offerings: Offerings
) -> None:
    fill(1, offerings, text)
    plant(text)
    for row in [shown() for shown in SHOWN.values()]:
        for address in deeds_of(row, opened(administrator, page_of(row))):
            page = DeedPage(administrator, address).open()
            assert is_harmless(page.answer, text, shows=not isinstance(row, Offering))
            _sent_back(page, text)
    for address in (ASK_FOR_A_RESET, WRITE, f"{MESSAGES}export/"):
        _sent_back(DeedPage(administrator, address).open(), text)


def _sent_back(page: DeedPage, text: str) -> None:
    """Type the text into every field, and a reason of two lines, which no deed takes."""
    typed = {**dict.fromkeys(texts_of(page), text), "reason": f"{text}\n{text}"}
    answer = page.client.post(page.address, {**page.values, **typed})
    assert answer.status_code == 422, page.address
    assert is_harmless(answer, text)


def test_nul_in_any_field_is_told_and_nothing_breaks(
    administrator: Client, offerings: Offerings
) -> None:
    fill(1, offerings)
    for row in [shown() for shown in SHOWN.values()]:
        for address in deeds_of(row, opened(administrator, page_of(row))):
            page = DeedPage(administrator, address).open()
            typed = dict.fromkeys([*texts_of(page), "reason"], NUL)
            answer = administrator.post(address, {**page.values, **typed})
            assert answer.status_code == 422, address
    assert administrator.post(CALLERS, {"text": NUL}).status_code == 422


@pytest.fixture
def planted(offerings: Offerings, request: pytest.FixtureRequest) -> str:
    """A registered virtual group with an official, and the test's text wherever it fits."""
    text: str = request.getfixturevalue("text")
    group = VirtualGroupFactory()
    enroll(group, offerings, **INFORMATION)
    RoleFactory(organization=group)
    plant(text)
    return text


@each_text
def test_what_will_happen_is_told_without_harm_and_so_is_what_happened(
    text: str, planted: str, administrator: Client, offerings: Offerings
) -> None:
    row = Enrollment.objects.get(offering=offerings[Product.WEB_INTERFACE])
    reason = _line(text)
    for of, deed, part, typed in (
        (row, "size", "", {"size": "2-24"}),
        (row.registration.organization, "participation", 2022, {"approved": "on"}),
        (row.offering, "window", "", {"closes_at": "2022-07-09 20:00"}),
    ):
        page = DeedPage(administrator, deed_of(of, deed, part)).open().fill(**typed)
        page.send(reason=reason)
        assert "Nothing is done yet" in page.says, deed
        assert is_harmless(page.answer, reason), deed
        page.send(reason=reason)
        assert page.is_done, deed
        assert is_harmless(page.answer, text, shows=deed != "window"), deed
    organization = Organization.objects.get()
    page = DeedPage(administrator, deed_of(organization, "extend", row.offering_id)).open()
    page.send(until="2022-07-20 20:00", reason=reason)
    assert is_harmless(page.answer, reason)


@each_text
def test_look_up_of_a_caller(
    text: str, planted: str, administrator: Client, offerings: Offerings
) -> None:
    RoleFactory(organization=Organization.objects.get())
    User.objects.filter(groups=None).update(phone="2025550123")
    assert is_harmless(administrator.post(CALLERS, {"text": text}), text)
    hits = administrator.post(CALLERS, {"text": "5550123"})
    several = administrator.post(CALLERS, {"text": "(202) 555-0123"})
    assert 'name="open"' in several.content.decode()
    assert is_harmless(several, text)
    assert is_harmless(hits, text, shows=False)
    person = User.objects.filter(groups=None)[0]
    organization = Organization.objects.get()
    for name, key in (("person", person.pk), ("organization", organization.pk)):
        assert is_harmless(administrator.get(reverse(f"admin:callers_{name}", args=[key])), text)


@each_text
def test_overview_names_what_is_incomplete_the_longest(
    text: str, administrator: Client, offerings: Offerings
) -> None:
    cache.clear()
    fill(1, offerings, text)
    Enrollment.objects.update(status="incomplete", completed_at=None)
    plant(text)
    assert is_harmless(administrator.get("/staff/"), text)
    cache.clear()


@each_text
def test_banner_of_a_view(text: str, planted: str, administrator: Client) -> None:
    person = Organization.objects.get().roles.get().user
    for row in (person, Organization.objects.get()):
        seen = administrator.post(deed_of(row, "view-as"), {"reason": _line(text)}, follow=True)
        html = seen.content.decode()
        banner = html.split('class="viewing"', 1)[1].split("</form>", 1)[0]
        assert is_harmless(html, text)
        assert escape(text[:40]) in banner
        administrator.post("/view/exit/")


@each_text
def test_mails_to_contacts_and_officials_are_plain(
    text: str, planted: str, manager: Client, offerings: Offerings, settings: Any
) -> None:
    """The review shows the mail as it is; what goes out holds only characters."""
    settings.MESSAGE_CHANNELS = {"email": "accounts.channels.smtp.SmtpChannel"}
    Contact.objects.update(phone="2025550123", email="daniel.okafor@example.org")
    User.objects.filter(groups=None).update(email="jane.doe@example.org")
    typed = {"subject": _line(text)[:100], "text": _line(text), "reason": REASON}
    page = DeedPage(manager, WRITE).open().fill(**typed)
    page.read(manager.post(WRITE, page.values))
    assert is_harmless(page.answer, _line(text))
    page.clear("change").read(manager.post(WRITE, page.values))
    row = Enrollment.objects.get(offering=offerings[Product.WEB_INTERFACE])
    DeedPage(manager, deed_of(row, "size")).open().send(size="100+")
    queued = list(Message.objects.all())
    assert {message.to for message in queued} >= {"daniel.okafor@example.org"}
    assert any(text[:40] in message.body for message in queued)
    for message in queued:
        assert Elements(message.html).wrong == []
        assert "<script" not in message.html
        assert "<img" not in message.html
    call_command("send_messages", "--once")
    _are_whole(len(queued))


@pytest.mark.parametrize("text", [text for text in FORMULAS if "\r" in text])
def test_line_break_in_a_name_adds_no_header_to_a_mail(
    text: str, planted: str, manager: Client, offerings: Offerings, settings: Any
) -> None:
    settings.MESSAGE_CHANNELS = {"email": "accounts.channels.smtp.SmtpChannel"}
    Registration.objects.update(name="Better\r\nBcc: eve@example.org")
    Organization.objects.update(name="Better\r\nBcc: eve@example.org")
    Contact.objects.update(phone="2025550123", email="daniel.okafor@example.org")
    row = Enrollment.objects.get(offering=offerings[Product.WEB_INTERFACE])
    DeedPage(manager, deed_of(row, "end")).open().send()
    number = Message.objects.count()
    assert number
    call_command("send_messages", "--once")
    _are_whole(number)


def _are_whole(number: int) -> None:
    """Each mail goes to one address, with the headers that it should have."""
    refused = Message.objects.filter(status="failed").count()
    assert len(mail.outbox) + refused == number
    for sent in mail.outbox:
        read = message_from_string(sent.message().as_string())
        assert (len(read.get_all("To")), read["Bcc"], read["Set-Cookie"]) == (1, None, None)
        assert len(read.get_all("Subject")) == 1


def _line(text: str) -> str:
    """As somebody may type it into one line: without what a form refuses."""
    return text.replace("\u202e", "").strip()[:300]
