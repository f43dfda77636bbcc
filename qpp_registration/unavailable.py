"""The answer when the database can't do its part: it is away, held by somebody else, or full."""

import sys
from collections.abc import Mapping

from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.views.defaults import server_error as error_of_ours

from qpp_registration.requests import prefers_json

TRY_AGAIN = 5  # seconds
# The names of the fields that no page may hold: a form with one of them is typed anew.
SECRETS = frozenset({"password", "current", "new_password", "repeated", "code", "answer"})


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that failed: 503 where the database is the reason, 500 for an error of ours.

    Django asks it while it handles the exception (`handler500`), wherever that came from: a view,
    a template or a middleware. Nothing is tried again here: whether a change was stored before the
    connection broke isn't known, and the person or the script, who send the same again, lose and
    double nothing.
    """
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return error_of_ours(request)
    if (session := getattr(request, "session", None)) is not None:
        # Storing it would wait for the same lock once more.
        session.modified = False
    response = _answer(request)
    response.headers["Retry-After"] = str(TRY_AGAIN)
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    if prefers_json(request):
        told = {"status": "unavailable", "says": "The site is not available right now."}
        return JsonResponse(told, status=503)
    # Without the request: what a page usually shows around its content is read from the database.
    page = render_to_string("503.html", {"path": request.get_full_path(), "typed": _typed(request)})
    return HttpResponse(page, status=503)


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form that was sent, to be sent again as they are; empty for secrets, files.

    With the token that came with them: the form of another site, which has none, is refused then
    as it would have been now.
    """
    if request.method != "POST":
        return []
    try:
        typed: Mapping[str, list[str]] = dict(request.POST.lists())
        is_kept = not request.FILES and SECRETS.isdisjoint(typed)
    except (SuspiciousOperation, UnreadablePostError):
        return []
    return [(name, value) for name in typed for value in typed[name]] if is_kept else []
