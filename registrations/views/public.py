"""The public pages: what registering is about, for whom, and by when."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qpp_registration.requests import received_at
from registrations.season import current_year
from registrations.views.lookup import links_of, years


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page (2023 guide, I, II and VIII), from the data of the current year."""
    year = current_year(years(received_at(request)))
    return render(
        request,
        "registrations/front.html",
        {"year": year and year.row, "season": year and year.main, "links": links_of(year)},
    )


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Who to ask, and the answers to what people ask most."""
    year = current_year(years(received_at(request)))
    return render(
        request,
        "registrations/help.html",
        {"year": year and year.row, "season": year and year.main, "links": links_of(year)},
    )


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the site does for everyone to be able to use it."""
    return render(request, "registrations/accessibility.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored about people, and why."""
    return render(request, "registrations/privacy.html")
