"""Registrations that were begun and never registered, for CMS staff."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from registrations.enums import Completion, EnrollmentStatus, Product
from registrations.models import Enrollment, PerformanceYear, Registration


def begun_among(
    rows: QuerySet[Registration], *, most: int, products: Collection[str] = tuple(Product)
) -> Sequence[UUID]:
    """The keys of those among `rows`, of each kind the `most` that were begun first. Three queries.

    What completes by itself is incomplete, for one of `products`; these rows were made in the order
    of beginning. Where *Register* is pressed, there is no choice of an offering yet. Asked for in
    one, every registration would be looked at.
    """
    incomplete = (
        _incomplete(products)
        .filter(registration__in=rows.order_by())
        .order_by("pk")
        .values_list("registration", flat=True)
    )
    without = rows.filter(_chose_nothing(list(_pressed()))).order_by("started_at", "pk")
    return [*incomplete[:most], *without.values_list("pk", flat=True)[:most]]


def all_begun(
    rows: QuerySet[Registration], *, products: Collection[str] = tuple(Product)
) -> QuerySet[Registration]:
    """All of them, in the order of `rows`. Every one of `rows` is looked at."""
    incomplete = _incomplete(products).filter(registration=OuterRef("pk"))
    return rows.filter(Exists(incomplete) | _chose_nothing(_pressed()))


def _incomplete(products: Collection[str]) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(
        status=EnrollmentStatus.INCOMPLETE, offering__product__in=products
    )


def _pressed() -> QuerySet[PerformanceYear, int]:
    """The years in which *Register* is pressed."""
    years = PerformanceYear.objects.filter(completion=Completion.EXPLICIT)
    return years.values_list("pk", flat=True)


def _chose_nothing(years: Iterable[int]) -> Q:
    """Of registrations: begun in one of these years, and no offering chosen."""
    chose = Enrollment.objects.filter(registration=OuterRef("pk"))
    return Q(~Exists(chose), year__in=years)
