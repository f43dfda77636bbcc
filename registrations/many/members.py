"""The organizations of a selection, as they stand: what everything for many at once begins with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.enums import ActorKind, RoleName
from accounts.models import User
from organizations.enums import OrganizationKind
from organizations.policy import show_identifier
from registrations.enums import EnrollmentStatus, Product
from registrations.models import Contact, Offering
from registrations.policy.contact_plans import Values
from registrations.policy.registration import (
    CONTACT_FIELDS,
    Action,
    Refusal,
    Situation,
    effective_close,
    refusal,
    window_state,
)
from registrations.querysets import organizations_with_status
from registrations.words.reasons import explain


@dataclass(frozen=True, kw_only=True)
class Member:
    """One organization of a selection, as it stands against the offering for one person.

    `closes_at` is the effective close. `contacts` come in their order, by key. `version` is the
    registration's: as long as it stays, so do status, size and contacts.
    """

    organization_id: UUID
    registration_id: UUID | None
    name: str
    kind: OrganizationKind
    identifier: str
    role: RoleName
    offering: Offering
    closes_at: datetime
    approved: bool
    shared_savings: bool
    status: EnrollmentStatus | None
    size: str
    number: int | None
    version: int | None
    completed_by: UUID | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    contacts: Mapping[UUID, Values]

    @property
    def is_running(self) -> bool:
        """Whether there is a registration that wasn't deleted."""
        return self.status in {EnrollmentStatus.INCOMPLETE, EnrollmentStatus.COMPLETE}

    @property
    def chosen_size(self) -> str:
        """The size that stands; registering again asks for it anew."""
        return "" if self.status == EnrollmentStatus.CANCELLED else self.size

    def refusal(self, action: Action, at: datetime) -> Refusal | None:
        """Why the action is refused at that moment, or None."""
        situation = Situation(
            kind=self.kind,
            product=Product(self.offering.product),
            actor=ActorKind.OFFICIAL,
            role=self.role,
            window=window_state(at, opens_at=self.offering.opens_at, closes_at=self.closes_at),
            status=self.status,
            approved=self.approved,
            shared_savings=self.shared_savings,
        )
        return refusal(action, situation)

    def explain(self, why: Refusal) -> str:
        """The refusal in words, with this organization's dates."""
        return explain(
            why,
            product=Product(self.offering.product),
            year=self.offering.year_id,
            opens_at=self.offering.opens_at,
            closes_at=self.closes_at,
        )


def members(
    user: User, offering: Offering, organization_ids: Collection[UUID]
) -> dict[UUID, Member]:
    """Those of the organizations that the person has a role on, by name, in two queries."""
    rows = list(
        organizations_with_status(user, offering)
        .filter(pk__in=organization_ids)
        .order_by("search_name", "pk")
        .values(
            *("pk", "kind", "identifier", "name", "role", "shared_savings"),
            *("participation__approved", "extension__until"),
            *("registration__pk", "registration__size", "registration__version"),
            *("enrollment__status", "enrollment__completed_by", "enrollment__completed_at"),
            *("enrollment__cancelled_at", "registration_number__number"),
        )
    )
    contacts = _contacts_of([row["registration__pk"] for row in rows if row["registration__pk"]])
    return {
        row["pk"]: Member(
            organization_id=row["pk"],
            registration_id=row["registration__pk"],
            name=row["name"],
            kind=(kind := OrganizationKind(row["kind"])),
            identifier=f"{kind.identifier_label} {show_identifier(kind, row['identifier'])}",
            role=RoleName(row["role"]),
            offering=offering,
            closes_at=effective_close(offering.closes_at, row["extension__until"]),
            approved=bool(row["participation__approved"]),
            shared_savings=row["shared_savings"],
            status=EnrollmentStatus(found) if (found := row["enrollment__status"]) else None,
            size=row["registration__size"] or "",
            number=row["registration_number__number"],
            version=row["registration__version"],
            completed_by=row["enrollment__completed_by"],
            completed_at=row["enrollment__completed_at"],
            cancelled_at=row["enrollment__cancelled_at"],
            contacts=contacts.get(row["registration__pk"], {}),
        )
        for row in rows
    }


def _contacts_of(registration_ids: list[UUID]) -> dict[UUID, dict[UUID, Values]]:
    found: dict[UUID, dict[UUID, Values]] = {}
    rows = Contact.objects.filter(registration__in=registration_ids).order_by("position")
    for row in rows.values("pk", "registration_id", *CONTACT_FIELDS):
        values = {name: row[name] for name in CONTACT_FIELDS}
        found.setdefault(row["registration_id"], {})[row["pk"]] = values
    return found
