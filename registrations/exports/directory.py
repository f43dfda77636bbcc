"""What an export of organizations holds: the directory, and what CMS knows of each year."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet

from organizations.models import Organization
from organizations.policy import show_identifier
from registrations.exports.contents import LOT, SCHEMA_VERSION
from registrations.words.sheet_columns import size_cell

ORGANIZATION_COLUMNS = (
    *("schema_version", "organization_kind", "identifier", "registration_id", "name"),
    *("address1", "address2", "city", "state", "zip_code", "participation"),
)
_YEARS = tuple(
    f"participations__{field}"
    for field in ("performance_year", "approved", "shared_savings_program", "size")
)
_FIELDS = (
    *("kind", "identifier", "registration_number__number", "name"),
    *("address1", "address2", "city", "state", "zip_code"),
)


def organization_rows(found: QuerySet[Organization]) -> Iterator[Sequence[str]]:
    """The cells of those organizations in their order, as `ORGANIZATION_COLUMNS` names them.

    One query: each comes as often as it has years, at least once.
    """
    rows = found.order_by(*found.query.order_by, "pk", _YEARS[0]).values_list(
        "pk", *_FIELDS, *_YEARS
    )
    for _key, of_one in groupby(rows.iterator(chunk_size=LOT), itemgetter(0)):
        lines = list(of_one)
        kind, identifier, number, *more = lines[0][1 : -len(_YEARS)]
        years = [_year(*line[-len(_YEARS) :]) for line in lines if line[-len(_YEARS)]]
        shown = show_identifier(kind, identifier)
        yield (SCHEMA_VERSION, kind, shown, str(number or ""), *more, "; ".join(years))


def _year(year: int, approved: bool, shared_savings: bool, size: str) -> str:  # noqa: FBT001
    """What is known of a year, in words: *2023: Shared Savings Program, 25 to 99*."""
    facts = [
        "approved virtual group" if approved else "",
        "Shared Savings Program" if shared_savings else "",
        size_cell(size),
    ]
    return f"{year}: {', '.join(filter(None, facts)) or 'listed'}"
