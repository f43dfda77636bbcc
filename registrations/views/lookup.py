"""Finding what an address names. Another person's object and a missing one answer alike: 404."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from itertools import groupby
from typing import Any, TypeVar, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from accounts.actors import official
from accounts.views.lookup import person
from organizations.models import Organization
from qpp_registration.prepared import Prepared
from qpp_registration.requests import received_at
from registrations.cases.registration import Case, read_case
from registrations.cases.year import YearCase, read_year_case
from registrations.enums import Completion, Product
from registrations.models import Enrollment, Offering, PerformanceYear
from registrations.years.season import YearSeason, year_season

View = TypeVar("View", bound=Callable[..., HttpResponse])
_OFFERINGS = Prepared(
    lambda: Offering.objects.select_related("year").order_by("-year_id", "-product")
)


def offering_or_404(year: int, product: Product) -> Offering:
    """The offering of a year that completes by itself, with its year."""
    return get_object_or_404(
        Offering.objects.select_related("year"),
        year=year,
        product=product,
        year__completion=Completion.AUTOMATIC,
    )


def case_of_any_year_or_404(request: HttpRequest, registration_id: UUID, product: Product) -> Case:
    """The registration as the signed-in person meets it, however its year completes."""
    try:
        return read_case(
            registration_id=registration_id, product=product, actor=official(person(request))
        )
    except Enrollment.DoesNotExist:
        raise Http404 from None


def case_or_404(request: HttpRequest, registration_id: UUID, product: Product) -> Case:
    """The same, of a year that completes by itself."""
    case = case_of_any_year_or_404(request, registration_id, product)
    if case.offering.year.completion != Completion.AUTOMATIC:
        raise Http404
    return case


def year_case_or_404(request: HttpRequest, organization_id: UUID, year: int) -> YearCase:
    """The organization in an explicit year, as the signed-in person meets it."""
    try:
        case = read_year_case(
            organization_id=organization_id, year=year, actor=official(person(request))
        )
    except (Organization.DoesNotExist, PerformanceYear.DoesNotExist):
        raise Http404 from None
    if case.year.completion != Completion.EXPLICIT:
        raise Http404
    return case


def of_organization(view: View) -> View:
    """Answer 404 also when the person's role ends between reading the case and writing."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **keywords: Any) -> HttpResponse:
        try:
            return view(request, *args, **keywords)
        except (Organization.DoesNotExist, PerformanceYear.DoesNotExist):
            raise Http404 from None

    return cast(View, answer)


def years(at: datetime) -> list[YearSeason]:
    """The years that have something to register, newest first, as they stand at that moment."""
    by_year = groupby(_OFFERINGS.all(), key=lambda offering: offering.year_id)
    return [year_season(found[0].year, found, at) for _, group in by_year if (found := list(group))]


def year_or_404(
    request: HttpRequest, year: int, completion: Completion
) -> tuple[YearSeason, list[YearSeason]]:
    """The year of a page, which completes that way, and all years, in one query."""
    found = years(received_at(request))
    for known in found:
        if known.year == year and known.row.completion == completion:
            return known, found
    raise Http404


def links_of(year: YearSeason | None) -> dict[str, str]:
    """The addresses of the year's documents by purpose."""
    return {link.purpose: link.url for link in year.row.links.all()} if year else {}
