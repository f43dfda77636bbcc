"""Granting many roles from a file: the whole file is checked before anything is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower

from accounts.actors import Actor
from accounts.enums import RoleName
from accounts.models import Role, User
from accounts.roles.granting import grant_role
from organizations.enums import OrganizationKind
from organizations.lookup import find_organizations, parse_organization
from organizations.models import Organization
from qpp_registration.csv_file import CsvFile, Refusals, Row, RowRefusal, parse_values

COLUMNS = ("user_id", "kind", "identifier", "role")
CHUNK = 500  # rows looked up at once


@dataclass(kw_only=True)
class RolesLoaded:
    """What a load did, or in a dry run would do.

    `without_official` names organizations that nobody can register any more.
    """

    granted: int = 0
    changed: int = 0
    unchanged: int = 0
    refusals: Refusals = field(default_factory=Refusals)
    without_official: list[str] = field(default_factory=list)


class _Wanted(NamedTuple):
    """A row whose values have the right shape."""

    row: Row
    user_id: str
    kind: OrganizationKind
    identifier: str
    role: RoleName


def load_roles(
    file: Path,
    *,
    actor: Actor,
    received_at: datetime,
    dry_run: bool = False,
    skip_refused: bool = False,
    on_read: Callable[[int], object] = lambda _count: None,
) -> RolesLoaded:
    """Grant the roles that the file names, each as `grant_role` does; other roles stay.

    Any refused row means that nothing is written, unless `skip_refused`. What is to be written is
    kept in memory, a few hundred bytes a row. Raises Refused when the file can't be used at all.
    """
    loaded = RolesLoaded()
    lines: dict[tuple[UUID, UUID], int] = {}
    changes: list[tuple[UUID, UUID, RoleName]] = []
    with CsvFile(file, COLUMNS, on_read=on_read) as rows:
        shaped = _shaped(rows.rows(), loaded.refusals)
        while chunk := list(islice(shaped, CHUNK)):
            changes.extend(_check(chunk, lines, loaded))
    if not dry_run and (skip_refused or not loaded.refusals.rows):
        with transaction.atomic():
            for user_id, organization_id, role in changes:
                organization = Organization(pk=organization_id)
                grant = grant_role(
                    user=User.objects.get(pk=user_id),
                    organization=organization,
                    name=role,
                    actor=actor,
                    received_at=received_at,
                )
                if grant.leaves_no_official:
                    organization.refresh_from_db()
                    loaded.without_official.append(organization.name)
    return loaded


def _shaped(rows: Iterator[Row | RowRefusal], refusals: Refusals) -> Iterator[_Wanted]:
    """The rows whose values have the right shape; the others go to `refusals`."""
    for row in rows:
        if isinstance(row, RowRefusal):
            refusals.add([row])
            continue
        values, reasons = parse_values(row, COLUMNS, _parse)
        if reasons:
            refusals.add(reasons)
        else:
            yield _Wanted(row, **values)


def _parse(column: str, text: str, values: Mapping[str, Any]) -> Any:
    text = text.strip()
    if column == "role":
        if text.lower() not in RoleName.values:
            raise ValueError(f"The role is one of {', '.join(RoleName.values)}.")
        return RoleName(text.lower())
    return text if column == "user_id" else parse_organization(column, text, values)


def _check(
    chunk: Sequence[_Wanted], lines: dict[tuple[UUID, UUID], int], loaded: RolesLoaded
) -> Iterator[tuple[UUID, UUID, RoleName]]:
    """The roles of the chunk that have to be written. `lines` remembers who was seen where."""
    users = _users(chunk)
    organizations = find_organizations((wanted.kind, wanted.identifier) for wanted in chunk)
    existing = _existing(users.values(), organizations.values())
    for row, user_id, kind, identifier, role in chunk:
        user = users.get(user_id.lower())
        organization = organizations.get((kind, identifier))
        if user is None or organization is None:
            loaded.refusals.add(list(_unknown(row, user, organization)))
            continue
        if first := lines.get((user, organization)):
            loaded.refusals.add(
                [RowRefusal(row.line, "user_id", user_id, f"Line {first} has it already.")]
            )
            continue
        lines[user, organization] = row.line
        before = existing.get((user, organization))
        if before == role:
            loaded.unchanged += 1
            continue
        if before:
            loaded.changed += 1
        else:
            loaded.granted += 1
        yield user, organization, role


def _unknown(row: Row, user: UUID | None, organization: UUID | None) -> Iterator[RowRefusal]:
    user_id, _, identifier, _ = row.values
    if user is None:
        yield RowRefusal(row.line, "user_id", user_id, "Nobody has this user ID.")
    if organization is None:
        yield RowRefusal(row.line, "identifier", identifier, "There is no such organization.")


def _users(chunk: Sequence[_Wanted]) -> dict[str, UUID]:
    known = User.objects.annotate(key=Lower("user_id"))
    return dict(
        known.filter(key__in={wanted.user_id.lower() for wanted in chunk}).values_list("key", "pk")
    )


def _existing(users: Iterable[UUID], organizations: Iterable[UUID]) -> dict[tuple[UUID, UUID], str]:
    roles = Role.objects.filter(user__in=set(users), organization__in=set(organizations))
    return {
        (user, organization): name
        for user, organization, name in roles.values_list("user__pk", "organization__pk", "name")
    }
