"""Manage Access: Connected Organizations and their users (2022 guide, III.4 and III.5)."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse

from organizations.enums import OrganizationKind


def first_tab(request: HttpRequest) -> HttpResponse:
    """The first tab that the person has."""
    raise Http404


def connected(request: HttpRequest, kind: OrganizationKind) -> HttpResponse:
    """The organizations of one kind that the person is connected to."""
    raise Http404


def users(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """The connected users of an organization."""
    raise Http404
