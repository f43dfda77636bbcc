"""Contacts, address and size of an earlier year, offered for confirmation in a new one.

Nothing is taken over unseen: contacts and address are copied when an official says so, the size is
only told and chosen anew.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import lock
from registrations.cases.year import YearCase, changing_year
from registrations.details.edits import ContactEdit, Edits, FieldEdit, Saved
from registrations.details.save import save
from registrations.enums import Product
from registrations.models import Contact, Registration
from registrations.policy.registration import ORGANIZATION_FIELDS, Action, SaveStamp

ADDRESS = tuple(name for name in ORGANIZATION_FIELDS if name != "name")


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
            _record_copies(registration, found, actor)
    return saved


def last_size_of(case: YearCase) -> tuple[int, str] | None:
    """The newest earlier year in which the organization chose a size, and the size in words."""
    earlier = (
        Registration.objects.filter(organization=case.organization, year__lt=case.year.year)
        .exclude(size="")
        .order_by("-year")
        .first()
    )
    return (earlier.year_id, earlier.get_size_display()) if earlier else None


def last_address_of(registration: Registration) -> Registration | None:
    """The newest earlier registration, if its address may be offered to this one.

    It may while nobody has written this one's address, and only where the two differ.
    """
    if any(name in registration.writers for name in ADDRESS):
        return None
    earlier = (
        Registration.objects.filter(
            organization=registration.organization_id, year__lt=registration.year_id
        )
        .exclude(address1="")
        .order_by("-year")
        .first()
    )
    differs = earlier and any(
        getattr(earlier, name) != getattr(registration, name) for name in ADDRESS
    )
    return earlier if differs else None


def use_last_contacts(
    *, organization_id: UUID, year: int, actor: Actor, received_at: datetime
) -> int:
    """Copy the contacts of the earlier year into the registration of an explicit year.

    How many were copied: a registration that has a contact already gets none. Raises
    Organization.DoesNotExist, Registration.DoesNotExist before a size was chosen, NotAllowed or
    WindowClosed.
    """
    with _editing(organization_id, year, actor, received_at) as edits:
        found = None if edits.contacts else last_year_of(edits.registration)
        if found is None:
            return 0
        for contact in found.contacts:
            edits.save_contact(uuid4(), _copy(contact))
        edits.finish()
        _record_copies(edits.registration, found, actor)
    return len(found.contacts)


def use_last_address(
    *, organization_id: UUID, year: int, actor: Actor, received_at: datetime
) -> None:
    """Take over the earlier year's mailing address, while nobody has written this year's.

    Raises what `use_last_contacts` raises.
    """
    with _editing(organization_id, year, actor, received_at) as edits:
        earlier = last_address_of(edits.registration)
        if earlier:
            current = edits.registration.information()
            edits.save_fields(
                {name: FieldEdit(was=current[name], now=getattr(earlier, name)) for name in ADDRESS}
            )
            edits.finish()


@contextmanager
def _editing(
    organization_id: UUID, year: int, actor: Actor, received_at: datetime
) -> Iterator[Edits]:
    with changing_year(
        Action.CHANGE,
        organization_id=organization_id,
        year=year,
        actor=actor,
        received_at=received_at,
    ) as case:
        yield Edits(
            case.begun,
            is_complete=bool(case.registered),
            tells_contacts=case.year.mails_contacts,
            actor=actor,
            received_at=received_at,
        )


def _record_copies(registration: Registration, found: LastYear, actor: Actor) -> None:
    audit.record(
        AuditAction.CONTACTS_COPIED,
        actor=actor,
        organization_id=registration.organization_id,
        object_id=registration.pk,
        from_year=found.year,
        contacts=len(found.contacts),
    )


def _copy(contact: Contact) -> ContactEdit:
    fields = {name: FieldEdit(was="", now=value) for name, value in contact.values().items()}
    return ContactEdit(is_new=True, fields=fields)
