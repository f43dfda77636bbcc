"""Saving what an official typed: size and contacts, and completing by itself (automatic years)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import Case, changing
from registrations.details.edits import ContactEdit, Edits, FieldEdit, Saved
from registrations.enums import Completion, EnrollmentStatus, Product
from registrations.mails.notices import note_change
from registrations.policy.registration import Action, SaveStamp, missing_items


def save(
    *,
    registration_id: UUID,
    product: Product,
    size: FieldEdit | None,
    contacts: Mapping[UUID, ContactEdit],
    actor: Actor,
    received_at: datetime,
    stamp: SaveStamp | None = None,
) -> Saved:
    """Store each field that can be stored, and complete the registration when nothing is missing.

    Effects, in one transaction: size and contacts written, `version` raised, one audit event for
    each changed part, the enrollment Complete with `completed_at` = `received_at` (seconds count;
    2023 guide, III.8 and IV.3). A repeat of the same save writes nothing.

    `stamp` tells which save of which page it is, so that what a page saved before and didn't hear
    of is not taken for somebody else's words.

    Raises Enrollment.DoesNotExist, NotAllowed, WindowClosed or TooManyContacts; then nothing is
    stored. Fields that conflict are left alone and reported; the others are stored.
    """
    with changing(
        Action.SAVE,
        registration_id=registration_id,
        product=product,
        actor=actor,
        received_at=received_at,
    ) as case:
        year = case.offering.year
        edits = Edits(
            case.registered.registration,
            is_complete=case.status == EnrollmentStatus.COMPLETE,
            tells_contacts=year.mails_contacts,
            actor=actor,
            received_at=received_at,
            stamp=stamp,
        )
        if size:
            edits.save_fields({"size": size})
        for contact_id, edit in contacts.items():
            edits.save_contact(contact_id, edit)
        saved = edits.finish()
        saved.case = case
        if saved.changed and _completes(case, saved):
            _complete(case, actor, received_at)
            saved.completed = True
            if year.mails_contacts:
                note_change(
                    case.registered.registration, before={}, actor=actor, received_at=received_at
                )
    return saved


def _completes(case: Case, saved: Saved) -> bool:
    return (
        case.status == EnrollmentStatus.INCOMPLETE
        and case.offering.year.completion == Completion.AUTOMATIC
        and not missing_items(
            size=case.registered.registration.size,
            contacts=[contact.values() for contact in saved.contacts],
        )
    )


def _complete(case: Case, actor: Actor, received_at: datetime) -> None:
    enrollment = case.registered
    enrollment.status = EnrollmentStatus.COMPLETE
    enrollment.completed_at = received_at
    enrollment.completed_by = actor.shown_user
    enrollment.save(update_fields=["status", "completed_at", "completed_by"])
    audit.record(
        AuditAction.REGISTRATION_COMPLETED,
        actor=actor,
        organization_id=case.organization.pk,
        object_id=enrollment.registration_id,
    )
