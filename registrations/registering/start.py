"""Register Group for CAHPS: starting a registration, or starting it again after a deletion."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import ActorKind, AuditAction, RoleName
from organizations.models import Organization
from registrations.cases.registration import Case, mark_changed, require_timely_commit
from registrations.cases.year import read_year_case
from registrations.enums import EnrollmentStatus, Product
from registrations.models import Enrollment, Offering, Registration
from registrations.policy.registration import Action, effective_close
from registrations.querysets import organizations_with_status
from registrations.registering.begin import begin_registration, origin_of
from registrations.registering.numbers import number_of


def start_registration(
    *, organization_id: UUID, offering: Offering, actor: Actor, received_at: datetime
) -> Registration:
    """Start the organization's registration for the offering (2023 guide, III.7 and IV).

    Gives the organization its registration ID if it has none. A deleted registration starts again
    with its contacts and without its size, so that nothing completes unseen. Starting a running
    registration returns it and writes nothing.

    Raises Organization.DoesNotExist when the official has no role there, NotAllowed or
    WindowClosed when it can't be started.
    """
    with transaction.atomic():
        organization = Organization.objects.select_for_update(of=("self",), no_key=True).get(
            pk=organization_id
        )
        # Read anew: the window may have been moved since the page looked.
        offering = Offering.objects.select_related("year").get(pk=offering.pk)
        case = _read_case(organization, offering, actor)
        case.require(Action.START, received_at)
        if case.enrollment and case.status != EnrollmentStatus.CANCELLED:
            return case.enrollment.registration
        number = number_of(case.organization)
        registration = begin_registration(
            organization, offering.year_id, actor=actor, received_at=received_at
        )
        again = _open_enrollment(case, registration, actor)
        mark_changed(registration, actor=actor, received_at=received_at)
        audit.record(
            AuditAction.REGISTRATION_STARTED,
            actor=actor,
            organization_id=organization_id,
            object_id=registration.pk,
            registration_id=number,
            offering=str(offering),
            again=again,
        )
        require_timely_commit(case, received_at)
    return registration


def _read_case(organization: Organization, offering: Offering, actor: Actor) -> Case:
    if actor.kind == ActorKind.STAFF:
        found = read_year_case(organization_id=organization.pk, year=offering.year_id, actor=actor)
        return found.cases[Product(offering.product)]
    if actor.user is None:
        raise ValueError("A registration is started by a person.")
    circumstances = (
        organizations_with_status(actor.user, offering)
        .filter(pk=organization.pk)
        .values("role", "shared_savings", "participation__approved", "extension__until")
        .get()
    )
    enrollment = (
        Enrollment.objects.select_related("registration")
        .filter(registration__organization=organization, offering=offering)
        .first()
    )
    return Case(
        organization=organization,
        offering=offering,
        enrollment=enrollment,
        actor_kind=actor.kind,
        role=RoleName(circumstances["role"]),
        approved=bool(circumstances["participation__approved"]),
        shared_savings=circumstances["shared_savings"],
        closes_at=effective_close(offering.closes_at, circumstances["extension__until"]),
    )


def _open_enrollment(case: Case, registration: Registration, actor: Actor) -> bool:
    """Make the enrollment, or open the cancelled one anew. True when it was there before."""
    if case.enrollment is None:
        Enrollment.objects.create(
            registration=registration,
            offering=case.offering,
            status=EnrollmentStatus.INCOMPLETE,
            origin=origin_of(actor),
        )
        return False
    case.enrollment.status = EnrollmentStatus.INCOMPLETE
    case.enrollment.origin = origin_of(actor)
    case.enrollment.completed_at = case.enrollment.completed_by = None
    case.enrollment.cancelled_at = case.enrollment.cancelled_by = None
    case.enrollment.save()
    if not registration.enrollments.filter(status=EnrollmentStatus.COMPLETE).exists():
        registration.size = ""
    return True
