"""Filters that several lists of the staff site share. Addresses name them shortly: `?year=2023`."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from organizations.enums import OrganizationKind, OrganizationSize
from registrations.enums import Product
from registrations.models import PerformanceYear

NO_SIZE = "none"


class OneOf(admin.SimpleListFilter):
    """One of a few values of a field, which may be another table's."""

    path = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with the chosen value; none for a value that isn't offered."""
        value = self.value()
        if not value:
            return queryset
        if value not in {offered for offered, _ in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(**{self.path: value})


class OfYear(OneOf):
    """The year of the row."""

    title = "year"
    parameter_name = "year"
    path = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All years, newest first."""
        years = PerformanceYear.objects.order_by("-year").values_list("year", flat=True)
        return [(str(year), str(year)) for year in years]


class OfOfferingYear(OfYear):
    """The year of the row's offering."""

    path = "offering__year"


class OfProduct(OneOf):
    """What the row's offering registers for."""

    title = "offering"
    parameter_name = "product"
    path = "offering__product"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The products."""
        return [(str(product.value), str(product.label)) for product in Product]


class OfKind(OneOf):
    """The kind of a registration's organization."""

    title = "kind"
    parameter_name = "kind"
    path = "registration__organization__kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The kinds."""
        return [(str(kind.value), str(kind.label)) for kind in OrganizationKind]


class OfSize(OneOf):
    """The size that the registration holds."""

    title = "size"
    parameter_name = "size"
    path = "registration__size"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The bands, and none of them."""
        bands = [(str(size.value), str(size.label)) for size in OrganizationSize]
        return [*bands, (NO_SIZE, "Not chosen")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows with the chosen size, or without any."""
        if self.value() == NO_SIZE:
            return queryset.filter(**{self.path: ""})
        return super().queryset(request, queryset)


class OfSampledYear(OfYear):
    """The year of a sampling result."""

    path = "enrollment__offering__year"


class OfSampledProduct(OfProduct):
    """What the sample was drawn for."""

    path = "enrollment__offering__product"
