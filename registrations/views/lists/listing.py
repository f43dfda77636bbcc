"""The list of organizations: tabs, figures, search, and starting a registration."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import official
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration.requests import received_at
from registrations.cases.presentation import register_label, summary_label
from registrations.enums import Completion, Product
from registrations.errors import NotAllowed
from registrations.forms.search import SearchForm
from registrations.lists.organizations import FILTERS, figures_by_kind, how_many, page_of_rows
from registrations.lists.queries import Wanted
from registrations.models import Offering
from registrations.registering.start import start_registration
from registrations.views.lists.rows import Words, draw_rows
from registrations.views.lists.shared import (
    Fact,
    base_query,
    name_asked,
    organization_asked,
    search_answer,
    tabs_of,
    year_links,
)
from registrations.views.lookup import offering_or_404, year_or_404, years
from registrations.years.season import YearSeason, current_year, season_of

STATUSES = [(status.value, status.label) for status in FILTERS]


@require_safe
def current_list(request: HttpRequest, product: Product) -> HttpResponse:
    """The list of the year to begin with, however that completes."""
    found = current_year([year for year in years(received_at(request)) if year.of(product)])
    if found is None:
        raise Http404
    return redirect(found.list_url)


@require_safe
def first_tab(request: HttpRequest, year: int, product: Product) -> HttpResponse:
    """The first tab of a year, or why there is none."""
    offering = offering_or_404(year, product)
    figures = figures_by_kind(person(request), offering, received_at(request))
    if not figures:
        season = season_of(offering, received_at(request))
        title = f"{year} {season.product.label} registration"
        context = {"title": title, "season": season}
        return render(request, "registrations/lists/list_empty.html", context)
    return redirect("list", year=year, product=product, kind=next(iter(figures)))


@require_safe
def organization_list(
    request: HttpRequest, year: int, product: Product, kind: OrganizationKind
) -> HttpResponse:
    """One tab of the list (2023 guide, III.7, VI and VII)."""
    shown = {"text": name_asked(request), "status": request.GET.get("status")}
    form = SearchForm(initial=shown, kind=kind, statuses=STATUSES)
    return _list_page(request, *_found(request, year, product), kind, form)


@require_POST
def search(
    request: HttpRequest, year: int, product: Product, kind: OrganizationKind
) -> HttpResponse:
    """Search by POST, so that an identifier never stands in an address."""
    form = SearchForm(request.POST, kind=kind, statuses=STATUSES)
    here = reverse("list", kwargs={"year": year, "product": product, "kind": kind})
    found = _found(request, year, product)
    answer = search_answer(form, person(request), kind, here)
    return answer or _list_page(request, *found, kind, form, status=422)


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
        return render(request, "registrations/lists/not_allowed.html", context, status=403)
    return redirect("register", registration_id=registration.pk, product=product)


def _found(
    request: HttpRequest, year: int, product: Product
) -> tuple[YearSeason, list[YearSeason], Offering]:
    """The year of the list, all years, and the list's offering."""
    found, all_years = year_or_404(request, year, Completion.AUTOMATIC)
    offering = found.of(product)
    if offering is None:
        raise Http404
    return found, all_years, offering


def _list_page(
    request: HttpRequest,
    year: YearSeason,
    all_years: list[YearSeason],
    offering: Offering,
    kind: OrganizationKind,
    form: SearchForm,
    status: int = 200,
) -> HttpResponse:
    user = person(request)
    figures = figures_by_kind(user, offering, received_at(request))
    if kind not in figures:
        return redirect("first_tab", year=offering.year_id, product=offering.product)
    wanted = wanted_of(request, kind)
    if wanted.is_filtered:
        total, registerable = how_many(user, offering, received_at(request), wanted)
    else:
        total, registerable = figures[kind].total, figures[kind].registerable
    page, rows = page_of_rows(
        user,
        offering,
        wanted,
        number=request.GET.get("page"),
        total=total,
        received_at=received_at(request),
    )
    selectable = [str(row.organization_id) for row in rows if row.can_be_selected]
    season, here = season_of(offering, received_at(request)), _list_url(offering, kind)
    extended = not season.is_open and any(row.may_save or row.start_url for row in rows)
    words = Words(
        register_label=register_label(kind, season.product),
        summary_label=summary_label(kind, season.product),
        picks=registerable > 1,
    )
    context = {
        "title": f"{season.year} {season.product.label} registration",
        "season": season,
        "extended": extended,
        "may_upload": season.is_open or extended or registerable > 0,
        "windows": [season],
        "notice": year.row.notice,
        "facts": [
            Fact(count=figures[kind].not_started, words="not started"),
            Fact(count=figures[kind].incomplete, words="incomplete", mark="bad"),
            Fact(count=figures[kind].complete, words="complete", mark="good"),
        ],
        "kind": kind,
        "years": year_links(all_years, year),
        "tabs": tabs_of(
            {of_kind: found.total for of_kind, found in figures.items()},
            kind,
            lambda of_kind: _list_url(offering, of_kind),
        ),
        "list_url": here,
        "search_url": f"{here}search/",
        "form": form,
        "page": page,
        "has_rows": bool(rows),
        "rows": draw_rows(rows, words, csrf_token=get_token(request)),
        "is_filtered": wanted.is_filtered,
        "is_one": wanted.organization_id is not None,
        "base_query": base_query(request),
        "file_query": request.GET.urlencode() if wanted.is_filtered else "",
        "selectable": ",".join(selectable),
        "registerable": registerable,
        "picks": words.picks,
        "name": wanted.name,
        "status": wanted.status,
        "selected_label": f"Register selected for {season.product.short}",
    }
    return render(request, "registrations/lists/list.html", context, status=status)


def _list_url(offering: Offering, kind: OrganizationKind) -> str:
    return reverse(
        "list", kwargs={"year": offering.year_id, "product": offering.product, "kind": kind}
    )


def wanted_of(request: HttpRequest, kind: OrganizationKind) -> Wanted:
    """What the address asks for; what it asks wrongly is left out."""
    status = request.GET.get("status", "")
    return Wanted(
        kind=kind,
        name=name_asked(request),
        status=status if status in FILTERS else "",
        organization_id=organization_asked(request),
    )
