"""The close of a year's offering for people's calendars."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from qpp_registration.requests import received_at
from registrations.enums import Product
from registrations.models import Offering
from registrations.words.calendar_file import close_as_calendar


@login_not_required
@require_safe
def close(request: HttpRequest, year: int, product: Product) -> HttpResponse:
    """A file to add to a calendar. Everybody may have it: it holds what the front page says."""
    offering = get_object_or_404(Offering, year=year, product=product)
    text = close_as_calendar(
        year=year,
        product=product,
        closes_at=offering.closes_at,
        written_at=received_at(request),
        site_url=settings.SITE_URL,
    )
    name = f"{product.value.replace('_', '-')}-{year}-registration-closes.ics"
    return HttpResponse(
        text.encode(),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
