"""Registrations that were begun and never registered, for CMS staff."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

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
        Enrollment.objects.filter(
            status=EnrollmentStatus.INCOMPLETE,
            offering__product__in=products,
            registration__in=rows.order_by(),
        )
        .order_by("pk")
        .values_list("registration", flat=True)
    )
    pressed = PerformanceYear.objects.filter(completion=Completion.EXPLICIT)
    chose = Enrollment.objects.filter(registration=OuterRef("pk"))
    without = (
        rows.filter(~Exists(chose), year__in=list(pressed.values_list("pk", flat=True)))
        .order_by("started_at", "pk")
        .values_list("pk", flat=True)
    )
    return [*incomplete[:most], *without[:most]]
