"""*History*: what was done to a registration or an organization, by whom, and when."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.roles.access import organizations_visible_to
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from registrations.cases.presentation import overview_place
from registrations.enums import Completion, Product
from registrations.models import Registration
from registrations.records.history import history_of_organization, history_of_registration


@require_safe
def registration(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """The history of one registration, for everybody with a role on its organization."""
    user = person(request)
    found = get_object_or_404(
        Registration.objects.filter(organization__roles__user=user).select_related(
            "organization", "year"
        ),
        pk=registration_id,
    )
    page, entries = history_of_registration(found, user, number=request.GET.get("page"))
    context = {
        "organization": found.organization,
        "kind": OrganizationKind(found.organization.kind),
        "year": found.year_id,
        "registration_url": _url_of(found),
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


def _url_of(registration: Registration) -> str:
    """Where the registration is seen: its page, or its place on the *Registration Overview*."""
    if registration.year.completion == Completion.EXPLICIT:
        return overview_place(registration.organization, registration.year_id)
    return reverse("register", args=[registration.pk, Product.CAHPS])
