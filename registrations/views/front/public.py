"""The public pages: what registering is about, for whom, and by when."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qpp_registration.requests import received_at
from registrations.views.lookup import links_of, years
from registrations.years.season import YearSeason, current_year


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page (both guides, I, II and VIII), from the data of the year that it is about.

    That is the current year, or the one that `?year=` names.
    """
    found = years(received_at(request))
    asked = (year for year in found if str(year.year) == request.GET.get("year"))
    shown = next(asked, None) or current_year(found)
    others = [year for year in found if year is not shown]
    return render(request, "registrations/front/front.html", _about(shown) | {"others": others})


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Who to ask, and the answers to what people ask most."""
    shown = current_year(years(received_at(request)))
    return render(request, "registrations/front/help.html", _about(shown))


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the site does for everyone to be able to use it."""
    return render(request, "registrations/front/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about people, and why."""
    return render(request, "registrations/front/privacy.html")


def _about(shown: YearSeason | None) -> dict[str, Any]:
    """What the pages tell of a year: its rules, its windows, its documents."""
    return {
        "shown": shown,
        "year": shown.row if shown else None,
        "season": shown.main if shown else None,
        "links": links_of(shown),
    }
