"""What opened something once doesn't lie around: secret texts, codes, sessions."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from accounts.messages.bounces import record_bounce
from accounts.models import AuditEvent, Message, OneTimeCode, Session, User
from qpp_registration import clock
from tests.accounts.queued import queue
from tests.accounts.steps import START, person_with_phone, phone_of, up_to_code

pytestmark = pytest.mark.django_db
SECRET = {"secret": True, "body": "https://127.0.0.1/secret", "expires_at": None}


def purge(**options: Any) -> list[str]:
    out = StringIO()
    call_command("purge_expired", stdout=out, **options)
    return out.getvalue().splitlines()


def text(message: Message) -> str:
    message.refresh_from_db()
    return f"{message.body}{message.html}"


@pytest.fixture
def moved():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_text_with_a_link_is_erased_when_it_is_out_and_no_other(moved: Any) -> None:
    secret, plain = queue(1, **SECRET), queue(2)
    call_command("send_messages", stdout=StringIO())
    assert (text(secret), secret.status, secret.subject) == ("", "sent", "Your registration")
    assert text(plain) == plain.body != ""


def test_it_is_erased_when_it_is_given_up(moved: Any, settings: Any) -> None:
    settings.MESSAGE_CHANNELS = {"email": "accounts.channels.smtp.SmtpChannel"}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    secret = queue(1, **SECRET)
    for _ in range(12):
        call_command("send_messages", stdout=StringIO())
        assert text(secret) == ("" if secret.status == "failed" else SECRET["body"])
        moved.shift(timedelta(hours=2))
    assert secret.status == "failed"


def test_it_is_erased_when_it_is_too_late_or_came_back(moved: Any) -> None:
    late = queue(1, **SECRET | {"expires_at": clock.now()})
    back = queue(2, **SECRET | {"due_at": clock.now() + timedelta(days=1)})
    call_command("send_messages", stdout=StringIO())
    assert (text(late), late.status) == ("", "failed")
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
        "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
        "Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\n"
        f"--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{back.pk}@example.org>\n\n--x--\n"
    )
    record_bounce(report.encode(), at=clock.now())
    assert (text(back), back.status) == ("", "bounced")


@pytest.fixture
def leftovers(moved: Any) -> list[Message]:
    """A code and sessions of yesterday, one of today, and links that nobody sent."""
    user: User = person_with_phone()
    up_to_code(Client(), user)
    moved.shift(timedelta(hours=25))
    up_to_code(Client(), user)
    unsent = queue(1, **SECRET | {"expires_at": clock.now() - timedelta(minutes=1)})
    waiting = queue(2, **SECRET | {"expires_at": clock.now() + timedelta(minutes=1)})
    return [unsent, waiting]


def test_purging_removes_what_expired_and_nothing_else(leftovers: list[Message]) -> None:
    unsent, waiting = leftovers
    events = list(AuditEvent.objects.order_by("id").values())
    assert [line for line in purge() if not line.startswith("0 ")] == [
        "1 one-time codes removed",
        "1 sessions removed",
        "1 texts of mails with a link removed",
    ]
    assert (text(unsent), text(waiting)) == ("", SECRET["body"])
    assert OneTimeCode.objects.filter(sent_at__lt=clock.now()).count() == 0
    assert OneTimeCode.objects.count() == Session.objects.count() == 1
    *before, new = AuditEvent.objects.order_by("id").values()
    assert before == events
    assert {label: number for label, number in new["details"]["removed"].items() if number} == {
        "one-time codes": 1,
        "sessions": 1,
        "texts of mails with a link": 1,
    }


def test_rehearsal_only_counts_and_purging_twice_leaves_one_event(
    leftovers: list[Message],
) -> None:
    assert purge(dry_run=True)[0] == "1 one-time codes would go"
    assert OneTimeCode.objects.count() == 2
    purge()
    assert purge()[0] == "0 one-time codes removed"
    assert AuditEvent.objects.filter(action="expired.purged").count() == 1


def test_codes_count_against_the_limits_as_long_as_they_must(moved: Any) -> None:
    user = person_with_phone()
    OneTimeCode.objects.create(
        user=user,
        device=phone_of(user),
        sign_in=uuid4(),
        digest="0" * 64,
        sent_at=clock.now() - timedelta(hours=23),
        expires_at=clock.now() - timedelta(hours=22),
    )
    purge()
    assert OneTimeCode.objects.count() == 1


def test_whoever_is_signed_in_stays_so(
    june: object, offering: object, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(person_with_phone())
    purge()
    assert client.get("/home/").status_code == 200
