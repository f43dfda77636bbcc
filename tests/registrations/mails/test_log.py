"""What a registration's officials see of the mails about it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from accounts.enums import RoleName
from accounts.models import Message, User
from registrations.models import Registration
from tests.factories import DURING, RoleFactory, UserFactory
from tests.registrations.conftest import RegisterPage

HEADING = "Mail about this registration"
AT = datetime(2023, 6, 2, 18, 0, tzinfo=UTC)  # 2:00 p.m. ET


def write(registration: Registration, number: int = 1, **values: Any) -> Message:
    return Message.objects.create(
        **{
            "channel": "email",
            "to": f"contact-{number}@example.org",
            "subject": f"Mail {number}",
            "body": "A one-time secret",
            "about": registration.pk,
            "due_at": AT,
            "created_at": AT + timedelta(minutes=number),
            "dedupe_key": f"mail-{number}",
            **values,
        }
    )


def shown(html: str) -> list[list[str]]:
    """Each mail on the page: address, what came of it, subject."""
    letters = html.split('<li class="mail-log__letter">')[1:]
    return [
        [
            " ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split())
            for line in re.findall(r"<p class=\"mail-log__.*?</p>", letter, re.DOTALL)
        ]
        for letter in letters
    ]


@pytest.mark.usefixtures("june")
def test_official_sees_to_whom_and_what_came_of_it(
    complete_page: RegisterPage,
) -> None:
    registration = complete_page.registration
    write(registration, 1, status="sent", sent_at=AT)
    write(registration, 2, due_at=AT + timedelta(minutes=10))
    write(registration, 3, last_error="The mail server answered 450.", attempts=1)
    write(registration, 4, status="failed", last_error="The mail server answered 550.")
    write(registration, 5, status="bounced", sent_at=AT, last_error="The mail came back: 5.1.1.")
    write(registration, 6, about=None)
    html = complete_page.client.get(complete_page.url).content.decode()
    assert shown(html) == [
        ["contact-5@example.org", "Couldn’t be delivered", "Mail 5"],
        ["contact-4@example.org", "Couldn’t be delivered", "Mail 4"],
        [
            "contact-3@example.org",
            "Not delivered yet, next try June 2, 2023 at 2:00 p.m. ET",
            "Mail 3",
        ],
        ["contact-2@example.org", "Queued for June 2, 2023 at 2:10 p.m. ET", "Mail 2"],
        ["contact-1@example.org", "Sent June 2, 2023 at 2:00 p.m. ET", "Mail 1"],
    ]
    assert "If a contact still has it, correct it in the contact." in html
    assert "A one-time secret" not in html


@pytest.mark.usefixtures("june")
def test_nothing_is_told_where_nothing_was_mailed_or_lost(complete_page: RegisterPage) -> None:
    assert HEADING not in complete_page.client.get(complete_page.url).content.decode()
    write(complete_page.registration, status="sent", sent_at=AT)
    html = complete_page.client.get(complete_page.url).content.decode()
    assert HEADING in html
    assert "correct it in the contact" not in html


@pytest.mark.usefixtures("june")
def test_50_are_shown_of_how_many_and_a_lost_one_never_falls_off(
    complete_page: RegisterPage,
) -> None:
    write(complete_page.registration, 1, status="bounced", sent_at=AT)
    for number in range(2, 53):
        write(complete_page.registration, number)
    html = complete_page.client.get(complete_page.url).content.decode()
    letters = shown(html)
    assert len(letters) == 50
    assert [letters[place][2] for place in (0, 1, -1)] == ["Mail 1", "Mail 52", "Mail 4"]
    assert "50 of 52: what couldn’t be delivered, then the newest." in html


def test_after_the_close_it_can_be_read_and_nothing_is_to_be_corrected(
    complete_page: RegisterPage, june: Any, jane: User, sign_in: Callable
) -> None:
    write(complete_page.registration, status="failed")
    june.move_to(DURING + timedelta(days=60))
    html = sign_in(jane).get(complete_page.url).content.decode()
    assert shown(html) == [["contact-1@example.org", "Couldn’t be delivered", "Mail 1"]]
    assert "correct it in the contact" not in html


@pytest.mark.usefixtures("june")
def test_staff_user_is_shown_no_mail(complete_page: RegisterPage, sign_in: Callable) -> None:
    write(complete_page.registration, status="failed")
    reader = UserFactory()
    RoleFactory(
        user=reader,
        organization=complete_page.registration.organization,
        name=RoleName.STAFF_USER,
    )
    html = sign_in(reader).get(complete_page.url).content.decode()
    assert "Organization Size" in html
    assert HEADING not in html
    assert "contact-1@example.org" not in html
