"""Mail that comes back: reports on standard input, as a mail server pipes them."""

from io import BytesIO, StringIO, TextIOWrapper
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.enums import MessageStatus
from accounts.messages import delivery
from accounts.messages.outbox import queue_email
from accounts.models import Message
from qpp_registration import clock
from tests.accounts.steps import START

pytestmark = pytest.mark.django_db

TO = "jane.doe@example.org"

# As Postfix writes it, shortened: text for people, fields for programs, what came back.
REPORT = """\
From MAILER-DAEMON Tue May  2 10:05:00 2023
Date: Tue, 2 May 2023 10:05:00 -0400 (EDT)
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: no-reply@example.org
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

This is a MIME-encapsulated message.

--B
Content-Type: text/plain; charset=us-ascii

<jane.doe@example.org>: host mx.example.org said: 550 5.1.1 User unknown

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
Arrival-Date: Tue, 2 May 2023 10:00:00 -0400 (EDT)

Final-Recipient: rfc822; jane.doe@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <jane.doe@example.org>: User unknown

--B
{returned}

--B--
"""
HEADERS = """\
From: QPP Registration <no-reply@example.org>
To: jane.doe@example.org
Subject: Your registration
Message-ID:
 <{message_id}@example.org>
"""
RETURNED = {
    "headers": f"Content-Type: text/rfc822-headers\n\n{HEADERS}",
    "mail": f"Content-Type: message/rfc822\n\n{HEADERS}\nThe practice is registered.\n",
}


def report(message, *, action="failed", status="5.1.1", returned="headers"):
    text = RETURNED[returned].format(message_id=getattr(message, "pk", message))
    return REPORT.format(action=action, status=status, returned=text)


@pytest.fixture
def record(monkeypatch):
    """Pipe a text into the command. What it says."""

    def run(text):
        said = StringIO()
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))
        call_command("record_bounce", stdout=said)
        return said.getvalue()

    return run


def queue():
    queue_email(to=TO, subject="x", body="x", due_at=clock.now(), dedupe_key="x")
    return Message.objects.get()


@pytest.fixture
def sent():
    """A message that went out at START."""
    with time_machine.travel(START, tick=False):
        queue()
        call_command("send_messages", stdout=StringIO())
    return Message.objects.get()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("returned", ["headers", "mail"])
def test_report_marks_its_message(sent, record, returned, line_end):
    other = Message.objects.create(
        channel="email", to=TO, subject="x", body="x", due_at=clock.now(), dedupe_key="other"
    )
    said = record(report(sent, returned=returned).replace("\n", line_end))
    assert said == f"Message {sent.pk} bounced. The mail came back: 5.1.1.\n"
    bounced = Message.objects.get(pk=sent.pk)
    assert (bounced.status, bounced.last_error) == ("bounced", "The mail came back: 5.1.1.")
    assert bounced.sent_at == sent.sent_at
    other.refresh_from_db()
    assert other.status == MessageStatus.QUEUED


def test_second_report_changes_nothing(sent, record):
    record(report(sent))
    assert record(report(sent, status="5.7.1")).startswith("Nothing to record")
    assert Message.objects.get().last_error == "The mail came back: 5.1.1."


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_mail_that_may_still_arrive_is_not_marked(sent, record, action):
    assert record(report(sent, action=action, status="4.4.1")).startswith("Nothing to record")
    assert Message.objects.get().status == MessageStatus.SENT


def test_given_up_by_the_mail_server_after_days_is_marked(sent, record):
    record(report(sent, action="Failed", status="4.4.7 (timed out)"))
    assert Message.objects.get().last_error == "The mail came back: 4.4.7."


def test_text_in_place_of_the_code_is_not_kept(sent, record):
    record(report(sent, status="unknown user jane.doe@example.org"))
    message = Message.objects.get()
    assert (message.status, message.last_error) == ("bounced", "The mail came back: no code.")


def test_what_came_back_from_a_killed_sender_is_not_sent_again(record):
    with time_machine.travel(START, tick=False) as traveller:
        queue()
        claimed = delivery.claim(at=clock.now())
        record(report(claimed))
        traveller.shift(3600)
        assert delivery.claim(at=clock.now()) is None
        delivery.deliver(claimed, at=clock.now())
    message = Message.objects.get()
    assert message.status == MessageStatus.BOUNCED
    assert message.sent_at.isoformat() == "2023-05-02T14:00:00+00:00"


NO_REPORTS = {
    "nothing": ("", "it isn't multipart/report"),
    "out of office": (
        f"From: {TO}\nSubject: Out of office\n\nBack on Monday.\n",
        "isn't multipart",
    ),
    "bytes": ("\x00\xff\x00", "it isn't multipart/report"),
    "empty report": (
        'Content-Type: multipart/report; boundary="B"\n\n--B--\n',
        "no delivery status in it",
    ),
    "nothing returned": (report("x" * 36).partition("Message-ID")[0], "no headers with"),
    "another site's mail": (report("CAF-12=x"), "no headers with a Message-ID of this site"),
    "looks like ours": (report("f" * 35 + "-"), "no headers with a Message-ID of this site"),
    "unknown message": (report(uuid4()), "about no message of the outbox"),
}


@pytest.mark.parametrize(("text", "why"), NO_REPORTS.values(), ids=NO_REPORTS)
def test_what_is_no_report_is_refused_for_good(sent, record, text, why):
    with pytest.raises(CommandError, match=why) as refused:
        record(text)
    assert refused.value.returncode == 65
    assert Message.objects.get().status == MessageStatus.SENT


@pytest.mark.parametrize(
    "wrong", [{"status": "bounced", "sent_at": None}, {"status": "failed"}, {"status": "queued"}]
)
def test_database_wants_a_time_of_what_went_out_and_of_nothing_else(sent, wrong):
    with pytest.raises(IntegrityError, match="message_sent_has_its_time"), transaction.atomic():
        Message.objects.update(**wrong)
