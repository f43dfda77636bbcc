"""Messages on the staff site: the list, a message's page, and sending it again."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import AuditEvent, Message
from organizations.models import Organization
from tests.factories import DURING, OrganizationFactory, UserFactory
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
LIST = "/staff/accounts/message/"


@pytest.fixture
def practice(june: object) -> Organization:
    return OrganizationFactory(name="Better Business Health")


def message(practice: Organization, status: str = "failed", **more: Any) -> Message:
    values = {
        "channel": "email",
        "to": "daniel.okafor@example.org",
        "subject": "You are registered",
        "body": "Hello Daniel,\nyour registration ID is 482913.",
        "dedupe_key": f"key:{Message.objects.count()}",
        "due_at": DURING - timedelta(hours=2),
        "attempts": 12,
        "last_error": "No such mailbox" if status in {"failed", "bounced"} else "",
        "sent_at": DURING if status in {"sent", "bounced"} else None,
        "organization": practice,
    }
    return Message.objects.create(**{**values, "status": status, **more})


def page_of(row: Message) -> str:
    return f"{LIST}{row.pk}/change/"


def send_again(client: Client, row: Message, reason: str = "Mail server was down") -> str:
    answer = client.post(f"{LIST}{row.pk}/send-again/", {"reason": reason}, follow=True)
    return words(answer.content.decode())


def test_list_is_filtered_and_masked_for_who_may_not_see_contacts(
    reader: Client, service_center: Client, practice: Organization
) -> None:
    for status in ("queued", "sent", "failed", "bounced"):
        message(practice, status, subject=f"This one {status}")
    everything = words(service_center.get(LIST).content.decode())
    assert "daniel.okafor@example.org" in everything
    assert everything.count("This one") == 4
    failed = words(reader.get(LIST, {"status__exact": "failed"}).content.decode())
    assert "This one failed" in failed
    assert "This one sent" not in failed
    assert "***@example.org" in failed
    assert "daniel.okafor" not in failed
    assert "This one" not in reader.get(LIST, {"channel__exact": "text"}).content.decode()


def test_page_tells_what_became_of_it_and_its_text(
    reader: Client, service_center: Client, practice: Organization
) -> None:
    row = message(practice)
    told = words(service_center.get(page_of(row)).content.decode())
    for part in ("You are registered", "Failed", "No such mailbox", "Tries 12", "ID is 482913"):
        assert part in told
    assert "Better Business Health" in told
    told = words(reader.get(page_of(row)).content.decode())
    assert "482913" not in told
    assert "daniel.okafor" not in told
    assert "Not shown: texts name people’s e-mail and phone." in told


def test_text_that_opens_something_is_shown_to_nobody(
    administrator: Client, practice: Organization
) -> None:
    row = message(practice, "queued", secret=True, body="Open /open-link/abc/", html="<a>abc</a>")
    told = administrator.get(page_of(row)).content.decode()
    assert "open-link" not in told
    assert "Not shown: it holds a link or code" in words(told)


@pytest.mark.parametrize("status", ["failed", "bounced"])
def test_what_failed_or_came_back_is_sent_again_as_the_same_message(
    status: str, service_center: Client, casey: Any, practice: Organization
) -> None:
    row = message(practice, status)
    told = send_again(service_center, row)
    assert "Queued: “You are registered” goes to the same address again." in told
    assert "Send the message again" not in told
    queued = Message.objects.get()
    assert (queued.pk, queued.dedupe_key) == (row.pk, row.dedupe_key)
    assert (queued.status, queued.attempts, queued.sent_at) == ("queued", 0, None)
    event = AuditEvent.objects.get(action="message.resent")
    assert (event.actor_id, event.reason) == (str(casey.pk), "Mail server was down")
    assert (event.object_id, event.details["before"]) == (str(row.pk), status)
    assert "daniel" not in str(event.details)
    call_command("send_messages", "--once")
    assert Message.objects.get().status == "sent"


def test_pressing_twice_queues_once(service_center: Client, practice: Organization) -> None:
    row = message(practice)
    send_again(service_center, row)
    send_again(service_center, row)
    assert AuditEvent.objects.filter(action="message.resent").count() == 1


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"status": "sent"}, "This message was sent, and didn’t come back."),
        ({"secret": True, "body": ""}, "This message held a link or code, which is erased."),
        ({"expires_at": DURING}, "This message is too late to be of use."),
    ],
)
def test_what_can_not_be_sent_again_says_why(
    values: dict[str, Any], why: str, service_center: Client, practice: Organization
) -> None:
    row = message(practice, **{"status": "failed", **values})
    assert why in words(service_center.get(page_of(row)).content.decode())
    assert why in send_again(service_center, row)
    assert Message.objects.get().status == row.status
    assert not AuditEvent.objects.exists()


def test_only_who_has_the_right(
    reader: Client, practice: Organization, sign_in: Any, manager: Client
) -> None:
    row = message(practice)
    assert reader.post(f"{LIST}{row.pk}/send-again/", {"reason": "x"}).status_code == 403
    assert sign_in(UserFactory()).get(page_of(row)).status_code == 404
    assert "Send the message again" not in reader.get(page_of(row)).content.decode()
    assert "Queued" in send_again(manager, row)
    assert manager.post(page_of(row), {"status": "sent"}).status_code == 403
