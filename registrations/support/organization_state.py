"""How organizations stand, for CMS staff who have one of their people on the phone.

As many queries for several organizations as for one, whatever is registered.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.enums import RoleName, RoleRequestStatus
from accounts.models import Message, Role, RoleRequest
from accounts.models.messages import LOST
from accounts.words.about_blocks import Told
from organizations.enums import OrganizationKind
from organizations.models import Organization, Participation
from registrations.enums import Completion, EnrollmentStatus, Missing, Origin, Product
from registrations.models import (
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
    WindowExtension,
)
from registrations.policy.blocks import (
    OfferingFacts,
    OrganizationFacts,
    how_it_stands,
    what_blocks_organization,
)
from registrations.policy.registration import (
    effective_close,
    missing_items,
    missing_to_register,
    window_state,
)
from registrations.words.about_blocks import OfferingTold, tell_offering, tell_organization

YEARS = 2  # the newest
MOST = 20  # of people, requests and mails of one organization
BY_CMS = "CMS"


@dataclass(frozen=True, kw_only=True)
class OfferingState:
    """An offering beside an organization. `enrollment_id` is None where nothing was begun."""

    name: str
    enrollment_id: int | None
    told: Sequence[Told]


@dataclass(frozen=True, kw_only=True)
class OrganizationState:
    """An organization as staff tell of it. `number`: its registration ID, if it has one."""

    organization: Organization
    number: int | None
    told: Sequence[Told]
    offerings: Sequence[OfferingState]
    people: Sequence[Role]
    requests: Sequence[RoleRequest]
    lost: Sequence[Message]


def states_of(keys: Iterable[UUID], *, received_at: datetime) -> list[OrganizationState]:
    """The organizations with those keys, in that order."""
    keys = list(keys)
    found = Organization.objects.select_related("registration_number").in_bulk(keys)
    years = list(PerformanceYear.objects.order_by("-year").prefetch_related("offerings")[:YEARS])
    read = _Read(organizations=list(found), years=[year.pk for year in years])
    return [_state(found[key], years, read, received_at) for key in keys if key in found]


class _Read:
    """What decides about these organizations, each kind of it in one query."""

    def __init__(self, *, organizations: Sequence[UUID], years: Sequence[int]) -> None:
        of_these = {"organization__in": organizations}
        self.people = _grouped(
            Role.objects.filter(**of_these).select_related("user").order_by("name", "granted_at")
        )
        self.requests = _grouped(
            RoleRequest.objects.filter(**of_these, status=RoleRequestStatus.PENDING)
            .select_related("user")
            .order_by("asked_at")
        )
        self.lost = _grouped(
            Message.objects.filter(**of_these, status__in=LOST).order_by("-created_at")
        )
        self.registrations = {
            (row.organization_id, row.year_id): row
            for row in Registration.objects.filter(**of_these, year__in=years).prefetch_related(
                "contacts", "enrollments__cancelled_by"
            )
        }
        self.participations = {
            (row.organization_id, row.performance_year): row
            for row in Participation.objects.filter(**of_these, performance_year__in=years)
        }
        self.extensions = {
            (row.organization_id, row.offering_id): row.until
            for row in WindowExtension.objects.filter(**of_these, offering__year__in=years)
        }


def _grouped(rows: QuerySet[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.organization_id].append(row)
    return found


def _state(
    organization: Organization, years: Sequence[PerformanceYear], read: _Read, at: datetime
) -> OrganizationState:
    key = organization.pk
    people, requests, lost = read.people[key], read.requests[key], read.lost[key]
    officials = [role for role in people if role.name == RoleName.SECURITY_OFFICIAL]
    facts = OrganizationFacts(
        officials=sum(role.user.is_active for role in officials),
        disabled_officials=sum(not role.user.is_active for role in officials),
        pending=len(requests),
        lost=len(lost),
    )
    number = getattr(organization, "registration_number", None)
    return OrganizationState(
        organization=organization,
        number=number.number if number else None,
        told=tell_organization(what_blocks_organization(facts), facts),
        offerings=[
            _offering(organization, year, offering, read, at)
            for year in years
            for offering in sorted(year.offerings.all(), key=lambda one: one.product, reverse=True)
        ],
        people=people[:MOST],
        requests=requests[:MOST],
        lost=lost[:MOST],
    )


def _offering(
    organization: Organization,
    year: PerformanceYear,
    offering: Offering,
    read: _Read,
    at: datetime,
) -> OfferingState:
    registration = read.registrations.get((organization.pk, year.pk))
    participation = read.participations.get((organization.pk, year.pk))
    extended_until = read.extensions.get((organization.pk, offering.pk))
    closes_at = effective_close(offering.closes_at, extended_until)
    enrollment = _enrollment(registration, offering)
    explicit = year.completion == Completion.EXPLICIT
    facts = OfferingFacts(
        kind=OrganizationKind(organization.kind),
        explicit=explicit,
        window=window_state(at, opens_at=offering.opens_at, closes_at=closes_at),
        extended=closes_at > offering.closes_at,
        approved=bool(participation and participation.approved),
        shared_savings=offering.registers_shared_savings
        and bool(participation and participation.shared_savings_program),
        begun=registration is not None,
        status=EnrollmentStatus(enrollment.status) if enrollment else None,
        origin=Origin(enrollment.origin) if enrollment else None,
        size=registration.size if registration else "",
        minimum_size=offering.minimum_size,
        missing=_missing(registration, explicit=explicit),
    )
    words = OfferingTold(
        product=Product(offering.product),
        year=year.pk,
        opens_at=offering.opens_at,
        closes_at=closes_at,
        **_ended(enrollment),
    )
    return OfferingState(
        name=words.name,
        enrollment_id=enrollment.pk if enrollment else None,
        told=tell_offering(how_it_stands(facts), facts, words),
    )


def _enrollment(registration: Registration | None, offering: Offering) -> Enrollment | None:
    enrollments = registration.enrollments.all() if registration else ()
    return next((one for one in enrollments if one.offering_id == offering.pk), None)


def _missing(registration: Registration | None, *, explicit: bool) -> list[Missing]:
    if registration is None:
        return []
    contacts = [contact.values() for contact in registration.contacts.all()]
    if explicit:
        return missing_to_register(
            size=registration.size, organization=registration.information(), contacts=contacts
        )
    return missing_items(size=registration.size, contacts=contacts)


def _ended(enrollment: Enrollment | None) -> dict[str, Any]:
    """Who ended it: callers hear no name of CMS staff."""
    if enrollment is None or enrollment.cancelled_at is None:
        return {}
    by = enrollment.cancelled_by
    name = by.full_name if by else BY_CMS
    return {
        "cancelled_at": enrollment.cancelled_at,
        "cancelled_by": BY_CMS if by is None or by.is_staff else name,
        "cancelled_by_whom": f"{name} (CMS staff)" if by and by.is_staff else name,
    }
