"""The print-ready summary of a complete registration (2023 guide, VI)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.enums import RoleName
from registrations.cases import Case
from registrations.enums import EnrollmentStatus, Product
from registrations.models import Contact
from registrations.presentation import header_of, list_url, receipt_of
from registrations.views.lookup import case_or_404


@require_safe
def summary(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """The record to print or keep. There is none before the registration is complete."""
    case = case_or_404(request, registration_id, product)
    if case.status != EnrollmentStatus.COMPLETE:
        return redirect("register", registration_id=registration_id, product=product)
    contacts = _complete_contacts(case)
    context = {
        "case": case,
        "header": header_of(case, complete_contacts=len(contacts)),
        "receipt": receipt_of(case),
        "contacts": contacts,
        "shows_details": case.role == RoleName.SECURITY_OFFICIAL,
        "list_url": list_url(case),
    }
    return render(request, "registrations/summary.html", context)


def _complete_contacts(case: Case) -> list[Contact]:
    return list(
        Contact.objects.complete()
        .filter(registration=case.registered.registration_id)
        .order_by("position")
    )
