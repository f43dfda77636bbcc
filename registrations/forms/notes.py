"""What a page of several steps carries along: signed, for one person and one offering."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core import signing

from accounts.models import User
from registrations.models import Offering

SALT = "registrations.notes"


def seal(purpose: str, data: Any, *, user: User, offering: Offering) -> str:
    """The note for a hidden field. It can be read in the browser, but not changed."""
    note = {"p": purpose, "u": str(user.pk), "o": str(offering.pk), "d": data}
    return signing.dumps(note, salt=SALT, compress=True)


def unseal(purpose: str, token: str, *, user: User, offering: Offering) -> Any:
    """What was sealed; None for a forged note, another purpose, person or offering."""
    try:
        note = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    if (note["p"], note["u"], note["o"]) != (purpose, str(user.pk), str(offering.pk)):
        return None
    return note["d"]


def as_text(keys: Collection[UUID]) -> list[str]:
    """Keys as they stand in a note."""
    return [str(key) for key in keys]


def as_keys(texts: Collection[Any]) -> list[UUID]:
    """The keys among the texts, each once, in their order; what is none is left out."""
    keys = {}
    for text in texts:
        try:
            keys[UUID(str(text))] = True
        except ValueError:
            continue
    return list(keys)
