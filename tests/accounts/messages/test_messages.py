"""The outbox and its sender, to the demonstration's file and to a real mail server."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
from datetime import timedelta
from email import message_from_bytes
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, connections

from accounts.channels import DeliveryFailed, DeliveryRefused, open_channel
from accounts.channels.demonstration import DemonstrationChannel
from accounts.channels.smtp import SmtpChannel
from accounts.enums import Channel, MessageStatus
from accounts.messages import delivery
from accounts.messages.outbox import Email, queue_emails
from accounts.models import Message
from qpp_registration import clock
from tests.accounts.mail_server import serving
from tests.accounts.queued import TO, queue
from tests.accounts.steps import START, messages

pytestmark = pytest.mark.django_db

LEASE = 300  # seconds, the default


def send():
    call_command("send_messages", stdout=StringIO())


class Mailbox:
    """A mail server's answers and what it took."""

    def __init__(self):
        self.answer = "250 OK"
        self.at_recipient = "250 OK"
        self.mails = []

    async def handle_RCPT(  # noqa: N802
        self, server, session, envelope, address, options
    ):
        if self.at_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(  # noqa: N802
        self, server, session, envelope
    ):
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content))
        return self.answer


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with serving(box) as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.MESSAGE_CHANNELS = {"email": "accounts.channels.smtp.SmtpChannel", "text": ""}
        yield box


def test_demonstration_appends_one_json_line_a_message(var_dir, capsys):
    channel = DemonstrationChannel(Channel.EMAIL)
    channel.send(to=TO, subject="One", body="Line 1\nLine 2 – ✓", message_id="1")
    channel.send(to=TO, subject="Two", body="x", message_id="2", html="<p>x</p>")
    first, second = messages()
    assert list(first) == ["at", "channel", "to", "subject", "body", "html"]
    assert (first["channel"], first["to"], first["subject"]) == ("email", TO, "One")
    assert first["body"] == "Line 1\nLine 2 – ✓"
    assert first["html"] == ""
    assert (second["subject"], second["html"]) == ("Two", "<p>x</p>")
    assert stat.S_IMODE((var_dir / "messages.jsonl").stat().st_mode) == 0o600
    assert "Line 2 – ✓" in capsys.readouterr().out


def test_demonstration_lines_of_many_threads_never_mix(var_dir):
    def write(number):
        for _ in range(50):
            DemonstrationChannel("text").send(
                to="x", subject=str(number), body="y" * 3000, message_id="1"
            )

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = (var_dir / "messages.jsonl").read_text().splitlines()
    assert len([json.loads(line) for line in lines]) == 200


def test_channel_without_backend_fails(settings):
    settings.MESSAGE_CHANNELS = {"email": ""}
    for channel in ("email", "text"):
        with pytest.raises(DeliveryFailed):
            open_channel(channel)


def test_due_message_is_sent_once():
    message = queue()
    send()
    send()
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    assert message.sent_at
    assert message.lease_until is None
    assert len(messages()) == 1


def test_message_waits_until_it_is_due():
    with time_machine.travel(START, tick=False) as traveller:
        queue(due_at=clock.now() + timedelta(minutes=10))
        send()
        assert messages() == []
        traveller.shift(600)
        send()
    assert len(messages()) == 1


def test_same_key_is_queued_once():
    queue(subject="First")
    queue(subject="Second")
    assert Message.objects.get().subject == "First"


def test_mail_server_gets_the_mail(mailbox):
    message = queue()
    send()
    (mail,) = mailbox.mails
    assert mail["To"] == TO
    assert mail["Subject"] == "Your registration"
    assert mail["Message-ID"] == f"<{message.pk}@example.org>"
    assert mail.get_content_type() == "text/plain"
    assert "– until June" in mail.get_payload(decode=True).decode()


def test_mail_with_html_holds_the_text_first_and_the_same_in_html(mailbox):
    html = "<p>The practice is <strong>registered</strong> – until June.</p>"
    queue_emails(
        [Email(to=TO, subject="x", body="Text", html=html, due_at=clock.now(), dedupe_key="1")]
    )
    send()
    (mail,) = mailbox.mails
    assert mail["Message-ID"] == f"<{Message.objects.get().pk}@example.org>"
    assert mail.get_content_type() == "multipart/alternative"
    text, alternative = mail.get_payload()
    assert (text.get_content_type(), alternative.get_content_type()) == ("text/plain", "text/html")
    assert text.get_payload(decode=True).decode().strip() == "Text"
    assert html in alternative.get_payload(decode=True).decode()


def test_failure_for_now_is_tried_again_with_the_same_message_id(mailbox):
    with time_machine.travel(START, tick=False) as traveller:
        message = queue()
        mailbox.answer = "451 Try later"
        send()
        message.refresh_from_db()
        assert message.status == MessageStatus.QUEUED
        assert message.last_error == "The mail server answered 451."
        assert message.due_at == clock.now() + timedelta(minutes=1)
        mailbox.answer = "250 OK"
        send()
        assert mailbox.mails == []
        traveller.shift(60)
        send()
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    assert message.last_error == ""
    assert message.attempts == 2
    assert mailbox.mails[0]["Message-ID"] == f"<{message.pk}@example.org>"


@pytest.mark.parametrize("where", ["answer", "at_recipient"])
def test_permanent_refusal_is_a_dead_letter(mailbox, where):
    message = queue()
    setattr(mailbox, where, "550 No such person")
    send()
    message.refresh_from_db()
    assert message.status == MessageStatus.FAILED
    assert message.last_error == "The mail server answered 550."
    setattr(mailbox, where, "250 OK")
    send()
    assert mailbox.mails == []


def test_recipient_refused_for_now_is_tried_again(mailbox):
    message = queue()
    mailbox.at_recipient = "450 Mailbox busy"
    send()
    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED


def test_one_failure_does_not_stop_the_next(mailbox):
    queue(1, subject="x\r\nBcc: other@example.org")
    queue(2)
    send()
    assert Message.objects.get(dedupe_key="message-1").status == MessageStatus.FAILED
    assert Message.objects.get(dedupe_key="message-2").status == MessageStatus.SENT
    assert len(mailbox.mails) == 1


def test_header_injection_is_refused(mailbox):
    for to, subject in (
        ("a@example.org\r\nBcc: b@example.org", "x"),
        (TO, "x\nBcc: b@example.org"),
    ):
        with pytest.raises(DeliveryRefused):
            SmtpChannel("email").send(to=to, subject=subject, body="x", message_id="1")
    assert mailbox.mails == []


def test_server_that_is_away_is_tried_again_and_given_up_after_twelve_tries(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.MESSAGE_CHANNELS = {"email": "accounts.channels.smtp.SmtpChannel"}
    waits = []
    with time_machine.travel(START, tick=False) as traveller:
        message = queue()
        while message.status == MessageStatus.QUEUED:
            send()
            message.refresh_from_db()
            waits.append((message.due_at - clock.now()).total_seconds() / 60)
            traveller.move_to(message.due_at)
    assert waits[:11] == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert message.status == MessageStatus.FAILED
    assert message.attempts == 12
    assert message.last_error == "ConnectionRefusedError while talking to the server."


def test_what_a_dead_worker_took_is_taken_when_its_lease_is_over():
    with time_machine.travel(START, tick=False) as traveller:
        queue()
        assert delivery.claim(at=clock.now())
        assert delivery.claim(at=clock.now()) is None
        traveller.shift(LEASE)
        assert delivery.claim(at=clock.now())


def test_late_worker_does_not_overwrite_what_the_next_one_did():
    with time_machine.travel(START, tick=False) as traveller:
        queue()
        late = delivery.claim(at=clock.now())
        traveller.shift(LEASE)
        took_over_at = clock.now()
        next_one = delivery.claim(at=clock.now())
        delivery.deliver(next_one, at=clock.now())
        traveller.shift(1)
        delivery.deliver(late, at=clock.now())
        assert Message.objects.get().sent_at == took_over_at


def test_worker_that_dies_holds_up_one_message():
    for number in range(3):
        queue(number)
    held = delivery.claim(at=clock.now())
    send()
    waiting = Message.objects.get(status=MessageStatus.QUEUED)
    assert waiting == held
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_message_that_kills_its_worker_is_given_up_after_twelve_tries():
    with time_machine.travel(START, tick=False) as traveller:
        queue()
        for _ in range(12):
            assert delivery.claim(at=clock.now())
            traveller.shift(LEASE)
        send()
    message = Message.objects.get()
    assert message.status == MessageStatus.FAILED
    assert message.last_error == "No try came to an end."
    assert messages() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_message_once():
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: on SQLite workers take turns anyway")
    for number in range(60):
        queue(number)

    def work():
        send()
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(messages()) == 60
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_loop_ends_cleanly_when_told_to(tmp_path):
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "PYTHONWARNINGS": "error::ResourceWarning",
    }
    environment.pop("DATABASE_URL", None)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity=0"], env=environment, check=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop = subprocess.Popen(
            [*manage, "send_messages", "--loop"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert loop.stdout
        assert loop.stdout.readline() == b"Sending messages as they come due.\n"
        loop.send_signal(number)
        _, errors = loop.communicate(timeout=60)
        assert loop.returncode == 0
        assert errors == b""
