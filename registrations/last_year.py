"""Contacts and size of an earlier year, offered for confirmation in a new one.

Nothing is taken over unseen: the contacts are copied when an official says so, the size is only
told and chosen anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases import lock
from registrations.edits import ContactEdit, FieldEdit, Saved
from registrations.enums import Product
from registrations.models import Contact, Registration
from registrations.policy import SaveStamp
from registrations.save import save


@dataclass(frozen=True, kw_only=True)
class LastYear:
    """What an organization's newest earlier registration with a complete contact holds.

    `size` in words, empty when none was chosen. `contacts`: the complete ones, in their order.
    """

    year: int
    size: str
    contacts: list[Contact]


def last_year_of(registration: Registration) -> LastYear | None:
    """What can be offered to this registration, in two queries. For Security Officials only."""
    complete = Contact.objects.complete().filter(registration=OuterRef("pk"))
    earlier = (
        Registration.objects.filter(
            Exists(complete),
            organization=registration.organization_id,
            year__lt=registration.year_id,
        )
        .order_by("-year")
        .first()
    )
    if earlier is None:
        return None
    contacts = Contact.objects.complete().filter(registration=earlier).order_by("position")
    return LastYear(year=earlier.year_id, size=earlier.get_size_display(), contacts=list(contacts))


def use_last_year(
    *,
    registration_id: UUID,
    product: Product,
    size: FieldEdit | None,
    contacts: Mapping[UUID, ContactEdit],
    actor: Actor,
    received_at: datetime,
    stamp: SaveStamp | None = None,
) -> Saved:
    """Save what was typed, as `save` does, and copy the contacts of the earlier year.

    The copies have keys of their own. A registration that has a contact already gets none, so
    that a second press adds nothing; the contacts typed with this one come first.

    Raises what `save` raises; then nothing is stored.
    """
    with transaction.atomic():
        lock(registration_id)
        found = None
        if not Contact.objects.filter(registration=registration_id).exists():
            registration = Registration.objects.filter(pk=registration_id).first()
            found = last_year_of(registration) if registration else None
        copies = {uuid4(): _copy(contact) for contact in found.contacts} if found else {}
        saved = save(
            registration_id=registration_id,
            product=product,
            size=size,
            contacts={**contacts, **copies},
            actor=actor,
            received_at=received_at,
            stamp=stamp,
        )
        if found and registration:
            audit.record(
                AuditAction.CONTACTS_COPIED,
                actor=actor,
                organization_id=registration.organization_id,
                object_id=registration_id,
                from_year=found.year,
                contacts=len(copies),
            )
    return saved


def _copy(contact: Contact) -> ContactEdit:
    fields = {name: FieldEdit(was="", now=value) for name, value in contact.values().items()}
    return ContactEdit(is_new=True, fields=fields)
