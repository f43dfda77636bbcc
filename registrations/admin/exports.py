"""Taking a list of the staff site away as a file."""

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse

from accounts.actors import Actor
from accounts.admin.list_deeds import FoundRows, ListDeed
from accounts.policy.rights import Right
from qpp_registration.requests import received_at
from registrations.exports.files import (
    CONTACTS,
    ORGANIZATIONS,
    REGISTRATIONS,
    Export,
    Table,
    export_csv,
    export_xlsx,
)
from registrations.forms.staff.export import XLSX, OrganizationsFileForm, RegistrationsFileForm

HOW = (
    "The file has all rows of the list, with a schema version in its first column. A CSV file "
    "begins to load at once. A spreadsheet is made as a whole first, which takes about half a "
    "minute for 100,000 registrations. The audit keeps who took what, and why."
)


def file_answer(export: Export) -> StreamingHttpResponse:
    """The file as it is sent, piece by piece."""
    kind = FileResponse if hasattr(export.content, "read") else StreamingHttpResponse
    return kind(
        export.content,
        content_type=export.content_type,
        headers={"Content-Disposition": f'attachment; filename="{export.name}"'},
    )


def taken_away(
    what: str,
    tables: Sequence[Table],
    request: HttpRequest,
    found: FoundRows,
    form: OrganizationsFileForm,
    actor: Actor,
) -> StreamingHttpResponse:
    """The file that the form asks for."""
    asked = form.cleaned_data["file"]
    more: dict[str, Any] = {
        "what": what,
        "found": found.rows,
        "filters": found.in_words,
        "actor": actor,
        "received_at": received_at(request),
    }
    if asked == XLSX:
        return file_answer(export_xlsx(tables=tables, **more))
    table = next(table for table in tables if table.name == asked)
    return file_answer(export_csv(table=table, **more))


def _registrations(
    request: HttpRequest, found: FoundRows, form: RegistrationsFileForm, actor: Actor
) -> StreamingHttpResponse:
    return taken_away("registrations", (REGISTRATIONS, CONTACTS), request, found, form, actor)


def _organizations(
    request: HttpRequest, found: FoundRows, form: OrganizationsFileForm, actor: Actor
) -> StreamingHttpResponse:
    return taken_away("organizations", (ORGANIZATIONS,), request, found, form, actor)


EXPORT_REGISTRATIONS = ListDeed(
    name="export",
    title="Export this list",
    press="Export",
    right=Right.EXPORT,
    form=RegistrationsFileForm,
    do=_registrations,
    done="",
    explained=HOW,
)
EXPORT_ORGANIZATIONS = ListDeed(
    name="export",
    title="Export this list",
    press="Export",
    right=Right.EXPORT,
    form=OrganizationsFileForm,
    do=_organizations,
    done="",
    explained=HOW,
)
