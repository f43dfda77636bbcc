"""The outbox against a mail server that misbehaves, with the sender killed again and again.

What it would miss: mail that the server takes and loses, which only a bounce tells.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from typing import Any

import pytest

from accounts.enums import MessageStatus
from accounts.messages.outbox import Email, queue_emails
from accounts.models import Message
from qpp_registration import clock
from tests.accounts.mail_server import serving
from tests.faults.figures import tell
from tests.faults.sizes import often
from tests.server import database_url

MESSAGES = often(30, 300)
KILLS = often(3, 1000)
WORKS = (
    1.0  # seconds at most from a sender's first word to the mail server until its end by SIGKILL
)
AT_MOST = 60 + 3 * MESSAGES  # seconds until all is sent, on a busy machine

# What a recipient's server does, once but for the refusal: with the recipient or with the text.
KINDS = (
    *("accepts", "slow", "answers-421", "answers-450", "answers-550"),
    *("accepts", "hangs", "drops-before-250", "drops-after-250", "accepts"),
    *("accepts", "slow", "answers-421", "answers-450", "answers-550"),
    *("accepts", "accepts", "drops-before-250", "accepts", "accepts"),
)
SENDER = {
    "EMAIL_CHANNEL": "accounts.channels.smtp.SmtpChannel",
    "EMAIL_TIMEOUT_SECONDS": "1",
    "MESSAGE_LEASE_SECONDS": "3",
    "MESSAGE_BACK_OFF_SECONDS": "0.2",
}


class BadServer:
    """Does to a recipient what its address says. What it answered with 250 is its `mails`."""

    def __init__(self) -> None:
        self.mails: defaultdict[str, list[str]] = defaultdict(list)  # Message-IDs by recipient
        self.did: Counter[str] = Counter()
        self.was_bad_to: set[str] = set()
        self.was_asked = threading.Event()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        self.was_asked.set()
        envelope.rcpt_tos.append(address)
        return await self.answer(server, address, at_text=False)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = await self.answer(server, address, at_text=True)
        if answer.startswith("250"):
            self.mails[address].append(message_from_bytes(envelope.content)["Message-ID"])
            if self.is_first(address, "drops-after-250"):
                await server.push(answer)
                await self.drop(server)
        return answer

    async def answer(self, server: Any, address: str, *, at_text: bool) -> str:
        number, _, kind = address.partition("@")[0].partition("-")
        if at_text != (int(number) // len(KINDS) % 2 == 0):
            return "250 OK"
        if kind == "answers-550":
            self.did[kind] += 1
            return "550 No such person"
        for code in ("421", "450"):
            if self.is_first(address, f"answers-{code}"):
                return f"{code} Not now"
        if self.is_first(address, "slow"):
            await asyncio.sleep(0.1)
        if self.is_first(address, "hangs"):
            await asyncio.sleep(60)  # ends when the sender does, or hangs up
        if self.is_first(address, "drops-before-250"):
            await self.drop(server)
        return "250 OK"

    def is_first(self, address: str, kind: str) -> bool:
        if f"-{kind}@" not in address or address in self.was_bad_to:
            return False
        self.was_bad_to.add(address)
        self.did[kind] += 1
        return True

    @staticmethod
    async def drop(server: Any) -> None:
        server.transport.close()
        await asyncio.sleep(60)  # the lost connection ends it


@pytest.fixture
def server() -> Iterator[tuple[BadServer, int]]:
    bad = BadServer()
    with serving(bad) as port:
        yield bad, port


def start_sender(port: int, var_dir: Any) -> subprocess.Popen[bytes]:
    """A sender that has begun its work."""
    sender = subprocess.Popen(
        [sys.executable, "manage.py", "send_messages", "--loop"],
        env={
            **os.environ,
            **SENDER,
            "DATABASE_URL": database_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "VAR_DIR": str(var_dir),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert sender.stdout
    assert sender.stdout.readline() == b"Sending messages as they come due.\n"
    return sender


def end(sender: subprocess.Popen[bytes], number: signal.Signals) -> None:
    sender.send_signal(number)
    sender.communicate(timeout=60)


def wait_until_sent(*, seconds: float) -> bool:
    """Whether nothing is queued any more, by then."""
    until = time.monotonic() + seconds
    while Message.objects.filter(status=MessageStatus.QUEUED).exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


@pytest.mark.django_db(transaction=True)
def test_each_mail_arrives_though_the_server_fails_and_the_sender_is_killed(server, var_dir):
    bad, port = server
    people = [f"{n}-{KINDS[n % len(KINDS)]}@example.org" for n in range(MESSAGES)]
    queue_emails(
        Email(to=to, subject="Yours", body="Text", due_at=clock.now(), dedupe_key=to)
        for to in people
    )
    began, kills, done = time.monotonic(), 0, False
    while not done and kills < KILLS:
        bad.was_asked.clear()
        sender = start_sender(port, var_dir)
        bad.was_asked.wait(timeout=5)  # what is left may wait for a lease or a next try
        time.sleep(random.uniform(0, WORKS))
        end(sender, signal.SIGKILL)
        kills += 1
        done = wait_until_sent(seconds=0)
    if not done:
        sender = start_sender(port, var_dir)
        done = wait_until_sent(seconds=AT_MOST)
        end(sender, signal.SIGTERM)
    assert done

    outbox = {message.to: message for message in Message.objects.all()}
    missing = [to for to in people if "answers-550" not in to and to not in bad.mails]
    copies = sum(len(ids) - 1 for ids in bad.mails.values())
    dead = {to for to, message in outbox.items() if message.status == MessageStatus.FAILED}
    tell(
        "sender killed",
        messages=len(people),
        seconds=round(time.monotonic() - began),
        kills=kills,
        missing=len(missing),
        copies=copies,
        dead_letters=len(dead),
    )
    assert missing == []
    assert copies <= kills
    assert dead == {to for to in people if "answers-550" in to}
    assert dead.isdisjoint(bad.mails)
    for to, ids in bad.mails.items():
        assert set(ids) == {f"<{outbox[to].pk}@example.org>"}
    assert set(bad.did) == set(KINDS) - {"accepts"}
