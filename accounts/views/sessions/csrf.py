"""Forms that were open while their token changed: signing in anew gives a new one."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe

from accounts.sessions import kept, times
from qpp_registration.requests import prefers_json


@login_not_required
@require_safe
@times.no_activity
def token(request: HttpRequest) -> JsonResponse:
    """The token of now, for a page that was refused for the one it had.

    Public, because it must answer whoever just signed in again, or isn't signed in yet. Other
    sites can't read it: nothing here allows them to.
    """
    return JsonResponse({"token": get_token(request)})


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Back to the form with what was typed, unsaved, where the form keeps it; else *This page has
    expired*. A script is told in JSON that it needs a new token.
    """
    if prefers_json(request):
        return JsonResponse({"status": "csrf"}, status=403)
    if kept.keeps_typed(request) and _was_sent_from_here(request) and kept.keep_typed(request):
        return HttpResponseRedirect(request.path)
    return csrf_failure(request, reason=reason)


def _was_sent_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent it; other sites plant nothing."""
    here = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    return origin == here if origin else request.headers.get("Referer", "").startswith(f"{here}/")
