"""What there is to keep of a registration, to print and to download (both guides, VI).

The same two addresses give the summary of a complete registration and the receipt of a deleted or
cancelled one.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registrations.cases.presentation import list_url, overview_place
from registrations.cases.registration import Case
from registrations.enums import Completion, Product
from registrations.records.summary import record_of
from registrations.views.lookup import case_of_any_year_or_404


@require_safe
def summary(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """The page to print. There is nothing to keep before the registration is complete."""
    case = case_of_any_year_or_404(request, registration_id, product)
    record = record_of(case)
    if record is None:
        return redirect("register", registration_id=registration_id, product=product)
    context = {"case": case, "record": record, **_ways_back(case)}
    return render(request, "registrations/records/summary.html", context)


@require_safe
def summary_pdf(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """The same as a file, made on demand. Its name holds registration ID and year, and no TIN."""
    case = case_of_any_year_or_404(request, registration_id, product)
    record = record_of(case)
    if record is None:
        return redirect("register", registration_id=registration_id, product=product)
    return HttpResponse(
        record.as_pdf(demonstration=settings.DEMONSTRATION),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{record.file_name}"'},
    )


def _ways_back(case: Case) -> dict[str, Any]:
    """The registration's own page, and the list it stands on."""
    if case.offering.year.completion == Completion.AUTOMATIC:
        return {"list_url": list_url(case), "is_explicit": False}
    place = overview_place(case.organization, case.offering.year_id)
    return {"list_url": place, "is_explicit": True}
