"""*History*: what was done to a registration or an organization, by whom, and when."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.roles.access import organizations_visible_to
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from registrations.models import Registration
from registrations.records.history import history_of_organization, history_of_registration


@require_safe
def registration(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """The history of one registration, for everybody with a role on its organization."""
    user = person(request)
    found = get_object_or_404(
        Registration.objects.filter(organization__roles__user=user).select_related("organization"),
        pk=registration_id,
    )
    page, entries = history_of_registration(found, user, number=request.GET.get("page"))
    context = {
        "organization": found.organization,
        "kind": OrganizationKind(found.organization.kind),
        "year": found.year_id,
        "page": page,
        "entries": entries,
    }
    return render(request, "registrations/records/history.html", context)


@require_safe
def organization(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """The history of an organization: all its registrations, and who got which role."""
    user = person(request)
    found = get_object_or_404(organizations_visible_to(user), pk=organization_id)
    page, entries = history_of_organization(organization_id, user, number=request.GET.get("page"))
    context = {
        "organization": found,
        "kind": OrganizationKind(found.kind),
        "page": page,
        "entries": entries,
    }
    return render(request, "registrations/records/history.html", context)
