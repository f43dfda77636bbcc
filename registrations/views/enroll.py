"""Register, and what is shown afterwards (2022 guide, IV.2 to IV.8)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from registrations.enums import Product


def register_page(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """Review or edit, then Register."""
    raise Http404


def register_now(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """Register on the overview: straight, unless something is missing."""
    raise Http404


def registered(
    request: HttpRequest, organization_id: UUID, year: int, product: Product
) -> HttpResponse:
    """Congratulations, with the registration ID."""
    raise Http404
