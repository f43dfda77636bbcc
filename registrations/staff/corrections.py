"""Correcting what CMS has on record of an organization: the directory, and a year's participation.

Kind and identifier never change. Registrations keep their own copy of name, address and size.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from organizations.enums import OrganizationKind, OrganizationSize
from organizations.models import Organization, Participation
from qpp_registration.errors import Refused
from registrations.errors import ChangedMeanwhile
from registrations.models import PerformanceYear
from registrations.policy.registration import ORGANIZATION_FIELDS
from registrations.staff.officials_told import tell_officials, told_of
from registrations.words.differences import LABELS, PARTICIPATION_LABELS
from registrations.words.staff_letters import corrected


@dataclass(frozen=True, kw_only=True)
class YearFacts:
    """What decides in a year about what an organization may register. `size`: empty if unknown."""

    approved: bool = False
    shared_savings_program: bool = False
    size: str = ""

    def in_words(self) -> dict[str, str]:
        """Each as people read it, by the names of `differences.PARTICIPATION_LABELS`."""
        return {
            "approved": "Yes" if self.approved else "No",
            "shared_savings_program": "Yes" if self.shared_savings_program else "No",
            "directory_size": OrganizationSize(self.size).label if self.size else "",
        }


def correct_organization(
    *,
    organization_id: UUID,
    values: Mapping[str, str],
    seen: str,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Correct name and mailing address in the directory, and tell the Security Officials.

    `values`: of `policy.registration.ORGANIZATION_FIELDS`. `seen`: the `fingerprint` of what staff
    looked at. What stands already writes nothing. The next directory file that names the
    organization says what it is then. Raises Organization.DoesNotExist, ChangedMeanwhile, or
    Refused without a name.
    """
    if not values["name"]:
        raise Refused("An organization has a name.")
    with transaction.atomic():
        organization = _lock(organization_id)
        changes: dict[str, Any] = {
            name: [getattr(organization, name), values[name]]
            for name in ORGANIZATION_FIELDS
            if getattr(organization, name) != values[name]
        }
        if not changes:
            return
        _require_seen(seen, organization)
        for name, (_, after) in changes.items():
            setattr(organization, name, after)
        organization.search_name = organization.name.casefold()
        organization.save(update_fields=[*changes, "search_name"])
        audit.record(
            AuditAction.ORGANIZATION_CORRECTED,
            actor=actor,
            organization_id=organization.pk,
            object_id=organization.pk,
            **changes,
        )
        _tell(organization, "the name and address", _sentences(LABELS, changes), received_at)


def correct_participation(
    *,
    organization_id: UUID,
    year: int,
    facts: YearFacts,
    seen: str,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Correct approval, Shared Savings Program and directory size of the organization in a year.

    It changes no registration: what may be done from now on differs. Security Officials are told.
    What stands already writes nothing.

    `seen`: the `fingerprint` of what staff looked at. Raises Organization.DoesNotExist,
    ChangedMeanwhile, or Refused for an unknown year, an approval of anything but a
    virtual group, and a Shared Savings Program of anything but an APM Entity.
    """
    with transaction.atomic():
        organization = _lock(organization_id)
        if not PerformanceYear.objects.filter(year=year).exists():
            raise Refused(f"There is no performance year {year}.")
        _require_kind(OrganizationKind(organization.kind), facts)
        found = Participation.objects.filter(
            organization=organization, performance_year=year
        ).first()
        before = facts_of(found)
        if before == facts:
            return
        _require_seen(seen, before)
        participation = found or Participation(organization=organization, performance_year=year)
        participation.approved = facts.approved
        participation.shared_savings_program = facts.shared_savings_program
        participation.size = facts.size
        participation.save()
        changes: dict[str, Any] = _differing(before.in_words(), facts.in_words())
        audit.record(
            AuditAction.PARTICIPATION_CORRECTED,
            actor=actor,
            organization_id=organization.pk,
            object_id=organization.pk,
            year=year,
            **changes,
        )
        _tell(
            organization,
            f"what CMS has on record for {year}",
            _sentences(PARTICIPATION_LABELS, changes),
            received_at,
        )


def fingerprint(shown: Organization | YearFacts) -> str:
    """What tells one state of what is on record from another."""
    values = (
        [getattr(shown, name) for name in ORGANIZATION_FIELDS]
        if isinstance(shown, Organization)
        else shown
    )
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def facts_of(participation: Participation | None) -> YearFacts:
    """What is on record; nothing for an organization that no file named for the year."""
    if participation is None:
        return YearFacts()
    return YearFacts(
        approved=participation.approved,
        shared_savings_program=participation.shared_savings_program,
        size=participation.size,
    )


def _require_seen(seen: str, stored: Organization | YearFacts) -> None:
    if fingerprint(stored) != seen:
        raise ChangedMeanwhile(
            "Somebody changed what is on record meanwhile. Open this page again, look at it, then "
            "correct what is still wrong."
        )


def _require_kind(kind: OrganizationKind, facts: YearFacts) -> None:
    if facts.approved and kind != OrganizationKind.VIRTUAL_GROUP:
        raise Refused("CMS approves virtual groups only.")
    if facts.shared_savings_program and kind != OrganizationKind.APM_ENTITY:
        raise Refused("Only an APM Entity can be in the Shared Savings Program.")


def _lock(organization_id: UUID) -> Organization:
    return Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization_id)


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def _sentences(labels: Mapping[str, str], changes: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"{label}: {changes[name][0] or 'none'}, now {changes[name][1] or 'none'}"
        for name, label in labels.items()
        if name in changes
    ]


def _tell(
    organization: Organization, of_what: str, changes: list[str], received_at: datetime
) -> None:
    tell_officials(
        corrected(told_of(organization, received_at), of_what=of_what, changes=changes),
        organization_id=organization.pk,
        key=f"corrected:{organization.pk}:{received_at.isoformat()}",
        received_at=received_at,
    )
