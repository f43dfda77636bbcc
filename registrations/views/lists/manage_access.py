"""Manage Access: Connected Organizations and their users (2022 guide, III.4 and III.5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import RoleName
from accounts.roles.access import roles_held
from accounts.roles.listed_requests import own_requests, to_decide
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from qpp_registration.requests import received_at
from registrations.enums import LinkPurpose
from registrations.forms.search import SearchForm
from registrations.lists.connected import kinds_of, matching, page_of_connections
from registrations.views.lists.shared import (
    base_query,
    name_asked,
    organization_asked,
    search_answer,
    tabs_of,
)
from registrations.views.lookup import links_of, years
from registrations.years.season import current_year

TITLE = "Connected Organizations"
LISTED = 5  # own requests; the rest stand on a page of their own


@require_safe
def first_tab(request: HttpRequest) -> HttpResponse:
    """The first tab that the person has, or why there is none."""
    kinds = kinds_of(person(request))
    if not kinds:
        context = {"title": TITLE, **_requests(request)}
        return render(request, "registrations/lists/list_empty.html", context)
    return redirect("connected", kind=next(iter(kinds)))


@require_safe
def connected(request: HttpRequest, kind: OrganizationKind) -> HttpResponse:
    """The organizations of one kind that the person is connected to."""
    form = SearchForm(initial={"text": name_asked(request)}, kind=kind, statuses=())
    return _page(request, kind, form)


@require_POST
def search(request: HttpRequest, kind: OrganizationKind) -> HttpResponse:
    """Search by POST, so that an identifier never stands in an address."""
    form = SearchForm(request.POST, kind=kind, statuses=())
    answer = search_answer(form, person(request), kind, _url(kind))
    return answer or _page(request, kind, form, status=422)


def _page(
    request: HttpRequest, kind: OrganizationKind, form: SearchForm, status: int = 200
) -> HttpResponse:
    user = person(request)
    kinds = kinds_of(user)
    if kind not in kinds:
        return redirect("manage_access")
    year = current_year(years(received_at(request)))
    name, organization_id = name_asked(request), organization_asked(request)
    is_filtered = bool(name or organization_id)
    is_official = RoleName.SECURITY_OFFICIAL in roles_held(user)
    page, rows = page_of_connections(
        matching(user, year, kind, name=name, organization_id=organization_id),
        year,
        number=request.GET.get("page"),
        total=None if is_filtered else kinds[kind],
    )
    context = {
        "title": TITLE,
        "heading": f"{kinds[kind]} {kind.in_tab if kinds[kind] == 1 else kind.tab}",
        "kind": kind,
        "year": year,
        "how_to_url": links_of(year).get(LinkPurpose.HOW_TO_REGISTER, ""),
        "is_official": is_official,
        "notice": year.row.notice if year else "",
        "tabs": tabs_of(kinds, kind, _url),
        "list_url": _url(kind),
        "search_url": f"{_url(kind)}search/",
        "form": form,
        "page": page,
        "rows": rows,
        "is_filtered": is_filtered,
        "is_one": organization_id is not None,
        "base_query": base_query(request),
        **_requests(request),
        "to_decide": to_decide(user, received_at(request)).count() if is_official else 0,
    }
    return render(request, "registrations/lists/connected.html", context, status=status)


def _requests(request: HttpRequest) -> dict[str, Any]:
    """The newest requests of the person's own; `more_asked`: there are others."""
    asked = list(own_requests(person(request), received_at(request))[: LISTED + 1])
    return {"asked": asked[:LISTED], "more_asked": len(asked) > LISTED}


def _url(kind: OrganizationKind) -> str:
    return reverse("connected", kwargs={"kind": kind})
