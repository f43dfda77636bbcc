"""Register: one press makes an organization registered, in explicit years (2022 guide, IV)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import Case, mark_changed
from registrations.cases.year import YearCase, changing_year
from registrations.enums import EnrollmentStatus, Missing, Product
from registrations.errors import ChangedMeanwhile, Incomplete
from registrations.mails.notices import settle_changes, tell_registered
from registrations.models import Contact, Enrollment
from registrations.policy.registration import ORGANIZATION_FIELDS, Action, missing_to_register
from registrations.registering.begin import origin_of
from registrations.registering.numbers import number_of


@dataclass(frozen=True, kw_only=True)
class Registered:
    """A registration with its registration ID. `is_new`: it wasn't registered before."""

    number: int
    is_new: bool


def register(
    *,
    organization_id: UUID,
    year: int,
    product: Product,
    actor: Actor,
    received_at: datetime,
    expected_version: int | None = None,
) -> Registered:
    """Register the organization for an offering of an explicit year.

    Gives the organization its registration ID if it has none (2022 guide, IV.8) and queues mail to
    all contacts. `expected_version`: of the registration that the person looked at. Registering
    what is registered returns it and writes nothing.

    Raises Organization.DoesNotExist, NotAllowed or WindowClosed, Incomplete naming what is
    missing, ChangedMeanwhile when somebody else changed size, information or contacts.
    """
    with changing_year(
        Action.REGISTER,
        organization_id=organization_id,
        year=year,
        product=product,
        actor=actor,
        received_at=received_at,
    ) as case:
        if product in case.registered:
            return Registered(number=number_of(case.organization), is_new=False)
        missing = missing_of(case)
        if missing:
            raise Incomplete(missing)
        registration = case.begun
        if expected_version is not None and registration.version != expected_version:
            raise ChangedMeanwhile(
                f"{registration.changed_by} changed the registration meanwhile. Review it, then "
                f"press Register again."
            )
        settle_changes(registration, case.year, at=received_at)
        number = number_of(case.organization)
        again = _complete(case, case.cases[product], actor, received_at)
        mark_changed(registration, actor=actor, received_at=received_at)
        audit.record(
            AuditAction.REGISTRATION_REGISTERED,
            actor=actor,
            organization_id=organization_id,
            object_id=registration.pk,
            registration_id=number,
            offering=str(case.cases[product].offering),
            again=again,
        )
        tell_registered(registration, [case.cases[product]], actor=actor, received_at=received_at)
    return Registered(number=number, is_new=True)


def missing_of(case: YearCase, contacts: Iterable[Contact] | None = None) -> list[Missing]:
    """What stands between the organization and *Register*, in the page's order.

    `contacts`: the registration's, where they were read already.
    """
    registration = case.registration
    contacts = case.contacts() if contacts is None else contacts
    return missing_to_register(
        size=registration.size if registration else "",
        organization={
            name: getattr(registration or case.organization, name) for name in ORGANIZATION_FIELDS
        },
        contacts=[contact.values() for contact in contacts],
    )


def _complete(case: YearCase, of_offering: Case, actor: Actor, received_at: datetime) -> bool:
    """Make the enrollment, or the cancelled one anew. True when it was there before."""
    enrollment = of_offering.enrollment
    again = enrollment is not None
    enrollment = enrollment or Enrollment(registration=case.begun, offering=of_offering.offering)
    enrollment.status = EnrollmentStatus.COMPLETE
    enrollment.origin = origin_of(actor)
    enrollment.completed_at, enrollment.completed_by = received_at, actor.shown_user
    enrollment.cancelled_at = enrollment.cancelled_by = None
    enrollment.save()
    return again
