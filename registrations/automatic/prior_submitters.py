"""The file of those who submitted through the CMS Web Interface the year before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from organizations.enums import OrganizationKind
from organizations.lookup import named_organizations, parse_organization
from qpp_registration.csv_file import CsvFile, Refusals

COLUMNS = ("kind", "identifier")
ONLY_GROUPS = (
    "Only groups and virtual groups are registered by this file; Shared Savings Program ACOs are "
    "without it."
)


@dataclass(kw_only=True)
class PriorSubmitters:
    """The organizations of the file, and what can't be used of it."""

    organizations: list[UUID] = field(default_factory=list)
    refusals: Refusals = field(default_factory=Refusals)


def read_prior_submitters(
    file: Path, *, on_read: Callable[[int], object] = lambda _count: None
) -> PriorSubmitters:
    """Check the whole file (kind, identifier), and give its organizations, by key.

    They are kept in memory, about 200 bytes a row. Raises Refused when the file can't be used at
    all.
    """
    found = PriorSubmitters()
    lines: dict[UUID, int] = {}
    with CsvFile(file, COLUMNS, on_read=on_read) as rows:
        for chunk in named_organizations(rows, COLUMNS, _parse, found.refusals):
            for row in chunk:
                first = lines.setdefault(row.organization_id, row.row.line)
                if first != row.row.line:
                    text = row.row.values[1]
                    reason = f"Line {first} has it already."
                    found.refusals.add([row.refused("identifier", text, reason)])
    found.organizations = sorted(lines)
    return found


def _parse(column: str, text: str, values: Mapping[str, Any]) -> Any:
    value = parse_organization(column, text, values)
    if value == OrganizationKind.APM_ENTITY:
        raise ValueError(ONLY_GROUPS)
    return value
