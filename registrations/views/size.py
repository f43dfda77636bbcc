"""Select Size, and Confirm Change in Size? (2022 guide, IV.1 and V)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse


def size(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Choose the size, and confirm what it changes."""
    raise Http404
