"""Finding what an address names. Another person's object and a missing one answer alike: 404."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.actors import official
from accounts.models import User
from organizations.models import Organization
from registrations.cases import Case, read_case
from registrations.enums import Completion, Product
from registrations.models import Enrollment, Offering, PerformanceYear
from registrations.year_cases import YearCase, read_year_case


def person(request: HttpRequest) -> User:
    """The signed-in person; pages that ask for it are closed to everybody else."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


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


def years() -> list[PerformanceYear]:
    """The years that can be chosen, newest first, with their offerings and links."""
    return list(
        PerformanceYear.objects.filter(completion=Completion.AUTOMATIC)
        .prefetch_related("offerings", "links")
        .order_by("-year")
    )
