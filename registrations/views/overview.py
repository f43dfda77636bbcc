"""The Registration Overview of an explicit year (2022 guide, IV)."""

from django.http import Http404, HttpRequest, HttpResponse

from organizations.enums import OrganizationKind


def overview(request: HttpRequest, year: int, kind: OrganizationKind) -> HttpResponse:
    """One tab of the overview."""
    raise Http404


def search(request: HttpRequest, year: int, kind: OrganizationKind) -> HttpResponse:
    """Search by POST, so that an identifier never stands in an address."""
    raise Http404
