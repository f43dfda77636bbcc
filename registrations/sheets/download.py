"""The list as a file: what the page shows, with contacts, and the sheet to fill in and upload.

Streamed in constant memory: the rows from a cursor, the contacts of some hundred at a time.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, RoleName
from accounts.models import User
from organizations.enums import OrganizationKind
from organizations.policy import show_identifier
from qpp_registration.phones import show_phone
from registrations.enums import ListStatus
from registrations.models import Contact, Offering
from registrations.policy.registration import CONTACT_FIELDS
from registrations.policy.sheet_plan import SHEET_CONTACTS
from registrations.sheets.standing import PRIVATE_FIELDS
from registrations.words.sheet_columns import extension_cell, size_cell

BATCH = 500
_STARTED = {ListStatus.INCOMPLETE, ListStatus.COMPLETE}


def record_download(*, user: User, offering: Offering, kind: OrganizationKind) -> None:
    """Leave an audit event: identifiers and contacts leave the system."""
    audit.record(
        AuditAction.LIST_DOWNLOADED, actor=official(user), offering=str(offering), kind=kind
    )


def sheet_rows(found: QuerySet[Any]) -> Iterator[Sequence[str]]:
    """The cells of each organization that was found on the list, in the order of `COLUMNS`.

    Size and contacts are those of a running registration: of a deleted one they would register it
    again when the sheet comes back. A Staff User gets the contacts without e-mails and phones.
    """
    rows = found.values_list(
        "kind",
        "identifier",
        "name",
        "list_status",
        "role",
        "registration_number__number",
        "registration__pk",
        "registration__size",
    ).iterator(chunk_size=BATCH)
    while batch := list(itertools.islice(rows, BATCH)):
        contacts = _contacts([row[6] for row in batch if row[3] in _STARTED])
        for kind, identifier, name, status, role, number, key, size in batch:
            started = status in _STARTED
            yield (
                kind,
                show_identifier(kind, identifier),
                name,
                ListStatus(status).label,
                str(number) if started and number else "",
                size_cell(size) if started else "",
                *_contact_cells(contacts.get(key, []), role),
            )


def _contacts(registration_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, str]]]:
    found: dict[UUID, list[dict[str, str]]] = {}
    rows = (
        Contact.objects.filter(registration__in=registration_ids)
        .order_by("registration", "position")
        .values("registration", *CONTACT_FIELDS)
    )
    for row in rows:
        found.setdefault(row.pop("registration"), []).append(row)
    return found


def _contact_cells(contacts: Sequence[dict[str, str]], role: str) -> Iterator[str]:
    blank = dict.fromkeys(CONTACT_FIELDS, "")
    hidden = () if role == RoleName.SECURITY_OFFICIAL else PRIVATE_FIELDS
    for place in range(SHEET_CONTACTS):
        contact = contacts[place] if place < len(contacts) else blank
        for name in CONTACT_FIELDS:
            value = "" if name in hidden else contact[name]
            yield _CELLS.get(name, str)(value)


_CELLS = {"phone": show_phone, "extension": extension_cell}
