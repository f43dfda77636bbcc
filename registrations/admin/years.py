"""Performance years and their offerings on the staff site."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse

from accounts.admin.deeds import Fact, Section, Way
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from organizations.enums import OrganizationSize
from qpp_registration.clock import moment
from qpp_registration.requests import received_at
from registrations.admin.filters import OfYear
from registrations.admin.rosters import ROSTER_DEEDS, roster_ways
from registrations.admin.words import ELSEWHERE, list_of, page_of, yes_no
from registrations.admin.year_deeds import OFFERING_DEEDS, YEAR_DEEDS
from registrations.admin.year_sections import links_section, offerings_section, standing_section
from registrations.exports.lists import OFFERINGS, YEARS
from registrations.models import Offering, PerformanceYear
from registrations.years.figures import figures_of
from registrations.years.season import season_of


@admin.register(PerformanceYear)
class PerformanceYearAdmin(ListDeedAdmin):
    """The rules of each year."""

    list_display = (*("year", "completion", "tells_contacts", "reminds", "omb_control_number"),)
    list_note = ELSEWHERE
    ordering = ("-year",)
    deeds = YEAR_DEEDS
    list_deeds = (export_of("years", YEARS),)

    @admin.display(description="contacts are told by e-mail")
    def tells_contacts(self, row: PerformanceYear) -> str:
        """Whether contacts hear of what becomes of their registration."""
        return yes_no(row.mails_contacts)

    @admin.display(description="officials are reminded of the close")
    def reminds(self, row: PerformanceYear) -> str:
        """Whether officials hear of what is unfinished."""
        return yes_no(row.reminds_officials)

    def facts(self, request: HttpRequest, row: PerformanceYear) -> Iterable[Fact]:
        """What the year decides."""
        yield "Completes", row.get_completion_display()
        yield "Contacts are told by e-mail", yes_no(row.mails_contacts)
        yield "Officials are reminded of the close", yes_no(row.reminds_officials)
        yield "OMB control number", row.omb_control_number or "None"
        hours = row.burden_hours
        yield "Hours per response", "Not given" if hours is None else str(hours)
        for size, sample in _samples(row):
            yield f"Minimum sample, {size}", "Not given" if sample is None else f"{sample:,}"
        yield "Told of too small samples", row.sampling_notices or "Not given"
        yield "Notice on the pages", row.notice or "None"
        yield "Subgroups and MVPs", ELSEWHERE

    def sections(self, request: HttpRequest, row: PerformanceYear) -> Iterable[Section]:
        """What is offered, how many registered for it, and the year's documents."""
        offerings, at = list(row.offerings.order_by("-product")), received_at(request)
        yield offerings_section(offerings, at)
        yield standing_section(offerings, figures_of(row.year, at=at))
        yield links_section(row)


@admin.register(Offering)
class OfferingAdmin(ListDeedAdmin):
    """What can be registered, and when."""

    list_display = ("name", "minimum_size", "opens", "closes")
    list_filter = (OfYear, "product")
    ordering = ("-year", "product")
    deeds = (*OFFERING_DEEDS, *ROSTER_DEEDS)
    list_deeds = (export_of("offerings", OFFERINGS),)

    @admin.display(description="offering")
    def name(self, row: Offering) -> str:
        """Product and year."""
        return str(row)

    @admin.display(description="opens")
    def opens(self, row: Offering) -> str:
        """In Eastern time."""
        return moment(row.opens_at).text

    @admin.display(description="closes")
    def closes(self, row: Offering) -> str:
        """In Eastern time, for organizations without an extension."""
        return moment(row.closes_at).text

    def facts(self, request: HttpRequest, row: Offering) -> Iterable[Fact]:
        """The offering's window and rules."""
        yield "Year", page_of("registrations_performanceyear", row.year_id, str(row.year_id))
        yield "Offering", row.get_product_display()
        yield "Opens", moment(row.opens_at).text
        yield "Closes", moment(row.closes_at).text
        yield "Now", season_of(row, received_at(request)).sentence
        yield "Minimum size", row.get_minimum_size_display()
        registers = yes_no(row.registers_shared_savings)
        yield "Shared Savings Program ACOs are registered automatically", registers
        query = f"year={row.year_id}&product={row.product}"
        for label, model in (
            ("Extensions of single organizations", "registrations_windowextension"),
            ("Sampling results", "registrations_samplingresult"),
        ):
            yield label, list_of(model, "Show the list", query)

    def ways(self, request: HttpRequest, row: Offering) -> Iterable[Way]:
        """Moving the window at any time, and what is possible with rosters now."""
        yield from (Way(deed=deed) for deed in OFFERING_DEEDS)
        yield from roster_ways(row, received_at(request))

    def sections(self, request: HttpRequest, row: Offering) -> Iterable[Section]:
        """How many registered for it."""
        yield standing_section([row], figures_of(row.year_id, at=received_at(request)))

    def links(self, request: HttpRequest, row: Offering) -> Iterable[tuple[str, str]]:
        """The final rosters that were made."""
        rosters = reverse("admin:registrations_finalroster_changelist")
        yield "Final rosters", f"{rosters}?offering={row.pk}"


def _samples(row: PerformanceYear) -> Iterable[tuple[str, int | None]]:
    yield OrganizationSize.SMALL.label, row.minimum_sample_small
    yield OrganizationSize.MEDIUM.label, row.minimum_sample_medium
    yield OrganizationSize.LARGE.label, row.minimum_sample_large
