"""The account home and the Registration screen (2023 guide, III.5 and III.6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import roles_held
from accounts.enums import RoleName
from qpp_registration.requests import received_at
from registrations.enums import Product
from registrations.season import current_season, season_of
from registrations.views.lookup import person, years


@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    """Where people arrive after signing in: *Start Registration*."""
    found = current_season(years(), Product.CAHPS, received_at(request))
    return render(
        request,
        "registrations/home.html",
        {"season": found[1] if found else None, "roles": roles_held(person(request))},
    )


@require_safe
def registration(request: HttpRequest) -> HttpResponse:
    """The performance years to choose from, or why there is nothing to register."""
    at = received_at(request)
    roles = roles_held(person(request))
    seasons = [
        season_of(offering, at)
        for year in years()
        for offering in year.offerings.all()
        if offering.product == Product.CAHPS
    ]
    return render(
        request,
        "registrations/registration.html",
        {
            "seasons": seasons,
            "roles": roles,
            "is_official": RoleName.SECURITY_OFFICIAL in roles,
        },
    )
