"""What middleware adds to a request, typed."""

import ipaddress
from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest


def received_at(request: HttpRequest) -> datetime:
    """When the server received the request (see `middleware.ReceivedAt`)."""
    return cast(datetime, request.received_at)  # type: ignore[attr-defined]


def prefers_json(request: HttpRequest) -> bool:
    """Whether a script asks, which reads JSON, rather than a person, who reads a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def client_address(request: HttpRequest) -> str:
    """The address that the request came from.

    What a client says of itself is not believed: of X-Forwarded-For only as many addresses from
    the right count as proxies are trusted (setting TRUSTED_PROXIES), because those added them.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "").split(",")[-settings.TRUSTED_PROXIES :]
    if settings.TRUSTED_PROXIES < 1 or not told:
        return direct
    try:
        return str(ipaddress.ip_address(told[0].strip()))
    except ValueError:
        return direct
