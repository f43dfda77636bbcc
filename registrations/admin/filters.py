"""Filters that several lists of the staff site share."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from registrations.models import PerformanceYear


class OfferingYear(admin.SimpleListFilter):
    """The year of the row's offering."""

    title = "year"
    parameter_name = "offering__year"
    path = "offering__year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """All years, newest first."""
        years = PerformanceYear.objects.order_by("-year").values_list("year", flat=True)
        return [(str(year), str(year)) for year in years]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The rows of the chosen year."""
        year = self.value()
        if not year:
            return queryset
        if year not in {value for value, _ in self.lookup_choices}:
            return queryset.none()
        return queryset.filter(**{self.path: int(year)})


class SampleYear(OfferingYear):
    """The same for sampling results."""

    path = "enrollment__offering__year"
