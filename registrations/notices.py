"""Telling contacts of what was registered, changed and cancelled (2022 guide, II and IV.8)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from registrations.enums import Product
from registrations.models import ChangeNotice, Contact, Registration
from registrations.policy import CHANGES_MERGE
from registrations.year_cases import YearCase


def snapshot(registration: Registration, contacts: Iterable[Contact]) -> dict[str, Any]:
    """A registration as it stands, to compare with what it becomes: plain JSON values."""
    return {
        "size": registration.size,
        **registration.information(),
        "contacts": {str(contact.pk): contact.values() for contact in contacts},
    }


def note_change(
    registration: Registration, *, before: dict[str, Any], actor: Actor, received_at: datetime
) -> None:
    """Have the contacts told of a change, together with all that changes in the next ten minutes.

    Call it in the transaction of the change, with the registration locked.
    """
    ChangeNotice.objects.get_or_create(
        registration=registration,
        defaults={
            "before": before,
            "by": [actor.name],
            "began_at": received_at,
            "due_at": received_at + CHANGES_MERGE,
        },
    )


def tell_registered(
    case: YearCase, product: Product, *, number: int, actor: Actor, received_at: datetime
) -> None:
    """Queue mail to all contacts of the organization that is registered now."""


def tell_cancelled(
    case: YearCase,
    products: Sequence[Product],
    *,
    actor: Actor,
    received_at: datetime,
    size: Sequence[str] = (),
) -> None:
    """Queue mail to all contacts, and to the other Security Officials, of what was cancelled."""


def compose_due(*, at: datetime) -> int:
    """Queue the mails of the changes whose ten minutes are over. Gives how many changes."""
    return 0
