"""The roster of an offering: who is registered for it, in the order of registration IDs."""

from datetime import datetime

from django.db.models import Count, Max, QuerySet

from organizations.models import Participation
from registrations.enums import EnrollmentStatus
from registrations.models import Enrollment, Offering
from registrations.policy.registration import final_from


def roster_of(offering: Offering) -> QuerySet[Enrollment]:
    """The registrations on the roster: the complete ones."""
    return Enrollment.objects.filter(offering=offering, status=EnrollmentStatus.COMPLETE).order_by(
        "registration__organization__registration_number__number"
    )


def roster_is_final_from(offering: Offering) -> datetime:
    """From when on a final roster can be made: all extensions are over, and what was on its way."""
    last = offering.extensions.aggregate(last=Max("until"))["last"]
    return final_from(offering.closes_at, last)


def statuses_beside(offering: Offering, on_roster: int) -> dict[str, int]:
    """How many registrations there are by status: those on the roster, and those that aren't."""
    others = Enrollment.objects.filter(offering=offering).exclude(status=EnrollmentStatus.COMPLETE)
    counted = others.order_by("status").values_list("status").annotate(Count("pk"))
    return {EnrollmentStatus.COMPLETE: on_roster, **dict(counted)}


def acos_without_registration(offering: Offering) -> int:
    """Shared Savings Program ACOs that count as registered, but whom nobody has registered yet.

    They have no registration ID, so they are on no roster before `auto_register` ran.
    """
    if not offering.registers_shared_savings:
        return 0
    begun = Enrollment.objects.filter(offering=offering).values("registration__organization")
    acos = Participation.objects.filter(
        performance_year=offering.year_id, shared_savings_program=True
    )
    return acos.exclude(organization__in=begun).count()
