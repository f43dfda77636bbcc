"""Forms that were open while their token changed: signing in anew gives a new one."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe

from qpp_registration.requests import prefers_json


@login_not_required
@require_safe
def token(request: HttpRequest) -> JsonResponse:
    """The token of now, for a page that was refused for the one it had.

    Public, because it must answer whoever just signed in again, or isn't signed in yet. Other
    sites can't read it: nothing here allows them to.
    """
    return JsonResponse({"token": get_token(request)})


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """*This page has expired*; a script is told in JSON that it needs a new token."""
    if prefers_json(request):
        return JsonResponse({"status": "csrf"}, status=403)
    return csrf_failure(request, reason=reason)
