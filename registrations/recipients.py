"""To whom a mail about a registration goes: one mail an address, whoever has it."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import User
from registrations.models import Contact


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
