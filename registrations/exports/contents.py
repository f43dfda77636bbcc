"""What exports and rosters hold: columns, and the rows of registrations and of their contacts.

One row a registration, and one row a contact in a table of its own: columns for 50 contacts would
be empty nearly everywhere, and an organization that comes once for each contact would be counted
wrongly. The registration ID joins the two.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import reduce
from itertools import groupby
from operator import and_, itemgetter
from typing import Any, NamedTuple

from django.db.models import F, FilteredRelation, Q, QuerySet

from accounts.exports.columns import utc_and_eastern
from organizations.policy import show_identifier
from qpp_registration.phones import show_phone
from registrations.enums import Completion, EnrollmentStatus, Origin
from registrations.models import Enrollment
from registrations.policy.registration import (
    CONTACT_FIELDS,
    ORGANIZATION_FIELDS,
    REQUIRED_OF_A_CONTACT,
    missing_items,
    missing_to_register,
)
from registrations.words.sheet_columns import size_cell

SCHEMA_VERSION = "1"  # rises with every change of the columns or of what stands in them
LOT = 2_000
_KEY_COLUMNS = (
    *("schema_version", "performance_year", "offering"),
    *("organization_kind", "identifier", "registration_id", "name"),
)
REGISTRATION_COLUMNS = (
    *_KEY_COLUMNS,
    *("address1", "address2", "city", "state", "zip_code"),
    *("size", "status", "origin"),
    *("started_utc", "started_eastern", "completed_utc", "completed_eastern"),
    *("cancelled_utc", "cancelled_eastern"),
    *("contacts", "shared_savings_program", "to_add"),
)
CONTACT_COLUMNS = (*_KEY_COLUMNS, "contact", *CONTACT_FIELDS)


class Registered(NamedTuple):
    """A registration for an offering as it was read. `contacts`: values of the complete ones."""

    key: int
    year: int
    product: str
    completion: str
    kind: str
    identifier: str
    number: int | None
    name: str
    address1: str
    address2: str
    city: str
    state: str
    zip_code: str
    size: str
    status: str
    origin: str
    started_at: datetime
    completed_at: datetime | None
    cancelled_at: datetime | None
    shared_savings: bool | None
    contacts: Sequence[Sequence[str]]


_FIELDS = (
    *("pk", "offering__year", "offering__product", "offering__year__completion"),
    *("registration__organization__kind", "registration__organization__identifier"),
    "registration__organization__registration_number__number",
    *(f"registration__{field}" for field in ORGANIZATION_FIELDS),
    *("registration__size", "status", "origin", "registration__started_at"),
    *("completed_at", "cancelled_at", "participation__shared_savings_program"),
)
_STATUSES = dict(EnrollmentStatus.choices)
_ORIGINS = dict(Origin.choices)


def read(found: QuerySet[Enrollment]) -> Iterator[Registered]:
    """The registrations in the order of `found`, each with its complete contacts, in one query."""
    end = len(_FIELDS)
    lines_of = groupby(joined(found).iterator(chunk_size=LOT), itemgetter(0))
    for _key, of_one in lines_of:
        lines = list(of_one)
        contacts = [line[end:] for line in lines if line[end] is not None]
        yield Registered._make((*lines[0][:end], contacts))


def joined(found: QuerySet[Enrollment]) -> QuerySet[Any, tuple[Any, ...]]:
    """Each registration as often as it has complete contacts, at least once: what `read` reads."""
    contact = "registration__contacts"
    year = "registration__organization__participations__performance_year"
    filled_in = [~Q((f"{contact}__{field}", "")) for field in REQUIRED_OF_A_CONTACT]
    wide = found.annotate(
        participation=FilteredRelation(
            "registration__organization__participations",
            condition=Q((year, F("registration__year"))),
        ),
        contact=FilteredRelation(contact, condition=reduce(and_, filled_in)),
    )
    return wide.order_by(*found.query.order_by, "pk", "contact__position").values_list(
        *_FIELDS, *(f"contact__{field}" for field in CONTACT_FIELDS)
    )


def registration_rows(found: Iterable[Registered]) -> Iterator[Sequence[str]]:
    """The cells of each registration, in the order of `REGISTRATION_COLUMNS`."""
    for row in found:
        yield (
            *_key_cells(row),
            *(row.address1, row.address2, row.city, row.state, row.zip_code),
            *(size_cell(row.size), _STATUSES[row.status], _ORIGINS[row.origin]),
            *utc_and_eastern(row.started_at),
            *utc_and_eastern(row.completed_at),
            *utc_and_eastern(row.cancelled_at),
            *(str(len(row.contacts)), "yes" if row.shared_savings else "no", _to_add(row)),
        )


def contact_rows(found: Iterable[Registered]) -> Iterator[Sequence[str]]:
    """The cells of each complete contact, in the order of `CONTACT_COLUMNS`."""
    for row in found:
        keys = _key_cells(row)
        for place, (first, last, email, phone, extension) in enumerate(row.contacts, start=1):
            yield (*keys, str(place), first, last, email, show_phone(phone), extension)


def _key_cells(row: Registered) -> tuple[str, ...]:
    return (
        *(SCHEMA_VERSION, str(row.year), row.product),
        *(row.kind, show_identifier(row.kind, row.identifier), str(row.number or ""), row.name),
    )


def _to_add(row: Registered) -> str:
    """What an automatic registration still lacks; others are complete without gaps."""
    if row.origin != Origin.AUTOMATIC or row.status != EnrollmentStatus.COMPLETE:
        return ""
    contacts = [dict(zip(CONTACT_FIELDS, contact, strict=True)) for contact in row.contacts]
    if row.completion == Completion.AUTOMATIC:
        missing = missing_items(size=row.size, contacts=contacts)
    else:
        organization = {field: getattr(row, field) for field in ORGANIZATION_FIELDS}
        missing = missing_to_register(size=row.size, organization=organization, contacts=contacts)
    return "; ".join(item.label for item in missing)
