"""The case of a year: an organization against all its offerings, for what these have in common.

In explicit years size, organization information and contacts are one for all offerings (2022
guide, IV.9), so that what may be changed depends on each of their windows and registrations.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.actors import Actor
from accounts.enums import ActorKind, RoleName
from organizations.enums import OrganizationKind
from organizations.models import Organization
from registrations.cases.registration import Case, lock_year, require_timely_commit
from registrations.enums import Completion, EnrollmentStatus, Product
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
)
from registrations.policy.registration import Action, effective_close, openness


@dataclass(frozen=True, kw_only=True)
class YearCase:
    """An organization in a year, as one person (or staff, or the system) meets it.

    `registration` is None until a size was chosen or it was registered automatically. `cases`: the
    case of each offering, Web Interface first. `number`: the registration ID, if there is one.
    `size_hint`: the directory's size, which nobody confirmed. `is_aco`: CMS knows it as a Shared
    Savings Program ACO in the year.
    """

    year: PerformanceYear
    organization: Organization
    registration: Registration | None
    actor_kind: ActorKind
    role: RoleName | None
    cases: Mapping[Product, Case]
    number: int | None
    size_hint: str
    is_aco: bool

    @property
    def kind(self) -> OrganizationKind:
        """The organization's kind."""
        return OrganizationKind(self.organization.kind)

    @property
    def begun(self) -> Registration:
        """The registration of a case that has one. Raises Registration.DoesNotExist otherwise."""
        if self.registration is None:
            raise Registration.DoesNotExist
        return self.registration

    @property
    def registered(self) -> dict[Product, Case]:
        """The cases of what the organization is registered for."""
        return {
            product: case
            for product, case in self.cases.items()
            if case.status == EnrollmentStatus.COMPLETE
        }

    def shared(self, at: datetime) -> Case:
        """The case that speaks for what the offerings share: the one that is open (longest)."""
        return min(
            self.cases.values(),
            key=lambda case: (openness(case.window(at)), -case.closes_at.timestamp()),
        )

    def contacts(self) -> list[Contact]:
        """The registration's contacts in their order, in one query."""
        if self.registration is None:
            return []
        return list(Contact.objects.filter(registration=self.registration).order_by("position"))


def read_year_case(*, organization_id: UUID, year: int, actor: Actor) -> YearCase:
    """The case as the actor meets it, in four queries.

    Raises Organization.DoesNotExist where the official has no role (the same as for none at all),
    PerformanceYear.DoesNotExist for a year without offerings.
    """
    organization = _organizations(year, actor).get(pk=organization_id)
    registration = Registration.objects.filter(organization=organization, year=year).first()
    enrollments = _enrollments(registration) if registration else {}
    cases = {}
    for offering in _offerings(organization, year):
        cases[Product(offering.product)] = Case(
            organization=organization,
            offering=offering,
            enrollment=enrollments.get(offering.pk),
            actor_kind=actor.kind,
            role=_role(organization, actor),
            approved=bool(organization.approved),
            shared_savings=offering.registers_shared_savings and bool(organization.is_aco),
            closes_at=effective_close(offering.closes_at, offering.extended_until),
            size=registration.size if registration else "",
        )
    if not cases:
        raise PerformanceYear.DoesNotExist
    return YearCase(
        year=next(iter(cases.values())).offering.year,
        organization=organization,
        registration=registration,
        actor_kind=actor.kind,
        role=_role(organization, actor),
        cases=cases,
        number=organization.number,
        size_hint=organization.size_hint or "",
        is_aco=bool(organization.is_aco),
    )


def _organizations(year: int, actor: Actor) -> QuerySet[Any]:
    """Those that the actor sees; `role` is there for officials."""
    found = Organization.objects.annotate(
        participation=FilteredRelation(
            "participations", condition=Q(participations__performance_year=year)
        ),
        number=F("registration_number__number"),
        approved=F("participation__approved"),
        is_aco=F("participation__shared_savings_program"),
        size_hint=F("participation__size"),
    )
    if actor.kind == ActorKind.OFFICIAL:
        found = found.filter(roles__user=actor.user).annotate(role=F("roles__name"))
    return found


def _offerings(organization: Organization, year: int) -> QuerySet[Any]:
    """The year's offerings, Web Interface first, as the guide has them."""
    return (
        Offering.objects.filter(year=year)
        .select_related("year")
        .annotate(
            extension=FilteredRelation(
                "extensions", condition=Q(extensions__organization=organization)
            ),
            extended_until=F("extension__until"),
        )
        .order_by("-product")
    )


def _enrollments(registration: Registration) -> dict[UUID, Enrollment]:
    found = Enrollment.objects.filter(registration=registration).select_related(
        "completed_by", "cancelled_by", "sampling_result"
    )
    return {enrollment.offering_id: enrollment for enrollment in found}


def _role(organization: Any, actor: Actor) -> RoleName | None:
    return RoleName(organization.role) if actor.kind == ActorKind.OFFICIAL else None


@contextmanager
def changing_year(
    action: Action,
    *,
    organization_id: UUID,
    year: int,
    actor: Actor,
    received_at: datetime,
    product: Product | None = None,
) -> Iterator[YearCase]:
    """One transaction around a change: lock, read the case anew, check, write.

    Without a product the change is of what all offerings share. Raises what `read_year_case`
    raises, for an official also PerformanceYear.DoesNotExist in a year that completes by itself or
    lacks the product, NotAllowed or WindowClosed; then nothing is written.
    """
    with transaction.atomic():
        lock_year([organization_id], year)
        case = read_year_case(organization_id=organization_id, year=year, actor=actor)
        if actor.kind == ActorKind.OFFICIAL and case.year.completion != Completion.EXPLICIT:
            raise PerformanceYear.DoesNotExist
        if product and product not in case.cases:
            raise PerformanceYear.DoesNotExist
        deciding = case.cases[product] if product else case.shared(received_at)
        deciding.require(action, received_at)
        yield case
        require_timely_commit(deciding, received_at)
