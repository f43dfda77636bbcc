"""What an export of organizations holds: the directory, and what CMS knows of each year."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import F

from organizations.models import Organization, Participation
from organizations.policy import show_identifier
from registrations.export_rows import SCHEMA_VERSION
from registrations.sheet_columns import size_cell

ORGANIZATION_COLUMNS = (
    *("schema_version", "organization_kind", "identifier", "registration_id", "name"),
    *("address1", "address2", "city", "state", "zip_code", "participation"),
)
_FIELDS = (
    *("kind", "identifier", "registration_number__number", "name"),
    *("address1", "address2", "city", "state", "zip_code"),
)


def organization_rows(keys: Sequence[UUID]) -> Iterator[Sequence[str]]:
    """The cells of those organizations, in that order, as `ORGANIZATION_COLUMNS` names them."""
    found = Organization.objects.filter(pk__in=keys).values_list("pk", *_FIELDS)
    rows = {key: row for key, *row in found}
    years = _participation(keys)
    for key in keys:
        if key in rows:
            kind, identifier, number, *more = rows[key]
            shown = show_identifier(kind, identifier)
            told = "; ".join(years.get(key, ()))
            yield (SCHEMA_VERSION, kind, shown, str(number or ""), *more, told)


def _participation(keys: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Of each organization its years, in words: *2023: Shared Savings Program, 25 to 99*."""
    told: dict[UUID, list[str]] = {}
    found = Participation.objects.filter(organization__in=keys).order_by("performance_year")
    for key, year, approved, shared_savings, size in found.values_list(
        F("organization"), "performance_year", "approved", "shared_savings_program", "size"
    ):
        facts = [
            "approved virtual group" if approved else "",
            "Shared Savings Program" if shared_savings else "",
            size_cell(size),
        ]
        told.setdefault(key, []).append(f"{year}: {', '.join(filter(None, facts)) or 'listed'}")
    return told
