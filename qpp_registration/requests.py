"""What middleware adds to a request, typed."""

from datetime import datetime
from typing import cast

from django.http import HttpRequest


def received_at(request: HttpRequest) -> datetime:
    """When the server received the request (see `middleware.ReceivedAt`)."""
    return cast(datetime, request.received_at)  # type: ignore[attr-defined]


def prefers_json(request: HttpRequest) -> bool:
    """Whether a script asks, which reads JSON, rather than a person, who reads a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
