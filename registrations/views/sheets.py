"""Registration sheets: download the list, upload it filled in, confirm, follow its progress."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enums import RoleName
from accounts.roles.access import roles_held
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from qpp_registration.clock import moment
from qpp_registration.requests import received_at
from qpp_registration.spreadsheet import csv_text
from registrations.enums import Product, RowState, SheetStatus
from registrations.errors import WindowClosed
from registrations.forms.sheet import SheetForm
from registrations.lists.organizations import figures_by_kind
from registrations.lists.queries import matching
from registrations.models import Offering, SheetUpload
from registrations.sheets.apply import confirm_sheet, why_closed
from registrations.sheets.check import check_sheet
from registrations.sheets.download import record_download, sheet_rows
from registrations.sheets.reading import (
    ERROR_COLUMNS,
    counts_of,
    error_rows,
    may_upload,
    page_of_sheet_rows,
    recent_sheets,
    sheets_of,
)
from registrations.views.lists.listing import wanted_of
from registrations.views.lookup import offering_or_404
from registrations.words.sheet_columns import COLUMNS
from registrations.years.season import season_of

# The tabs of a sheet, first what needs looking at.
BEFORE = (RowState.ERROR, RowState.PLANNED, RowState.NOTHING)
AFTER = (RowState.REFUSED, RowState.ERROR, RowState.APPLIED, RowState.NOTHING)


@dataclass(frozen=True, kw_only=True)
class Tab:
    """Rows of one state."""

    label: str
    count: int
    url: str
    current: bool


@require_POST
def download_list(
    request: HttpRequest, year: int, product: Product, kind: OrganizationKind
) -> HttpResponseBase:
    """The list as it is filtered, as a file. By POST, because the audit keeps who took it."""
    offering, user = offering_or_404(year, product), person(request)
    if kind not in figures_by_kind(user, offering, received_at(request)):
        return redirect("first_tab", year=year, product=product)
    record_download(user=user, offering=offering, kind=kind)
    rows = sheet_rows(matching(user, offering, wanted_of(request, kind)))
    tab = kind.tab.lower().replace(" ", "-")
    return _file(csv_text(COLUMNS, rows), f"{year}-{product.short.lower()}-{tab}.csv")


@require_http_methods(["GET", "HEAD", "POST"])
def upload_sheet(request: HttpRequest, year: int, product: Product) -> HttpResponse:
    """Upload a registration sheet: it is checked as a whole, and nothing is registered yet."""
    offering, user = offering_or_404(year, product), person(request)
    roles, form, status = roles_held(user), SheetForm(), 200
    if not roles:
        return redirect("first_tab", year=year, product=product)
    is_official = RoleName.SECURITY_OFFICIAL in roles
    is_open = is_official and may_upload(user, offering, received_at(request))
    if request.method == "POST" and is_open:
        form, status = SheetForm(request.POST, request.FILES), 422
        if form.is_valid():
            sheet = form.cleaned_data["file"]
            upload = check_sheet(
                user=user,
                offering=offering,
                file_name=sheet.name,
                sha256=sheet.sha256,
                submission=form.cleaned_data["submission"] or uuid4(),
                lines=sheet.lines(),
                received_at=received_at(request),
            )
            return redirect("sheet", upload_id=upload.pk)
    elif request.method == "POST":
        status = 403
    context = {
        "season": season_of(offering, received_at(request)),
        "list_url": _list_url(offering),
        "form": form,
        "is_official": is_official,
        "is_open": is_open,
        "figures": figures_by_kind(user, offering, received_at(request)),
        "uploads": [
            {"sheet": sheet, "uploaded": moment(sheet.uploaded_at)}
            for sheet in recent_sheets(user, offering)
        ],
    }
    return render(request, "registrations/sheets/upload.html", context, status=status)


@require_safe
def sheet(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """An uploaded sheet: what it will do, how far it is, or what it did."""
    return _sheet_page(request, _sheet_or_404(request, upload_id))


@require_POST
def confirm(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Have the rows without errors applied. A repeat leads to the same page and does nothing."""
    try:
        confirm_sheet(upload_id=upload_id, user=person(request), received_at=received_at(request))
    except SheetUpload.DoesNotExist:
        raise Http404 from None
    except WindowClosed:
        return _sheet_page(request, _sheet_or_404(request, upload_id), status=403)
    return redirect("sheet", upload_id=upload_id)


@require_safe
def errors(request: HttpRequest, upload_id: UUID) -> HttpResponseBase:
    """Every row that can't be, or wasn't, applied, and why, as a file."""
    upload = _sheet_or_404(request, upload_id)
    return _file(csv_text(ERROR_COLUMNS, error_rows(upload)), "registration-sheet-errors.csv")


def _sheet_page(request: HttpRequest, upload: SheetUpload, status: int = 200) -> HttpResponse:
    counts = counts_of(upload)
    states = AFTER if upload.status == SheetStatus.DONE else BEFORE
    shown = _chosen(request.GET.get("show", ""), [state for state in states if counts[state]])
    page, rows = page_of_sheet_rows(
        upload,
        person(request),
        state=shown,
        number=request.GET.get("page"),
        total=counts[shown],
    )
    done = counts[RowState.APPLIED] + counts[RowState.REFUSED]
    context: dict[str, Any] = {
        "upload": upload,
        "uploaded": moment(upload.uploaded_at),
        "confirmed": moment(upload.confirmed_at) if upload.confirmed_at else None,
        "season": season_of(upload.offering, received_at(request)),
        "list_url": _list_url(upload.offering),
        "closed": (
            why_closed(upload, received_at(request))
            if upload.status == SheetStatus.CHECKED and upload.planned
            else ""
        ),
        "applied": counts[RowState.APPLIED],
        "not_applied": counts[RowState.REFUSED],
        "done": done,
        "total": done + counts[RowState.PLANNED],
        "tabs": [
            Tab(
                label=state.label,
                count=counts[state],
                url=f"?show={state}",
                current=state == shown,
            )
            for state in states
            if counts[state]
        ],
        "shown": shown,
        "page": page,
        "rows": rows,
        "base_query": f"show={shown}&",
        "has_errors": bool(counts[RowState.ERROR] or counts[RowState.REFUSED]),
    }
    return render(request, "registrations/sheets/sheet.html", context, status=status)


def _chosen(asked: str, offered: list[RowState]) -> RowState:
    if asked in offered:
        return RowState(asked)
    return offered[0] if offered else RowState.NOTHING


def _sheet_or_404(request: HttpRequest, upload_id: UUID) -> SheetUpload:
    upload = sheets_of(person(request)).filter(pk=upload_id).first()
    if upload is None:
        raise Http404
    return upload


def _list_url(offering: Offering) -> str:
    return reverse("first_tab", args=[offering.year_id, offering.product])


def _file(pieces: Any, name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        pieces,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
