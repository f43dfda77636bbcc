"""Organization Information and contacts of an explicit year (2022 guide, IV.4 to IV.7 and V)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse


def information(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Edit name and mailing address."""
    raise Http404


def add_contact(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Add a contact."""
    raise Http404


def contact(
    request: HttpRequest, organization_id: UUID, year: int, contact_id: UUID
) -> HttpResponse:
    """Edit a contact."""
    raise Http404


def delete_contact(
    request: HttpRequest, organization_id: UUID, year: int, contact_id: UUID
) -> HttpResponse:
    """Ask whether to delete the contact, and delete it."""
    raise Http404


def confirm(request: HttpRequest, organization_id: UUID, year: int) -> HttpResponse:
    """Confirm what an automatic registration took over."""
    raise Http404
