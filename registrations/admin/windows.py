"""Extensions of the window for single organizations, and sampling results, on the staff site."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.deeds import Fact
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from qpp_registration.clock import moment
from registrations.admin.filters import OfOfferingYear, OfProduct, OfSampledProduct, OfSampledYear
from registrations.admin.search import of_organization
from registrations.admin.words import offering_name, page_of
from registrations.exports.lists import SAMPLING_RESULTS, WINDOW_EXTENSIONS
from registrations.models import SamplingResult, WindowExtension

SEARCHED_BY = "The beginning of the organization’s name, or its registration ID."


@admin.register(WindowExtension)
class WindowExtensionAdmin(ListDeedAdmin):
    """Read here; given and changed on the pages of registrations and organizations."""

    list_display = ("organization", "of_offering", "ends", "granted_by", "granted")
    list_filter = (OfOfferingYear, OfProduct)
    list_select_related = ("organization", "offering")
    ordering = ("-granted_at", "-pk")
    search_fields = ("organization__search_name",)
    search_help_text = SEARCHED_BY
    list_deeds = (export_of("window-extensions", WINDOW_EXTENSIONS),)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the organization."""
        if not search_term:
            return queryset, False
        return of_organization(queryset, search_term, "organization__"), False

    @admin.display(description="offering")
    def of_offering(self, row: WindowExtension) -> str:
        """Year and product."""
        return offering_name(row.offering)

    @admin.display(description="until")
    def ends(self, row: WindowExtension) -> str:
        """In Eastern time."""
        return moment(row.until).text

    @admin.display(description="granted")
    def granted(self, row: WindowExtension) -> str:
        """In Eastern time."""
        return moment(row.granted_at).text

    def facts(self, request: HttpRequest, row: WindowExtension) -> Iterable[Fact]:
        """For whom, until when, and why."""
        organization = row.organization
        yield (
            "Organization",
            page_of("organizations_organization", organization.pk, organization.name),
        )
        yield (
            "Offering",
            page_of("registrations_offering", row.offering_id, offering_name(row.offering)),
        )
        yield "Closes for everybody", moment(row.offering.closes_at).text
        yield "Until, for this organization", self.ends(row)
        yield "Granted", f"{self.granted(row)} by {row.granted_by}"
        yield "Reason", row.reason

    def title_of(self, row: WindowExtension) -> str:
        """Of which organization."""
        return f"Extension for {row.organization.name}"


@admin.register(SamplingResult)
class SamplingResultAdmin(ListDeedAdmin):
    """What CMS found when it drew the samples; loaded by `manage.py load_sampling_results`."""

    list_display = ("organization", "of_offering", "outcome", "loaded")
    list_filter = ("outcome", OfSampledYear, OfSampledProduct)
    list_select_related = ("enrollment__registration__organization", "enrollment__offering")
    ordering = ("-enrollment",)
    search_fields = ("enrollment__registration__organization__search_name",)
    search_help_text = SEARCHED_BY
    list_deeds = (export_of("sampling-results", SAMPLING_RESULTS),)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the organization."""
        if not search_term:
            return queryset, False
        path = "enrollment__registration__organization__"
        return of_organization(queryset, search_term, path), False

    @admin.display(description="organization")
    def organization(self, row: SamplingResult) -> str:
        """Its name in the directory."""
        return row.enrollment.registration.organization.name

    @admin.display(description="offering")
    def of_offering(self, row: SamplingResult) -> str:
        """Year and product."""
        return offering_name(row.enrollment.offering)

    @admin.display(description="loaded")
    def loaded(self, row: SamplingResult) -> str:
        """In Eastern time."""
        return moment(row.loaded_at).text

    def facts(self, request: HttpRequest, row: SamplingResult) -> Iterable[Fact]:
        """Of which registration, and what was found."""
        yield (
            "Registration",
            page_of(
                "registrations_enrollment",
                row.enrollment_id,
                f"{self.organization(row)}: {self.of_offering(row)}",
            ),
        )
        yield "Outcome", row.get_outcome_display()
        yield "Loaded", f"{self.loaded(row)} by {row.loaded_by}"

    def title_of(self, row: SamplingResult) -> str:
        """Of which organization."""
        return f"Sampling result of {self.organization(row)}"
