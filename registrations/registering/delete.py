"""Delete Registration: a status, so that history and registration ID stay (2023 guide, VII)."""

from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import changing, mark_changed
from registrations.enums import EnrollmentStatus, Product
from registrations.errors import NotAllowed
from registrations.mails.notices import settle_changes, tell_ended
from registrations.models import Registration
from registrations.policy.registration import Action, Refusal


def delete_registration(
    *, registration_id: UUID, product: Product, actor: Actor, received_at: datetime
) -> Registration:
    """End the registration and tell the organization's other Security Officials by mail.

    Contacts stay for the case that the organization registers again. Deleting what is deleted
    returns the registration and writes nothing.

    Raises Enrollment.DoesNotExist, NotAllowed or WindowClosed.
    """
    try:
        with changing(
            Action.DELETE,
            registration_id=registration_id,
            product=product,
            actor=actor,
            received_at=received_at,
        ) as case:
            enrollment = case.registered
            registration = enrollment.registration
            settle_changes(registration, case.offering.year, at=received_at)
            enrollment.status = EnrollmentStatus.CANCELLED
            enrollment.cancelled_at = received_at
            enrollment.cancelled_by = actor.shown_user
            enrollment.save(update_fields=["status", "cancelled_at", "cancelled_by"])
            mark_changed(registration, actor=actor, received_at=received_at)
            audit.record(
                AuditAction.REGISTRATION_DELETED,
                actor=actor,
                organization_id=case.organization.pk,
                object_id=registration.pk,
                offering=str(case.offering),
            )
            tell_ended(registration, [case], actor=actor, received_at=received_at)
    except NotAllowed as error:
        if error.refusal is not Refusal.NOT_STARTED:
            raise
        return Registration.objects.get(pk=registration_id)
    return registration
