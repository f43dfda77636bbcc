"""Writing to the contacts of a list: reviewed first, each address once, nothing twice."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, Message, User
from accounts.policy.rights import StaffGroup
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Offering
from tests.factories import OrganizationFactory, UserFactory
from tests.registrations.enrolled import enroll, words
from tests.staff.files import CAHPS_COMPLETE, IN_WORDS, REGISTRATIONS

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
WRITE = f"{REGISTRATIONS}write/{CAHPS_COMPLETE}"
TEXT = {
    "subject": "Choose a survey vendor",
    "text": "Dear contact,\n\nplease choose a vendor.",
    "reason": "Vendors asked for it",
}


def hidden(html: str) -> dict[str, str]:
    """What the page's form sends along by itself."""
    form = html.split('<div class="staff-deed">')[1]
    tags = [
        dict(re.findall(r'([a-z-]+)="([^"]*)"', tag)) for tag in re.findall("<input[^>]*>", form)
    ]
    return {tag["name"]: tag.get("value", "") for tag in tags if tag.get("type") == "hidden"}


def review(client: Client, **typed: str) -> Any:
    """Fill in the form and press its button: what will happen is shown."""
    opened = hidden(client.get(WRITE).content.decode())
    return client.post(WRITE, opened | TEXT | typed)


def confirm(client: Client, reviewed: Any) -> Any:
    """Press the button of the review, whose text a browser sends back as it came."""
    return client.post(WRITE, hidden(reviewed.content.decode()) | TEXT)


def told() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=AuditAction.CONTACTS_WRITTEN_TO))


@pytest.fixture
def listed(offerings: Offerings) -> None:
    """Daniel is a contact of two, in other letters; Ada of one; Eve's isn't on the list."""
    enroll(OrganizationFactory(name="Better"), offerings, contacts=("Daniel", "Ada"))
    lakeside = enroll(OrganizationFactory(name="Lakeside"), offerings, contacts=("Daniel", "Half"))
    lakeside.contacts.filter(first_name="Daniel").update(email="DANIEL.Okafor@example.org")
    lakeside.contacts.filter(first_name="Half").update(phone="")
    enroll(OrganizationFactory(name="Harbor"), offerings, status="cancelled", contacts=("Eve",))


def test_review_says_how_many_and_shows_one_before_anything_is_queued(
    listed: None, manager: Client
) -> None:
    page = words(review(manager).content.decode())
    assert "2 mails, one to each address, to contacts of 2 organizations" in page
    assert " ".join(IN_WORDS).replace(":", "") in page
    assert "Example: to ada.okafor@example.org" in page
    assert "please choose a vendor." in page
    assert not Message.objects.exists()
    assert told() == []


def test_registrations_that_nobody_gets_mail_about_are_told_before_and_afterwards(
    listed: None, offerings: Offerings, manager: Client
) -> None:
    reviewed = review(manager)
    assert "no complete contact" not in words(reviewed.content.decode())
    enroll(OrganizationFactory(name="Silent"), offerings, contacts=("Nell",))
    Contact.objects.filter(first_name="Nell").update(phone="")
    one = "1 registration on the list has no complete contact, so nobody gets mail about it."
    assert one in words(review(manager).content.decode())
    enroll(OrganizationFactory(name="Quiet"), offerings, contacts=()).contacts.all().delete()
    two = "2 registrations on the list have no complete contact, so nobody gets mail about them."
    assert two in words(review(manager).content.decode())
    for mails in ("2 mails are queued.", "All of these mails were queued before."):
        done = words(manager.get(confirm(manager, reviewed).url).content.decode())
        assert mails in done
        assert two in done


def test_each_address_gets_one_mail_with_all_its_registrations(
    listed: None, manager: Client
) -> None:
    assert confirm(manager, review(manager)).url == f"{REGISTRATIONS}{CAHPS_COMPLETE}"
    ada, daniel = Message.objects.order_by("to")
    assert ada.subject == "Choose a survey vendor"
    assert ada.body.startswith("Dear contact,\n\nplease choose a vendor.\n\n")
    assert "a contact of this registration:\n- Better, registration ID 219043, 2022\n" in ada.body
    assert (
        "- Better, registration ID 219043, 2022\n- Lakeside, registration ID 219044" in daniel.body
    )
    assert {message.to.casefold() for message in (ada, daniel)} == {
        "ada.okafor@example.org",
        "daniel.okafor@example.org",
    }


def test_it_is_audited_once_without_addresses(listed: None, manager: Client) -> None:
    confirm(manager, review(manager))
    (event,) = told()
    assert (event.reason, event.actor_kind) == ("Vendors asked for it", "staff")
    assert event.details == {
        "subject": "Choose a survey vendor",
        "mails": 2,
        "organizations": 2,
        "filters": IN_WORDS,
    }


def test_pressing_twice_queues_nothing_twice(listed: None, manager: Client) -> None:
    reviewed = review(manager)
    for says in ("2 mails are queued.", "All of these mails were queued before."):
        done = manager.get(confirm(manager, reviewed).url)
        assert says in words(done.content.decode())
    assert (Message.objects.count(), len(told())) == (2, 1)


def test_interrupted_one_goes_on_where_it_stopped(listed: None, manager: Client) -> None:
    reviewed = review(manager)
    confirm(manager, reviewed)
    Message.objects.filter(to__istartswith="daniel").delete()
    confirm(manager, reviewed)
    assert (Message.objects.count(), len(told())) == (2, 1)


def test_another_announcement_reaches_the_same_contacts(listed: None, manager: Client) -> None:
    confirm(manager, review(manager))
    confirm(manager, review(manager))
    assert (Message.objects.count(), len(told())) == (4, 2)


def test_list_that_grew_after_the_review_is_reviewed_again(
    listed: None, offerings: Offerings, manager: Client
) -> None:
    reviewed = review(manager)
    enroll(OrganizationFactory(name="New"), offerings, contacts=("Grace",))
    again = confirm(manager, reviewed)
    assert "3 mails" in words(again.content.decode())
    assert not Message.objects.exists()
    confirm(manager, again)
    assert Message.objects.count() == 3


def test_text_can_be_changed_after_the_review(listed: None, manager: Client) -> None:
    reviewed = hidden(review(manager).content.decode())
    page = manager.post(WRITE, reviewed | TEXT | {"change": "Change"}).content.decode()
    assert "please choose a vendor.</textarea>" in page
    changed = TEXT | {"text": "Another text."}
    again = manager.post(WRITE, hidden(page) | changed).content.decode()
    assert "Another text." in words(again)
    assert not Message.objects.exists()
    manager.post(WRITE, hidden(again) | changed)
    assert Message.objects.filter(body__startswith="Another text.").count() == 2


def test_mail_is_shown_with_its_registration(listed: None, manager: Client) -> None:
    confirm(manager, review(manager))
    better = Organization.objects.get(name="Better").registrations.get()
    assert set(Message.objects.filter(about=better.pk).values_list("to", flat=True)) >= {
        "ada.okafor@example.org"
    }


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("reason", "", "Enter the reason."),
        ("subject", "", "Enter the subject."),
        ("text", " ", "Enter the text."),
        ("subject", "Hello\r\nBcc: eve@example.org", "Remove the line break"),
        ("text", "x\0y", "Remove the line break or invisible character."),
    ],
)
def test_what_cannot_be_sent_is_refused_at_its_field(
    field: str, typed: str, error: str, listed: None, manager: Client
) -> None:
    answer = review(manager, **{field: typed})
    assert answer.status_code == 422
    assert error in answer.content.decode()


def test_list_without_complete_contacts_is_refused(manager: Client, offerings: Offerings) -> None:
    enroll(OrganizationFactory(), offerings)
    Contact.objects.update(phone="")
    answer = review(manager)
    assert answer.status_code == 422
    assert "No registration on the list has a complete contact." in answer.content.decode()


@pytest.mark.parametrize("group", [StaffGroup.READER, StaffGroup.SERVICE_CENTER])
def test_others_of_staff_do_not_write(
    group: StaffGroup, sign_in: Callable[[User], Client], listed: None
) -> None:
    client = sign_in(UserFactory(staff_group=group))
    assert "Write to the contacts" not in client.get(REGISTRATIONS).content.decode()
    assert client.get(WRITE).status_code == 403
    assert client.post(WRITE, TEXT).status_code == 403
    assert not Message.objects.exists()
