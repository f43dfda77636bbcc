"""The list of organizations: tabs, figures, search, and starting a registration."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import official
from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration.requests import received_at
from registrations.enums import ListStatus, Product
from registrations.errors import NotAllowed
from registrations.forms.search import SearchForm
from registrations.listing import (
    FILTERS,
    figures_by_kind,
    find_by_identifier,
    how_many,
    matching,
    page_of_rows,
)
from registrations.models import Offering
from registrations.presentation import register_label, summary_label
from registrations.season import current_season, season_of
from registrations.start import start_registration
from registrations.views.lookup import offering_or_404, person, years

TIN_DIGITS = 9
_ONLY_DIGITS = re.compile(r"[\d\s-]+")


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A kind of organization that the person has."""

    label: str
    count: int
    url: str
    current: bool


@require_safe
def current_list(request: HttpRequest, product: Product) -> HttpResponse:
    """The list of the year to begin with."""
    found = current_season(years(), product, received_at(request))
    if found is None:
        raise Http404
    return redirect("first_tab", year=found[0].year, product=product)


@require_safe
def first_tab(request: HttpRequest, year: int, product: Product) -> HttpResponse:
    """The first tab of a year, or why there is none."""
    offering = offering_or_404(year, product)
    figures = figures_by_kind(person(request), offering, received_at(request))
    if not figures:
        season = season_of(offering, received_at(request))
        return render(request, "registrations/list_empty.html", {"season": season})
    return redirect("list", year=year, product=product, kind=next(iter(figures)))


@require_safe
def organization_list(
    request: HttpRequest, year: int, product: Product, kind: OrganizationKind
) -> HttpResponse:
    """One tab of the list (2023 guide, III.7, VI and VII)."""
    offering = offering_or_404(year, product)
    shown = {"text": _name(request), "status": request.GET.get("status")}
    form = SearchForm(initial=shown, kind=kind)
    return _list_page(request, offering, kind, form)


@require_POST
def search(
    request: HttpRequest, year: int, product: Product, kind: OrganizationKind
) -> HttpResponse:
    """Search by POST, so that an identifier never stands in an address."""
    offering = offering_or_404(year, product)
    form = SearchForm(request.POST, kind=kind)
    if form.is_valid():
        text, status = form.cleaned_data["text"], form.cleaned_data["status"]
        found = find_by_identifier(person(request), kind, _identifier(kind, text))
        here = reverse("list", kwargs={"year": year, "product": product, "kind": kind})
        if found:
            return redirect(f"{here}?{urlencode({'organization': found})}")
        if _may_be_a_tin(kind, text):
            form.add_error("text", _no_such_identifier(kind, text))
        else:
            query = {key: value for key, value in (("q", text), ("status", status)) if value}
            return redirect(f"{here}?{urlencode(query)}" if query else here)
    return _list_page(request, offering, kind, form, status=422)


@require_POST
def start(request: HttpRequest, year: int, product: Product, organization_id: UUID) -> HttpResponse:
    """Register Group for CAHPS: the registration begins and its page opens."""
    offering = offering_or_404(year, product)
    try:
        registration = start_registration(
            organization_id=organization_id,
            offering=offering,
            actor=official(person(request)),
            received_at=received_at(request),
        )
    except Organization.DoesNotExist:
        raise Http404 from None
    except NotAllowed as error:
        context = {"reason": str(error), "season": season_of(offering, received_at(request))}
        return render(request, "registrations/not_allowed.html", context, status=403)
    return redirect("register", registration_id=registration.pk, product=product)


def _list_page(
    request: HttpRequest,
    offering: Offering,
    kind: OrganizationKind,
    form: SearchForm,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    figures = figures_by_kind(user, offering, received_at(request))
    if kind not in figures:
        return redirect("first_tab", year=offering.year_id, product=offering.product)
    wanted = wanted_of(request)
    found = matching(user, offering, kind, **wanted)
    if any(wanted.values()):
        total, registerable = how_many(found, offering, received_at(request))
    else:
        total, registerable = figures[kind].total, figures[kind].registerable
    page, rows = page_of_rows(
        found,
        offering,
        number=request.GET.get("page"),
        total=total,
        received_at=received_at(request),
    )
    selectable = [str(row.organization_id) for row in rows if row.can_be_selected]
    season = season_of(offering, received_at(request))
    context = {
        "season": season,
        "kind": kind,
        "tabs": _tabs(offering, figures, kind),
        "figures": figures[kind],
        "form": form,
        "page": page,
        "rows": rows,
        "offering": offering,
        "register_label": register_label(kind, season.product),
        "summary_label": summary_label(kind, season.product),
        "is_filtered": any(wanted.values()),
        "is_one": wanted["organization_id"] is not None,
        "base_query": _base_query(request),
        "file_query": request.GET.urlencode() if any(wanted.values()) else "",
        "selectable": ",".join(selectable),
        "registerable": registerable,
        "picks": registerable > 1,
        "name": wanted["name"],
        "status": wanted["status"] or "",
        "selected_label": f"Register selected for {season.product.short}",
    }
    return render(request, "registrations/list.html", context, status=status)


def _tabs(offering: Offering, figures: dict[OrganizationKind, Any], chosen: str) -> list[Tab]:
    return [
        Tab(
            label=kind.tab,
            count=figures[kind].total,
            url=reverse(
                "list",
                kwargs={"year": offering.year_id, "product": offering.product, "kind": kind},
            ),
            current=kind == chosen,
        )
        for kind in figures
    ]


def wanted_of(request: HttpRequest) -> dict[str, Any]:
    """What the address asks for; what it asks wrongly is left out."""
    status = request.GET.get("status", "")
    try:
        organization_id = UUID(request.GET.get("organization", ""))
    except ValueError:
        organization_id = None
    return {
        "name": _name(request),
        "status": ListStatus(status) if status in FILTERS else None,
        "organization_id": organization_id,
    }


def _name(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:100]


def _base_query(request: HttpRequest) -> str:
    kept = [(key, request.GET[key]) for key in ("q", "status") if request.GET.get(key)]
    return f"{urlencode(kept)}&" if kept else ""


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def _identifier(kind: OrganizationKind, text: str) -> str:
    """What is looked up: of a TIN the nine digits, with whichever dash or word beside them."""
    digits = _digits(text)
    return digits if kind == OrganizationKind.GROUP and len(digits) == TIN_DIGITS else text


def _may_be_a_tin(kind: OrganizationKind, text: str) -> bool:
    """Whether the text has to stay out of addresses; on any tab, since people mistake tabs."""
    if len(_digits(text)) >= TIN_DIGITS:
        return True
    return kind == OrganizationKind.GROUP and bool(text and _ONLY_DIGITS.fullmatch(text))


def _no_such_identifier(kind: OrganizationKind, text: str) -> str:
    if kind != OrganizationKind.GROUP:
        return f"None of your {kind.tab} has this {kind.identifier_label}."
    if len(_digits(text)) >= TIN_DIGITS:
        return "None of your practices has this TIN."
    return "Enter all nine digits of the TIN, or part of the name."
