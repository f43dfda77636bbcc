"""What happens to every request, whatever page it is for."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from qpp_registration import clock, tracing
from qpp_registration.requests import client_address

GetResponse = Callable[[HttpRequest], HttpResponse]


class ReceivedAt:
    """Stamp the request with the moment it was received. Comes first in the list.

    A request counts by that moment (`request.received_at`), whatever time its work takes. The
    answer carries it to the second, so that a person can prove when they were on time.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at = clock.now()  # type: ignore[attr-defined]
        tracing.request_id.set(uuid.uuid4().hex)
        tracing.source_address.set(client_address(request))
        tracing.browser.set(request.headers.get("User-Agent", ""))
        response = self.get_response(request)
        response.headers["X-Received-At"] = f"{request.received_at:%Y-%m-%dT%H:%M:%SZ}"  # type: ignore[attr-defined]
        response.headers["X-Request-ID"] = tracing.request_id.get()
        return response


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
