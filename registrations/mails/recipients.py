"""To whom a mail about a registration goes: one mail an address, whoever has it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.template.loader import render_to_string

from accounts.messages.outbox import Email
from accounts.models import User
from registrations.models import Contact, Registration
from registrations.words.letters import Letter


class Recipient(NamedTuple):
    """An address, and whether it is a Security Official's."""

    address: str
    is_official: bool

    @property
    def key(self) -> str:
        """The address as part of a dedupe key: short, and without regard to case."""
        return hashlib.sha256(self.address.casefold().encode()).hexdigest()[:16]


def recipients(contacts: Iterable[Contact], officials: Iterable[User]) -> list[Recipient]:
    """Complete contacts and Security Officials, each address once; an official is one first."""
    found: dict[str, Recipient] = {}
    for user in officials:
        found.setdefault(user.email.casefold(), Recipient(user.email, is_official=True))
    for contact in contacts:
        if contact.is_complete:
            found.setdefault(contact.email.casefold(), Recipient(contact.email, is_official=False))
    return list(found.values())


def letters_to(
    recipients: Iterable[Recipient],
    write: Callable[[bool], Letter],
    *,
    registration: Registration,
    due_at: datetime,
    key: str,
) -> Iterator[Email]:
    """A mail for each recipient. `write(to_official)` gives the letter, `key` begins the dedupe
    key."""
    drawn: dict[bool, tuple[Letter, str]] = {}
    for recipient in recipients:
        to_official = recipient.is_official
        if to_official not in drawn:
            letter = write(to_official)
            drawn[to_official] = letter, render_to_string("mail/letter.html", {"letter": letter})
        letter, html = drawn[to_official]
        yield Email(
            to=recipient.address,
            subject=letter.subject,
            body=letter.as_text(),
            html=html,
            due_at=due_at,
            dedupe_key=f"{key}:{recipient.key}",
            organization_id=registration.organization_id,
            about=registration.pk,
        )
