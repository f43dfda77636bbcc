"""The account home and the Registration screen (2023 guide, III.5 and III.6)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.enums import RoleName
from accounts.roles.access import roles_held
from accounts.views.lookup import person
from qpp_registration.requests import received_at
from registrations.views.lookup import years
from registrations.years.season import current_year


@require_safe
def account_home(request: HttpRequest) -> HttpResponse:
    """Where people arrive after signing in: *Start Registration*."""
    return render(
        request,
        "registrations/front/home.html",
        {
            "year": current_year(years(received_at(request))),
            "roles": roles_held(person(request)),
        },
    )


@require_safe
def registration(request: HttpRequest) -> HttpResponse:
    """The performance years to choose from, or why there is nothing to register."""
    roles = roles_held(person(request))
    return render(
        request,
        "registrations/front/registration.html",
        {
            "years": years(received_at(request)),
            "roles": roles,
            "is_official": RoleName.SECURITY_OFFICIAL in roles,
        },
    )
