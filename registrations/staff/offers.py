"""What CMS staff can register an organization for, and how long its windows are: all years."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.enums import ActorKind
from organizations.models import Organization, Participation
from registrations.cases.registration import Case
from registrations.enums import Completion
from registrations.models import Enrollment, Offering, Registration
from registrations.policy.registration import Action, effective_close


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An offering as the organization meets it. `why`: staff can't register it; empty if it can.

    `extended_until`: the organization's own close, if it has one.
    """

    case: Case
    why: str
    extended_until: datetime | None

    @property
    def name(self) -> str:
        """The year and the product."""
        return f"{self.case.offering.year_id} {self.case.product.label}"


def offers_to(organization: Organization, *, at: datetime) -> list[Offer]:
    """Every offering, the newest year first, in four queries however many years there are."""
    registrations = {
        registration.year_id: registration
        for registration in Registration.objects.filter(organization=organization)
    }
    enrollments = {
        enrollment.offering_id: enrollment
        for enrollment in Enrollment.objects.filter(registration__organization=organization)
    }
    known = {
        participation.performance_year: participation
        for participation in Participation.objects.filter(organization=organization)
    }
    offers = []
    for offering in _offerings(organization):
        facts = known.get(offering.year_id)
        registration = registrations.get(offering.year_id)
        case = Case(
            organization=organization,
            offering=offering,
            enrollment=enrollments.get(offering.pk),
            actor_kind=ActorKind.STAFF,
            role=None,
            approved=bool(facts and facts.approved),
            shared_savings=(
                offering.registers_shared_savings and bool(facts and facts.shared_savings_program)
            ),
            closes_at=effective_close(offering.closes_at, offering.extended_until),
            size=registration.size if registration else "",
        )
        offers.append(
            Offer(case=case, why=_why_not(case, at), extended_until=offering.extended_until)
        )
    return offers


def _why_not(case: Case, at: datetime) -> str:
    """A size that isn't chosen is given along; one that is decides."""
    asks = case.size and case.offering.year.completion == Completion.EXPLICIT
    why = case.refusal(Action.REGISTER if asks else Action.START, at)
    return case.explain(why) if why else ""


def _offerings(organization: Organization) -> QuerySet[Any]:
    return (
        Offering.objects.select_related("year")
        .annotate(
            extension=FilteredRelation(
                "extensions", condition=Q(extensions__organization=organization)
            ),
            extended_until=F("extension__until"),
        )
        .order_by("-year", "-product")
    )
