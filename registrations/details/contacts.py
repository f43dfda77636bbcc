"""Deleting a contact (2023 guide, V)."""

from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import changing, mark_changed
from registrations.enums import EnrollmentStatus, Product
from registrations.errors import LastContact
from registrations.mails.notices import note_change, snapshot
from registrations.models import Registration
from registrations.policy.registration import Action, may_delete_contact

LAST_CONTACT = (
    "This is the only complete contact, and a registration needs one. Edit it instead, or add "
    "another contact first and then delete this one."
)


def delete_contact(
    *,
    registration_id: UUID,
    product: Product,
    contact_id: UUID,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Remove the contact's row: it is personal data. The audit keeps it masked.

    A contact that isn't there (any more) is no error. Raises Enrollment.DoesNotExist, NotAllowed,
    WindowClosed, or LastContact for the only complete one.
    """
    with changing(
        Action.SAVE,
        registration_id=registration_id,
        product=product,
        actor=actor,
        received_at=received_at,
    ) as case:
        delete_within(
            case.registered.registration,
            contact_id,
            tells_contacts=(
                case.offering.year.mails_contacts and case.status == EnrollmentStatus.COMPLETE
            ),
            actor=actor,
            received_at=received_at,
        )


def delete_within(
    registration: Registration,
    contact_id: UUID,
    *,
    tells_contacts: bool,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Remove the contact inside the transaction of a change. Raises LastContact."""
    contacts = {contact.pk: contact for contact in registration.contacts.all()}
    before = snapshot(registration, contacts.values())
    contact = contacts.pop(contact_id, None)
    if contact is None:
        return
    if not may_delete_contact(contact.values(), [other.values() for other in contacts.values()]):
        raise LastContact(LAST_CONTACT)
    contact.delete()
    mark_changed(registration, actor=actor, received_at=received_at)
    audit.record(
        AuditAction.CONTACT_DELETED,
        actor=actor,
        organization_id=registration.organization_id,
        object_id=contact_id,
        about=registration.pk,
        **{name: audit.masked(name, value) for name, value in contact.values().items()},
    )
    if tells_contacts:
        note_change(registration, before=before, actor=actor, received_at=received_at)
