"""Ending a registration as CMS staff, and undoing what ended one.

Restoring brings back what was: status, size and contacts, under the same registration ID. It is
no registering anew: in automatic years that would ask for the size again.
"""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import lock_year, mark_changed
from registrations.cases.year import YearCase, read_year_case
from registrations.enums import Completion, EnrollmentStatus, Missing, Origin, Product
from registrations.errors import Incomplete
from registrations.mails.notices import tell_registered
from registrations.models import Enrollment
from registrations.policy.registration import Action, missing_items
from registrations.registering.cancel import cancel_registration
from registrations.registering.delete import delete_registration
from registrations.registering.register import missing_of
from registrations.staff.officials_told import telling_officials
from registrations.words import letters


def end_registration(*, enrollment: Enrollment, actor: Actor, received_at: datetime) -> None:
    """Cancel (explicit years) or delete (automatic ones) at any time.

    Contacts and Security Officials are told as when an official does it. Raises NotAllowed.
    """
    registration, product = enrollment.registration, Product(enrollment.offering.product)
    with transaction.atomic():
        lock_year([registration.organization_id], registration.year_id)
        if enrollment.offering.year.completion == Completion.EXPLICIT:
            cancel_registration(
                organization_id=registration.organization_id,
                year=registration.year_id,
                product=product,
                actor=actor,
                received_at=received_at,
            )
        else:
            delete_registration(
                registration_id=registration.pk,
                product=product,
                actor=actor,
                received_at=received_at,
            )


def restore_registration(*, enrollment: Enrollment, actor: Actor, received_at: datetime) -> None:
    """Undo the end of a registration, at any time: it stands again as it did before.

    What was complete is complete since then, with its origin; what was incomplete is incomplete.
    Contacts are told if the year has them told, Security Officials always. Restoring what stands
    writes nothing.

    Raises NotAllowed (size, approval), or Incomplete when what was complete has lost something.
    """
    seen, product = enrollment.registration, Product(enrollment.offering.product)
    with telling_officials(
        organization_id=seen.organization_id, year=seen.year_id, received_at=received_at
    ):
        case = read_year_case(organization_id=seen.organization_id, year=seen.year_id, actor=actor)
        of_offering = case.cases[product]
        of_offering.require(Action.RESTORE, received_at)
        ended = of_offering.registered
        if ended.status != EnrollmentStatus.CANCELLED:
            return
        was_complete = ended.completed_at is not None
        if was_complete and ended.origin != Origin.AUTOMATIC and (missing := _missing(case)):
            raise Incomplete(missing)
        ended.status = EnrollmentStatus.COMPLETE if was_complete else EnrollmentStatus.INCOMPLETE
        ended.cancelled_at = ended.cancelled_by = None
        ended.save(update_fields=["status", "cancelled_at", "cancelled_by"])
        mark_changed(case.begun, actor=actor, received_at=received_at)
        audit.record(
            AuditAction.REGISTRATION_RESTORED,
            actor=actor,
            organization_id=case.organization.pk,
            object_id=case.begun.pk,
            offering=str(of_offering.offering),
        )
        if was_complete:
            tell_registered(
                case.begun,
                [of_offering],
                actor=actor,
                received_at=received_at,
                write=letters.restored,
            )


def _missing(case: YearCase) -> list[Missing]:
    contacts = case.contacts()
    if case.year.completion == Completion.EXPLICIT:
        return missing_of(case, contacts)
    return missing_items(size=case.begun.size, contacts=[contact.values() for contact in contacts])
