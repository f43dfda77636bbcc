"""Organizations as automatic registration meets them, a batch in a few queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q

from accounts.models import User
from accounts.roles.access import security_officials_of_many
from organizations.enums import OrganizationKind
from organizations.models import Organization
from registrations.enums import Completion, EnrollmentStatus
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
    WindowExtension,
)
from registrations.policy.registration import effective_close


@dataclass(frozen=True, kw_only=True)
class Member:
    """An organization in the year.

    `before`: its registration of the year before, where the year takes details over. `enrollments`
    and `extended`, the organization's own close, by offering. `officials`: active ones.
    """

    organization: Organization
    approved: bool
    size_hint: str
    registration: Registration | None
    before: Registration | None
    contacts: Sequence[Contact]
    contacts_before: Sequence[Contact]
    enrollments: Mapping[UUID, Enrollment]
    extended: Mapping[UUID, datetime]
    officials: Sequence[User]

    @property
    def kind(self) -> OrganizationKind:
        """The organization's kind."""
        return OrganizationKind(self.organization.kind)

    @property
    def size(self) -> str:
        """The size as far as it is known: chosen, chosen last year, or the directory's hint."""
        details = self.registration or self.before
        return (details.size if details else "") or self.size_hint

    @property
    def in_words(self) -> str:
        """The organization as operations look for it."""
        kind, organization = self.kind, self.organization
        return f"{kind.identifier_label} {organization.shown_identifier}, {organization.name}"

    def status(self, offering: Offering) -> EnrollmentStatus | None:
        """Where its registration for the offering stands."""
        enrollment = self.enrollments.get(offering.pk)
        return EnrollmentStatus(enrollment.status) if enrollment else None

    def closes_at(self, offering: Offering) -> datetime:
        """The effective close."""
        return effective_close(offering.closes_at, self.extended.get(offering.pk))


def read_members(organization_ids: Sequence[UUID], year: PerformanceYear) -> list[Member]:
    """These organizations in the year, with what decides about them and what is taken over."""
    registrations = _registrations(organization_ids, year.year)
    takes_over = year.completion == Completion.EXPLICIT
    before = _registrations(organization_ids, year.year - 1) if takes_over else {}
    contacts = _contacts([*registrations.values(), *before.values()])
    enrollments: dict[UUID, dict[UUID, Enrollment]] = defaultdict(dict)
    for enrollment in Enrollment.objects.filter(registration__in=registrations.values()):
        enrollments[enrollment.registration_id][enrollment.offering_id] = enrollment
    extended = _extended(organization_ids, year)
    officials = security_officials_of_many(organization_ids)
    members = []
    for organization in _organizations(organization_ids, year):
        registration = registrations.get(organization.pk)
        earlier = before.get(organization.pk)
        members.append(
            Member(
                organization=organization,
                approved=bool(organization.approved),
                size_hint=organization.size_hint or "",
                registration=registration,
                before=earlier,
                contacts=contacts[registration.pk] if registration else [],
                contacts_before=contacts[earlier.pk] if earlier else [],
                enrollments=enrollments[registration.pk] if registration else {},
                extended=extended[organization.pk],
                officials=officials[organization.pk],
            )
        )
    return members


def _organizations(organization_ids: Sequence[UUID], year: PerformanceYear) -> Any:
    return (
        Organization.objects.filter(pk__in=organization_ids)
        .annotate(
            participation=FilteredRelation(
                "participations", condition=Q(participations__performance_year=year.year)
            ),
            approved=F("participation__approved"),
            size_hint=F("participation__size"),
        )
        .order_by("pk")
    )


def _registrations(organization_ids: Sequence[UUID], year: int) -> dict[UUID, Registration]:
    found = Registration.objects.filter(organization__in=organization_ids, year=year)
    return {registration.organization_id: registration for registration in found}


def _contacts(registrations: Sequence[Registration]) -> dict[UUID, list[Contact]]:
    found: dict[UUID, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(registration__in=registrations).order_by("position"):
        found[contact.registration_id].append(contact)
    return found


def _extended(
    organization_ids: Sequence[UUID], year: PerformanceYear
) -> dict[UUID, dict[UUID, datetime]]:
    found: dict[UUID, dict[UUID, datetime]] = defaultdict(dict)
    extensions = WindowExtension.objects.filter(
        organization__in=organization_ids, offering__year=year
    )
    for extension in extensions:
        found[extension.organization_id][extension.offering_id] = extension.until
    return found
