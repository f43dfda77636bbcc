"""Contacts are told what was registered, changed and cancelled (2022 guide, II, IV.8, V, VII)."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from time_machine import Traveller

from accounts.models import Message, User
from organizations.models import Organization
from qpp_registration import clock
from registrations.models import ChangeNotice, Offering
from tests.accounts.steps import messages
from tests.factories import CLOSES_2022, RoleFactory, UserFactory
from tests.registrations.conftest import CONTACT as TYPED
from tests.registrations.conftest import RegisterPage
from tests.registrations.year_pages import CONTACT, YearPages

SECOND = {
    "first_name": "Grace",
    "last_name": "Keller",
    "email": "grace.keller@example.org",
    "phone": "(202) 555-0144",
    "extension": "",
}
DANIEL, GRACE, OTTO = CONTACT["email"], SECOND["email"], "otto@example.org"
SignIn = Callable[[User], Client]


def mails() -> list[Message]:
    """What is in the outbox, in the order of queueing."""
    return list(Message.objects.order_by("created_at", "to"))


def told() -> list[tuple[str, str]]:
    """To whom, and of what."""
    return [(mail.to, mail.subject.partition(":")[0]) for mail in mails()]


def forget() -> None:
    """An empty outbox."""
    Message.objects.all().delete()


def compose(clock_: Traveller, minutes: int = 10) -> list[tuple[str, str]]:
    """Let so many minutes pass and the sender run; what is in the outbox then, sent or not."""
    clock_.shift(timedelta(minutes=minutes))
    call_command("send_messages", stdout=StringIO())
    return told()


class Words(HTMLParser):
    """The text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


def test_registering_tells_all_contacts_at_once(ready: YearPages) -> None:
    ready.add_contact(**SECOND)
    forget()
    ready.register("web-interface")
    assert told() == [(DANIEL, "Registered"), (GRACE, "Registered")]
    mail = mails()[0]
    number = ready.organization.registration_number.number
    assert mail.subject == f"Registered: 2022 CMS Web Interface, registration ID {number}"
    for words in (
        "Jane Doe registered Better Business Health for the 2022 CMS Web Interface.",
        f"Registration ID: {number}",
        "Received: June 2, 2022 at 2:31:05 p.m. ET",
        "strongly encouraged to cancel the registration by June 30, 2022 at 8:00 p.m. ET",
        "If this is a mistake, a Security Official of the organization can sign in",
    ):
        assert words in mail.body
    assert mail.due_at == clock.now()


def test_text_and_html_say_the_same(enrolled: YearPages) -> None:
    mail = mails()[-1]
    in_html = " ".join(Words(mail.html.partition("<body>")[2]).found)
    for line in filter(None, mail.body.splitlines()):
        label, colon, value = line.partition(": ")
        assert line in in_html or (colon and label in in_html and value in in_html)
    assert '<html lang="en">' in mail.html
    assert "src=" not in mail.html


def test_a_contact_without_all_it_needs_is_not_written_to(
    ready: YearPages, june_2022: Traveller
) -> None:
    ready.registration.contacts.create(
        first_name="Half", email="half@example.org", position=9, changed_by="Jane Doe"
    )
    ready.register("cahps")
    assert told() == [(DANIEL, "Registered")]


def test_one_mail_for_each_address(ready: YearPages) -> None:
    ready.add_contact(**{**SECOND, "email": DANIEL.upper()})
    forget()
    ready.register("cahps")
    assert len(told()) == 1


def test_pressing_register_twice_tells_once(ready: YearPages) -> None:
    ready.open("cahps/")
    ready.send("cahps/")
    ready.send("cahps/")
    assert told() == [(DANIEL, "Registered")]


def test_changes_of_ten_minutes_go_in_one_mail(enrolled: YearPages, june_2022: Traveller) -> None:
    forget()
    enrolled.choose("100+")
    june_2022.shift(timedelta(minutes=4))
    enrolled.add_contact(**SECOND)
    assert compose(june_2022, minutes=5) == []
    assert compose(june_2022, minutes=1) == [(DANIEL, "Changed"), (GRACE, "Changed")]
    body = mails()[0].body
    assert "- Organization Size: 25-99, now 100 or greater\n- Contact added: Grace Keller" in body
    assert SECOND["phone"] not in body
    assert GRACE not in body
    assert compose(june_2022) == [(DANIEL, "Changed"), (GRACE, "Changed")]


def test_one_run_of_the_sender_composes_and_delivers(
    enrolled: YearPages, june_2022: Traveller
) -> None:
    forget()
    enrolled.choose("100+")
    compose(june_2022)
    (delivered,) = messages()
    assert delivered["to"] == DANIEL
    assert "Organization Size: 25-99, now 100 or greater" in delivered["body"]
    assert "Organization Size: 25-99, now 100 or greater" in delivered["html"]
    assert mails()[0].status == "sent"


def test_who_changed_something_is_named_once_each(
    enrolled: YearPages, june_2022: Traveller, sign_in: SignIn
) -> None:
    forget()
    other = UserFactory(first_name="Otto", last_name="Brandt", email=OTTO)
    RoleFactory(user=other, organization=enrolled.organization)
    enrolled.choose("100+")
    enrolled.choose("25-99")
    third = UserFactory(first_name="Ann", last_name="Lee")
    RoleFactory(user=third, organization=enrolled.organization)
    YearPages(client=sign_in(other), organization=enrolled.organization).add_contact(**SECOND)
    YearPages(client=sign_in(third), organization=enrolled.organization).choose("100+")
    compose(june_2022)
    assert mails()[0].body.startswith("Jane Doe, Otto Brandt and Ann Lee changed the 2022 CMS Web")


def test_what_was_changed_back_is_no_news(enrolled: YearPages, june_2022: Traveller) -> None:
    forget()
    enrolled.choose("100+")
    enrolled.choose("25-99")
    assert compose(june_2022) == []
    assert not ChangeNotice.objects.exists()


def test_who_was_removed_is_told(enrolled: YearPages, june_2022: Traveller) -> None:
    enrolled.add_contact(**SECOND)
    compose(june_2022)
    forget()
    page = f"contacts/{enrolled.contacts[0].pk}/delete/"
    enrolled.post(page)
    assert compose(june_2022) == [(DANIEL, "Changed"), (GRACE, "Changed")]
    assert "Contact removed: Daniel Okafor" in mails()[0].body


def test_who_was_readdressed_is_told_at_both_addresses_and_at_none_between(
    enrolled: YearPages, june_2022: Traveller
) -> None:
    forget()
    page = f"contacts/{enrolled.contacts[0].pk}/"
    enrolled.open(page).fill(email="daniel@example.or").send(page)
    enrolled.open(page).fill(email="daniel@example.org").send(page)
    assert compose(june_2022) == [(DANIEL, "Changed"), ("daniel@example.org", "Changed")]


def test_details_before_registering_are_nobodys_news(
    ready: YearPages, june_2022: Traveller
) -> None:
    ready.add_contact(**SECOND)
    ready.choose("100+")
    assert compose(june_2022) == []


def test_cancelling_tells_contacts_and_the_other_officials(
    enrolled: YearPages, sign_in: SignIn
) -> None:
    RoleFactory(user=UserFactory(email=OTTO), organization=enrolled.organization)
    forget()
    enrolled.post("web-interface/cancel/")
    assert told() == [(DANIEL, "Cancelled"), (OTTO, "Cancelled")]
    body = mails()[0].body
    assert f"Registration ID: {enrolled.organization.registration_number.number}" in body
    assert "Jane Doe cancelled the 2022 CMS Web Interface registration of Better Business" in body
    assert "register it again until June 30, 2022 at 8:00 p.m. ET" in body


def test_a_size_that_ends_a_registration_is_told_in_one_mail(
    enrolled: YearPages, june_2022: Traveller
) -> None:
    forget()
    enrolled.choose("2-24")
    assert told() == [(DANIEL, "Cancelled")]
    assert "The Organization Size was changed from 25-99 to 2-24" in mails()[0].body
    assert compose(june_2022) == [(DANIEL, "Cancelled")]


def test_what_waits_is_told_before_a_cancellation_also_to_who_was_removed(
    enrolled: YearPages, june_2022: Traveller
) -> None:
    enrolled.add_contact(**SECOND)
    compose(june_2022)
    forget()
    enrolled.post(f"contacts/{enrolled.contacts[0].pk}/delete/")
    enrolled.post("web-interface/cancel/")
    assert sorted(told()) == [(DANIEL, "Changed"), (GRACE, "Cancelled"), (GRACE, "Changed")]
    assert sorted(compose(june_2022)) == sorted(told())
    assert len(mails()) == 3


def test_what_waits_is_told_apart_from_a_size_that_ends_a_registration(
    enrolled: YearPages, june_2022: Traveller
) -> None:
    forget()
    enrolled.open("information/").fill(city="Towson").send("information/")
    enrolled.choose("2-24")
    assert sorted(told()) == [(DANIEL, "Cancelled"), (DANIEL, "Changed")]
    bodies = {mail.subject.partition(":")[0]: mail.body for mail in mails()}
    assert "- City: Baltimore, now Towson" in bodies["Changed"]
    assert "Organization Size" not in bodies["Changed"]
    assert "Towson" not in bodies["Cancelled"]
    assert len(compose(june_2022)) == 2


def test_what_waits_is_told_before_another_offering_is_registered(
    enrolled: YearPages, june_2022: Traveller
) -> None:
    forget()
    enrolled.choose("100+")
    enrolled.register("cahps")
    assert sorted(told()) == [(DANIEL, "Changed"), (DANIEL, "Registered")]
    changed = next(mail for mail in mails() if mail.subject.startswith("Changed"))
    assert "changed the 2022 CMS Web Interface registration" in changed.body
    assert len(compose(june_2022)) == 2


def test_what_waits_when_the_year_stops_mailing_is_told_to_nobody(
    enrolled: YearPages, offerings: dict[Any, Offering], june_2022: Traveller
) -> None:
    forget()
    enrolled.choose("100+")
    year = next(iter(offerings.values())).year
    year.mails_contacts = False
    year.save()
    assert compose(june_2022) == []
    assert not ChangeNotice.objects.exists()


def test_change_that_cannot_be_told_stops_nobody_from_cancelling(enrolled: YearPages) -> None:
    enrolled.choose("100+")
    ChangeNotice.objects.update(before={"size": "no snapshot"})
    forget()
    assert enrolled.post("web-interface/cancel/").status_code == 302
    assert enrolled.status("web_interface") == "cancelled"
    assert told() == [(DANIEL, "Cancelled")]
    assert ChangeNotice.objects.exists()


def test_nothing_is_queued_for_what_was_refused(
    enrolled: YearPages, june_2022: Traveller, sign_in: SignIn, jane: User
) -> None:
    forget()
    june_2022.move_to(CLOSES_2022)
    enrolled.client = sign_in(jane)
    assert enrolled.post("web-interface/cancel/").status_code == 403
    assert compose(june_2022) == []


def test_year_that_does_not_mail_tells_the_other_officials_of_the_end_only(
    ready: YearPages, offerings: dict[Any, Offering], june_2022: Traveller
) -> None:
    year = next(iter(offerings.values())).year
    year.mails_contacts = False
    year.save()
    RoleFactory(user=UserFactory(email=OTTO), organization=ready.organization)
    ready.register("web-interface")
    ready.choose("100+")
    assert compose(june_2022) == []
    ready.post("web-interface/cancel/")
    assert told() == [(OTTO, "Cancelled")]


def test_names_that_are_markup_stay_words(enrolled: YearPages, june_2022: Traveller) -> None:
    hostile = "<script>alert(1)</script> & Sons"
    enrolled.open("information/").fill(name=hostile).send("information/")
    compose(june_2022)
    mail = mails()[-1]
    assert f"now {hostile}" in mail.body
    assert "<script>" not in mail.html


def test_one_notice_that_cannot_be_told_stops_no_other(
    enrolled: YearPages, june_2022: Traveller, sign_in: SignIn, jane: User
) -> None:
    other = Organization.objects.create(kind="group", identifier="001234567", name="Other")
    RoleFactory(user=jane, organization=other)
    pages = YearPages(client=enrolled.client, organization=other)
    pages.choose("25-99")
    information = {"address1": "1 Way", "city": "Dover", "state": "DE", "zip_code": "19901"}
    pages.open("information/").fill(**information).send("information/")
    pages.add_contact(**SECOND)
    pages.register("cahps")
    enrolled.choose("100+")
    ChangeNotice.objects.update(before={"size": "no snapshot"})
    june_2022.shift(timedelta(seconds=1))
    pages.choose("100+")
    forget()
    assert compose(june_2022) == [(GRACE, "Changed")]
    notice = ChangeNotice.objects.get()
    assert notice.due_at == clock.now() + timedelta(minutes=10), "tried again, and not all the time"


# --- The automatic year, with the switch on -------------------------------------------------------


@pytest.fixture
def mailing(started: RegisterPage, offering: Offering) -> RegisterPage:
    """The register page of 2023, in which contacts are told as well."""
    offering.year.mails_contacts = True
    offering.year.save()
    return started


def test_completing_by_itself_is_told_after_ten_minutes_and_never_to_a_half_typed_address(
    mailing: RegisterPage, june: Traveller
) -> None:
    mailing.type(size="25-99", **TYPED | {"email": "daniel@example.or"}).save()
    assert mailing.enrollment.status == "complete"
    mailing.open().type(email="daniel@example.org").save()
    assert compose(june) == [("daniel@example.org", "Registered")]


def test_changing_and_deleting_are_told_in_the_automatic_year(
    mailing: RegisterPage, june: Traveller
) -> None:
    mailing.type(size="25-99", **TYPED).save()
    compose(june)
    forget()
    mailing.open().type(size="100+").save()
    assert compose(june) == [(DANIEL, "Changed")]
    mailing.client.post(f"{mailing.url}delete/")
    assert told() == [(DANIEL, "Changed"), (DANIEL, "Deleted")]


def test_what_is_deleted_before_anybody_was_told_is_not_told(
    mailing: RegisterPage, june: Traveller
) -> None:
    mailing.type(size="25-99", **TYPED).save()
    mailing.client.post(f"{mailing.url}delete/")
    assert compose(june) == []


def test_deleting_what_was_never_complete_is_told_to_no_contact(
    mailing: RegisterPage, practice: Organization
) -> None:
    RoleFactory(user=UserFactory(email=OTTO), organization=practice)
    mailing.type(**TYPED).save()
    assert mailing.enrollment.status == "incomplete"
    mailing.client.post(f"{mailing.url}delete/")
    assert told() == [(OTTO, "Deleted")]


def test_the_automatic_year_without_the_switch_mails_no_contact(
    started: RegisterPage, june: Traveller
) -> None:
    started.type(size="25-99", **TYPED).save()
    started.open().type(size="100+").save()
    assert compose(june) == []
