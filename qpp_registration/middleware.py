"""What happens to every request, whatever page it is for."""

import logging
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from qpp_registration import clock, tracing
from qpp_registration.requests import client_address

GetResponse = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("qpp_registration.access")
LONGEST_METHOD = 10


class ReceivedAt:
    """Stamp the request with the moment it was received. Comes first in the list.

    A request counts by that moment (`request.received_at`), whatever time its work takes. The
    answer carries it to the second, so that a person can prove when they were on time.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at = clock.now()  # type: ignore[attr-defined]
        tracing.begin(
            request=uuid.uuid4().hex,
            address=client_address(request),
            user_agent=request.headers.get("User-Agent", ""),
        )
        began = time.perf_counter()
        response = self.get_response(request)
        _log_access(request, response, seconds=time.perf_counter() - began)
        response.headers["X-Received-At"] = f"{request.received_at:%Y-%m-%dT%H:%M:%SZ}"  # type: ignore[attr-defined]
        response.headers["X-Request-ID"] = tracing.request_id.get()
        return response


def _log_access(request: HttpRequest, response: HttpResponse, *, seconds: float) -> None:
    """One line a request: which page, never the address, which holds keys and may hold a token."""
    match = request.resolver_match
    is_file = request.path.startswith(settings.STATIC_URL)
    facts = {
        "method": (request.method or "")[:LONGEST_METHOD],
        "route": match.view_name if match else "static file" if is_file else "",
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
        "person": tracing.person.get(),
        "session": tracing.session.get(),
    }
    log.info("Answered", extra={"facts": facts})


class ClosedToOtherSites:
    """No other site may embed anything from here, and nothing here uses the device's sensors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        return response


class BodyLimit:
    """Answer 413 to a request that is larger than anything the site takes, before reading it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.REQUEST_MAX_SIZE:
            return render(request, "413.html", status=413)
        return self.get_response(request)


class PrivatePages:
    """No page is kept by a cache. Comes below static files, which may be kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_cache_control(response, no_store=True, private=True)
        return response
