"""Delete Registration: a status, so that history and registration ID stay (2023 guide, VII)."""

from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.access import security_officials_of
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.messages import queue_email
from qpp_registration.clock import show_day_and_time, show_to_the_second
from registrations.cases import Case, changing, mark_changed
from registrations.enums import EnrollmentStatus, Product
from registrations.errors import NotAllowed
from registrations.models import Registration
from registrations.policy import Action, Refusal


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
            enrollment.status = EnrollmentStatus.CANCELLED
            enrollment.cancelled_at = received_at
            enrollment.cancelled_by = actor.user
            enrollment.save(update_fields=["status", "cancelled_at", "cancelled_by"])
            mark_changed(registration, actor=actor, received_at=received_at)
            audit.record(
                AuditAction.REGISTRATION_DELETED,
                actor=actor,
                organization_id=case.organization.pk,
                object_id=registration.pk,
                offering=str(case.offering),
            )
            _tell_other_officials(case, actor, received_at)
    except NotAllowed as error:
        if error.refusal is not Refusal.NOT_STARTED:
            raise
        return Registration.objects.get(pk=registration_id)
    return registration


def _tell_other_officials(case: Case, actor: Actor, received_at: datetime) -> None:
    organization, registration = case.organization, case.registered.registration
    product, year = case.product.label, case.offering.year_id
    number = organization.registration_number.number
    others = security_officials_of(organization.pk)
    if actor.user:
        others = others.exclude(pk=actor.user.pk)
    for user in others:
        queue_email(
            to=user.email,
            subject=f"{year} {product} registration {number} was deleted",
            body=(
                f"{actor.name} deleted the {year} {product} registration of {organization.name} "
                f"(registration ID {number}). It was received on "
                f"{show_to_the_second(received_at)}.\n\n"
                f"If this is a mistake, sign in and register the organization again until "
                f"{show_day_and_time(case.closes_at)}. It keeps its registration ID and its "
                f"contacts; choose the organization size again.\n"
            ),
            due_at=received_at,
            dedupe_key=f"deleted:{registration.pk}:{registration.version}:{user.pk}",
            organization=organization,
        )
