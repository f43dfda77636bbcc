"""Finding the organizations that the rows of a file name, a few hundred rows at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from organizations.enums import OrganizationKind
from organizations.models import Organization
from organizations.policy import normalize_identifier, parse_kind
from qpp_registration.csv_file import CsvFile, Refusals, Row, RowRefusal, parse_values

CHUNK = 500  # rows looked up at once


class Named(NamedTuple):
    """A row that names an organization which is there, with the row's values by column."""

    row: Row
    values: dict[str, Any]
    organization_id: UUID

    def refused(self, column: str, text: str, reason: str) -> RowRefusal:
        """Why this row can't be used all the same."""
        return RowRefusal(self.row.line, column, text, reason)


def parse_organization(column: str, text: str, values: Mapping[str, Any]) -> Any:
    """The columns `kind` and `identifier`. Raises ValueError with text fit for the user."""
    if column == "kind":
        return parse_kind(text)
    return normalize_identifier(values["kind"], text) if "kind" in values else text


def named_organizations(
    file: CsvFile,
    columns: Sequence[str],
    parse: Callable[[str, str, Mapping[str, Any]], Any],
    refusals: Refusals,
) -> Iterator[list[Named]]:
    """The usable rows of a file with `kind` and `identifier` first, in chunks.

    The others, and those whose organization isn't there, go to `refusals`.
    """
    shaped = _shaped(file, columns, parse, refusals)
    while chunk := list(islice(shaped, CHUNK)):
        found = find_organizations((values["kind"], values["identifier"]) for _, values in chunk)
        named = []
        for row, values in chunk:
            organization_id = found.get((values["kind"], values["identifier"]))
            if organization_id is None:
                text = row.values[columns.index("identifier")]
                reason = "There is no such organization."
                refusals.add([RowRefusal(row.line, "identifier", text, reason)])
            else:
                named.append(Named(row, values, organization_id))
        yield named


def find_organizations(
    wanted: Iterable[tuple[OrganizationKind, str]],
) -> dict[tuple[str, str], UUID]:
    """The keys of organizations by kind and identifier; those that aren't there are left out."""
    pairs = list(wanted)
    of_them = Q()
    for kind in OrganizationKind:
        of_them |= Q(kind=kind, identifier__in={found for of, found in pairs if of == kind})
    known = Organization.objects.filter(of_them).values_list("kind", "identifier", "pk")
    return {(kind, identifier): pk for kind, identifier, pk in known}


def _shaped(
    file: CsvFile,
    columns: Sequence[str],
    parse: Callable[[str, str, Mapping[str, Any]], Any],
    refusals: Refusals,
) -> Iterator[tuple[Row, dict[str, Any]]]:
    for row in file.rows():
        if isinstance(row, RowRefusal):
            refusals.add([row])
            continue
        values, reasons = parse_values(row, columns, parse)
        if reasons:
            refusals.add(reasons)
        else:
            yield row, values
