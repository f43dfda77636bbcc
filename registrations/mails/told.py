"""For whom a mail about a registration was queued (2022 guide, IV.8)."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Message
from registrations.models import Contact, Registration


@dataclass(frozen=True, kw_only=True)
class ToldContact:
    """A complete contact with a mail of its own in the outbox."""

    name: str
    email: str


def told_contacts(registration: Registration, since: datetime) -> list[ToldContact]:
    """The complete contacts to whom something about the registration was queued since then."""
    queued = Message.objects.filter(about=registration.pk, created_at__gte=since)
    addresses = {address.casefold() for address in queued.values_list("to", flat=True)}
    contacts = Contact.objects.complete().filter(registration=registration).order_by("position")
    return [
        ToldContact(name=str(contact), email=contact.email)
        for contact in contacts
        if contact.email.casefold() in addresses
    ]
