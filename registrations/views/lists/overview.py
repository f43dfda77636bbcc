"""The Registration Overview of an explicit year (2022 guide, IV)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from qpp_registration.requests import received_at
from registrations.cases.presentation import overview_url
from registrations.enums import Completion, Product
from registrations.forms.search import SearchForm
from registrations.lists.overview import (
    NOT_REGISTERED,
    Figures,
    figures_by_kind,
    matching,
    page_of_rows,
    place_of,
)
from registrations.lists.queries import PAGE_SIZE, Wanted
from registrations.views.lists.shared import (
    Fact,
    base_query,
    name_asked,
    organization_asked,
    search_answer,
    tabs_of,
    year_links,
)
from registrations.views.lookup import year_or_404
from registrations.years.season import YearSeason


@require_safe
def first_tab(request: HttpRequest, year: int) -> HttpResponse:
    """The first tab of a year, or why there is none."""
    found, _ = year_or_404(request, year, Completion.EXPLICIT)
    figures = figures_by_kind(person(request), found.offerings)
    if not figures:
        return render(
            request,
            "registrations/lists/list_empty.html",
            {"title": "Registration Overview", "season": found.main},
        )
    return redirect("overview", year=year, kind=next(iter(figures)))


@require_safe
def overview(request: HttpRequest, year: int, kind: OrganizationKind) -> HttpResponse:
    """One tab of the overview; with `?at=` the page on which that organization stands."""
    found, all_years = year_or_404(request, year, Completion.EXPLICIT)
    shown = {"text": name_asked(request), "status": request.GET.get("status")}
    form = SearchForm(initial=shown, kind=kind, statuses=_statuses(found))
    return _page(request, found, all_years, kind, form)


@require_POST
def search(request: HttpRequest, year: int, kind: OrganizationKind) -> HttpResponse:
    """Search by POST, so that an identifier never stands in an address."""
    found, all_years = year_or_404(request, year, Completion.EXPLICIT)
    form = SearchForm(request.POST, kind=kind, statuses=_statuses(found))
    answer = search_answer(form, person(request), kind, overview_url(kind, year))
    return answer or _page(request, found, all_years, kind, form, status=422)


def _page(
    request: HttpRequest,
    year: YearSeason,
    all_years: list[YearSeason],
    kind: OrganizationKind,
    form: SearchForm,
    status: int = 200,
) -> HttpResponse:
    user, here = person(request), overview_url(kind, year.year)
    figures = figures_by_kind(user, year.offerings)
    if kind not in figures:
        return redirect("overview_first", year=year.year)
    wanted = _wanted(request, year, kind)
    number, at = request.GET.get("page"), organization_asked(request, "at")
    if at:
        place = place_of(matching(user, year.offerings, wanted), at)
        number = str(place // PAGE_SIZE + 1)
    total = figures[kind].total
    if wanted.is_filtered:
        total = matching(user, year.offerings, wanted).count()
    page, rows = page_of_rows(
        user,
        year.offerings,
        wanted,
        number=number,
        total=total,
        received_at=received_at(request),
    )
    context = {
        "title": "Registration Overview",
        "year": year,
        "season": year.main,
        "extended": not year.is_open and any(row.may_change for row in rows),
        "windows": year.windows,
        "notice": year.row.notice,
        "facts": _facts(figures[kind]),
        "total": figures[kind].total,
        "kind": kind,
        "years": year_links(all_years, year),
        "tabs": tabs_of(
            {of_kind: found.total for of_kind, found in figures.items()},
            kind,
            lambda of_kind: overview_url(of_kind, year.year),
        ),
        "list_url": here,
        "search_url": f"{here}search/",
        "form": form,
        "page": page,
        "rows": rows,
        "unfolded": at or wanted.organization_id,
        "is_filtered": wanted.is_filtered,
        "is_one": wanted.organization_id is not None,
        "base_query": base_query(request),
    }
    return render(request, "registrations/lists/overview.html", context, status=status)


def _statuses(year: YearSeason) -> list[tuple[str, str]]:
    """What the overview can be filtered by."""
    registered = [
        (season.product.value, f"Registered for {season.product.label}") for season in year.seasons
    ]
    return [*registered, (NOT_REGISTERED, "Not registered")]


def _facts(figures: Figures) -> list[Fact]:
    registered = [
        Fact(count=count, words=f"registered for {Product(product).short}", mark="good")
        for product, count in figures.registered.items()
    ]
    return [*registered, Fact(count=figures.not_registered, words="not registered", mark="waiting")]


def _wanted(request: HttpRequest, year: YearSeason, kind: OrganizationKind) -> Wanted:
    """What the address asks for; what it asks wrongly is left out."""
    status = request.GET.get("status", "")
    return Wanted(
        kind=kind,
        name=name_asked(request),
        status=status if status in dict(_statuses(year)) else "",
        organization_id=organization_asked(request),
    )
