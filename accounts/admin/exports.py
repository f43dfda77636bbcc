"""Taking a list of the staff site away as a file."""

from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse

from accounts.actors import Actor
from accounts.admin.list_deeds import FoundRows, ListDeed
from accounts.exports.columns import Column, table_of
from accounts.exports.files import Export, Table, export_csv, export_xlsx
from accounts.forms.staff import XLSX, ListFileForm
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from qpp_registration.requests import received_at

HOW = (
    "The file has all rows of the list, with a schema version in its first column. A CSV file "
    "begins to load at once. A spreadsheet is made as a whole first, which takes about half a "
    "minute for 100,000 rows. The audit keeps who took what, and why."
)
FIRST_SCHEMA = "1"


def export_of(
    what: str, columns: Sequence[Column], *, schema_version: str = FIRST_SCHEMA
) -> ListDeed:
    """*Export this list* for a list whose file has these columns. `what` names the file.

    `schema_version` rises when the columns or their meaning change.
    """

    def do(
        request: HttpRequest, found: FoundRows, form: ListFileForm, actor: Actor
    ) -> StreamingHttpResponse:
        table = table_of(
            what,
            columns,
            schema_version=schema_version,
            has=lambda right: has_right(request.user, right),
        )
        return taken_away(what, (table,), request, found, form, actor)

    return export_deed(ListFileForm, do)


def export_deed(form: type[ListFileForm], do: Any) -> ListDeed:
    """*Export this list* by a form and what makes the file of it."""
    return ListDeed(
        name="export",
        title="Export this list",
        press="Export",
        right=Right.EXPORT,
        form=form,
        do=do,
        done="",
        explained=HOW,
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
    form: ListFileForm,
    actor: Actor,
) -> StreamingHttpResponse:
    """The file that the form asks for: a workbook of all tables, or one of them as CSV."""
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
    table = next((table for table in tables if table.name == asked), tables[0])
    return file_answer(export_csv(table=table, **more))
