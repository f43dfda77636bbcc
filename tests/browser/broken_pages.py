"""The site's addresses, and some that go wrong, so that the error pages can be looked at."""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from qpp_registration.urls import handler500
from qpp_registration.urls import urlpatterns as site

__all__ = ["handler500", "urlpatterns"]


@login_not_required
def bad_request(request: HttpRequest) -> NoReturn:
    raise BadRequest


@login_not_required
def forbidden(request: HttpRequest) -> NoReturn:
    raise PermissionDenied


@login_not_required
def broken(request: HttpRequest) -> NoReturn:
    raise RuntimeError("broken on purpose")


@login_not_required
@csrf_exempt
def unavailable(request: HttpRequest) -> NoReturn:
    raise OperationalError("away on purpose")


@login_not_required
def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "413.html", status=413)


FAULTY = """<!DOCTYPE html>
<html>
  <head><title>Faulty</title></head>
  <body>
    <h1>One</h1>
    <h1 style="color: red">Two</h1>
    <div class="error-summary">There is a problem</div>
    <img src="/static/missing.png" width="1500" height="1">
    <script>document.title = "not allowed to run";</script>
  </body>
</html>"""


@login_not_required
def faulty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(FAULTY)


urlpatterns = [
    *site,
    path("400/", bad_request),
    path("403/", forbidden),
    path("413/", too_large),
    path("500/", broken),
    path("503/", unavailable),
    path("faulty/", faulty),
]
