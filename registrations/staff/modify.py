"""Changing an organization's registration as CMS staff: size, information and contacts."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from organizations.enums import OrganizationSize
from registrations.details.contacts import delete_contact
from registrations.details.edits import ContactEdit, FieldEdit
from registrations.details.save import save
from registrations.details.size import change_size
from registrations.details.update import delete_contact_of_year, update_details
from registrations.enums import Completion, Product
from registrations.errors import ChangedMeanwhile
from registrations.models import Contact, Enrollment, Registration
from registrations.staff.officials_told import telling_officials

CHANGED = "{} changed the registration meanwhile. Look at it again; nothing was stored."


def change_size_for(
    *,
    enrollment: Enrollment,
    size: OrganizationSize,
    accepts: Collection[Product],
    expected_version: int,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Choose or change the size, at any time. Choosing what stands writes nothing.

    `accepts`: the products whose registration ends with it, as staff was told (explicit years).
    Raises NotAllowed, CancelsRegistrations, or ChangedMeanwhile when the registration isn't in the
    version that staff looked at.
    """
    with _changing(enrollment, received_at) as registration:
        if registration.size == size:
            return
        _require_version(registration, expected_version)
        if _is_explicit(enrollment):
            change_size(
                organization_id=registration.organization_id,
                year=registration.year_id,
                was=registration.size,
                size=size,
                accepts=accepts,
                actor=actor,
                received_at=received_at,
            )
        else:
            save(
                registration_id=registration.pk,
                product=Product(enrollment.offering.product),
                size=FieldEdit(was=registration.size, now=size),
                contacts={},
                actor=actor,
                received_at=received_at,
            )


def change_information_for(
    *,
    enrollment: Enrollment,
    information: Mapping[str, str],
    expected_version: int,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Change name and mailing address in an explicit year. Raises as `change_size_for` does."""
    with _changing(enrollment, received_at) as registration:
        edits = _differing(registration.information(), information)
        if not edits:
            return
        _require_version(registration, expected_version)
        update_details(
            organization_id=registration.organization_id,
            year=registration.year_id,
            information=edits,
            contacts={},
            actor=actor,
            received_at=received_at,
        )


def add_contact_for(
    *,
    enrollment: Enrollment,
    contact_id: UUID,
    values: Mapping[str, str],
    actor: Actor,
    received_at: datetime,
) -> None:
    """Add a contact under the page's own key. One that is there already isn't added again.

    Raises NotAllowed or TooManyContacts.
    """
    with _changing(enrollment, received_at) as registration:
        if any(contact.values() == dict(values) for contact in registration.contacts.all()):
            return
        edits = {name: FieldEdit(was="", now=value) for name, value in values.items()}
        edit = ContactEdit(is_new=True, fields=edits)
        _save_contact(enrollment, registration, contact_id, edit, actor, received_at)


def change_contact_for(
    *,
    enrollment: Enrollment,
    contact_id: UUID,
    values: Mapping[str, str],
    expected_version: int,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Change a contact. Raises as `change_size_for` does, ChangedMeanwhile also for a gone one."""
    with _changing(enrollment, received_at) as registration:
        contact = Contact.objects.filter(registration=registration, pk=contact_id).first()
        if contact is None:
            raise ChangedMeanwhile("Somebody deleted this contact meanwhile.")
        edits = _differing(contact.values(), values)
        if not edits:
            return
        _require_version(registration, expected_version)
        edit = ContactEdit(is_new=False, fields=edits)
        _save_contact(enrollment, registration, contact_id, edit, actor, received_at)


def delete_contact_for(
    *, enrollment: Enrollment, contact_id: UUID, actor: Actor, received_at: datetime
) -> None:
    """Delete a contact; a gone one is no error. Raises NotAllowed or LastContact."""
    with _changing(enrollment, received_at) as registration:
        if _is_explicit(enrollment):
            delete_contact_of_year(
                organization_id=registration.organization_id,
                year=registration.year_id,
                contact_id=contact_id,
                actor=actor,
                received_at=received_at,
            )
        else:
            delete_contact(
                registration_id=registration.pk,
                product=Product(enrollment.offering.product),
                contact_id=contact_id,
                actor=actor,
                received_at=received_at,
            )


@contextmanager
def _changing(enrollment: Enrollment, received_at: datetime) -> Iterator[Registration]:
    """One transaction with the registration locked and read anew; its officials are told."""
    seen = enrollment.registration
    with telling_officials(
        organization_id=seen.organization_id, year=seen.year_id, received_at=received_at
    ):
        yield Registration.objects.get(pk=seen.pk)


def _is_explicit(enrollment: Enrollment) -> bool:
    return enrollment.offering.year.completion == Completion.EXPLICIT


def _require_version(registration: Registration, expected: int) -> None:
    if registration.version != expected:
        raise ChangedMeanwhile(CHANGED.format(registration.changed_by))


def _differing(stored: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, FieldEdit]:
    return {
        name: FieldEdit(was=stored[name], now=value)
        for name, value in typed.items()
        if stored[name] != value
    }


def _save_contact(
    enrollment: Enrollment,
    registration: Registration,
    contact_id: UUID,
    edit: ContactEdit,
    actor: Actor,
    received_at: datetime,
) -> None:
    if _is_explicit(enrollment):
        update_details(
            organization_id=registration.organization_id,
            year=registration.year_id,
            information={},
            contacts={contact_id: edit},
            actor=actor,
            received_at=received_at,
        )
    else:
        save(
            registration_id=registration.pk,
            product=Product(enrollment.offering.product),
            size=None,
            contacts={contact_id: edit},
            actor=actor,
            received_at=received_at,
        )
