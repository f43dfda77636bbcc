"""Where the organizations of a sheet stand, read for many rows at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.enums import ActorKind, RoleName
from accounts.models import User
from organizations.enums import OrganizationKind
from registrations.enums import EnrollmentStatus, Product
from registrations.models import Contact, Offering
from registrations.policy.registration import (
    CONTACT_FIELDS,
    Action,
    Situation,
    effective_close,
    refusal,
    window_state,
)
from registrations.policy.sheet_plan import Standing
from registrations.querysets import organizations_with_status
from registrations.words.reasons import explain

PRIVATE_FIELDS = ("email", "phone", "extension")
Key = tuple[str, str]  # kind, identifier


@dataclass(frozen=True, kw_only=True)
class Found:
    """An organization of the person, with what is stored and what decides about a change.

    A Staff User's contacts come without e-mails and phones: what isn't shown can't be compared.
    """

    organization_id: UUID
    name: str
    standing: Standing
    closes_at: datetime
    situation: Situation

    def refusal(self, action: Action, offering: Offering) -> str:
        """Why the action isn't possible, in words; empty when it is."""
        why = refusal(action, self.situation)
        if why is None:
            return ""
        return explain(
            why,
            product=Product(offering.product),
            year=offering.year_id,
            opens_at=offering.opens_at,
            closes_at=self.closes_at,
        )


def find(user: User, offering: Offering, keys: Iterable[Key], at: datetime) -> dict[Key, Found]:
    """The person's own organizations among the keys; two queries."""
    by_kind: dict[str, list[str]] = {}
    for kind, identifier in keys:
        by_kind.setdefault(kind, []).append(identifier)
    if not by_kind:
        return {}
    wanted = Q()
    for kind, identifiers in by_kind.items():
        wanted |= Q(kind=kind, identifier__in=identifiers)
    rows = list(
        organizations_with_status(user, offering)
        .filter(wanted)
        .values(
            "pk",
            "kind",
            "identifier",
            "name",
            "role",
            "shared_savings",
            "participation__approved",
            "extension__until",
            "registration__pk",
            "registration__size",
            "enrollment__status",
        )
    )
    contacts = _contacts([row["registration__pk"] for row in rows if row["registration__pk"]])
    return {
        (row["kind"], row["identifier"]): _found(
            row, offering, contacts.get(row["registration__pk"], {}), at
        )
        for row in rows
    }


def _contacts(registration_ids: list[UUID]) -> dict[UUID, dict[str, dict[str, str]]]:
    found: dict[UUID, dict[str, dict[str, str]]] = {}
    rows = (
        Contact.objects.filter(registration__in=registration_ids)
        .order_by("registration", "position")
        .values("pk", "registration", *CONTACT_FIELDS)
    )
    for row in rows:
        of_registration = found.setdefault(row["registration"], {})
        of_registration[str(row["pk"])] = {name: row[name] for name in CONTACT_FIELDS}
    return found


def _found(
    row: Mapping[str, Any],
    offering: Offering,
    contacts: Mapping[str, Mapping[str, str]],
    at: datetime,
) -> Found:
    status = EnrollmentStatus(row["enrollment__status"]) if row["enrollment__status"] else None
    role = RoleName(row["role"])
    if role != RoleName.SECURITY_OFFICIAL:
        blank = dict.fromkeys(PRIVATE_FIELDS, "")
        contacts = {key: {**values, **blank} for key, values in contacts.items()}
    closes_at = effective_close(offering.closes_at, row["extension__until"])
    return Found(
        organization_id=row["pk"],
        name=row["name"],
        standing=Standing(status=status, size=row["registration__size"] or "", contacts=contacts),
        closes_at=closes_at,
        situation=Situation(
            kind=OrganizationKind(row["kind"]),
            product=Product(offering.product),
            actor=ActorKind.OFFICIAL,
            role=role,
            window=window_state(at, opens_at=offering.opens_at, closes_at=closes_at),
            status=status,
            approved=bool(row["participation__approved"]),
            shared_savings=row["shared_savings"],
        ),
    )
