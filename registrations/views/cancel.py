"""Cancel Registration: Continue or Cancel, then the outcome (2022 guide, VII)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from registrations.enums import Product


def cancel(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """Ask, and cancel."""
    raise Http404


def cancelled(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """The outcome, with the registration ID."""
    raise Http404
