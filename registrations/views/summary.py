"""What there is to keep of a registration, to print and to download (2023 guide, VI).

The same two addresses give the summary of a complete registration and the receipt of a deleted one.
"""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from registrations.enums import Product
from registrations.presentation import list_url
from registrations.summary import record_of
from registrations.views.lookup import case_or_404


@require_safe
def summary(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """The page to print. There is nothing to keep before the registration is complete."""
    case = case_or_404(request, registration_id, product)
    record = record_of(case)
    if record is None:
        return redirect("register", registration_id=registration_id, product=product)
    context = {"case": case, "record": record, "list_url": list_url(case)}
    return render(request, "registrations/summary.html", context)


@require_safe
def summary_pdf(request: HttpRequest, registration_id: UUID, product: Product) -> HttpResponse:
    """The same as a file, made on demand. Its name holds registration ID and year, and no TIN."""
    case = case_or_404(request, registration_id, product)
    record = record_of(case)
    if record is None:
        return redirect("register", registration_id=registration_id, product=product)
    return HttpResponse(
        record.as_pdf(demonstration=settings.DEMONSTRATION),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{record.file_name}"'},
    )
