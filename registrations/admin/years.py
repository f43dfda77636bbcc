"""Performance years and their offerings on the staff site."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.deeds import Deed, DeedAdmin, Fact
from qpp_registration.clock import moment
from registrations.models import Offering, PerformanceYear

YEAR_DEEDS: tuple[Deed, ...] = ()
OFFERING_DEEDS: tuple[Deed, ...] = ()


@admin.register(PerformanceYear)
class PerformanceYearAdmin(DeedAdmin):
    """The rules of each year."""

    list_display = ("year", "completion", "mails_contacts", "omb_control_number")
    ordering = ("-year",)
    deeds = YEAR_DEEDS

    def facts(self, request: HttpRequest, row: PerformanceYear) -> Iterable[Fact]:
        """What the year decides."""
        yield "Completes", row.get_completion_display()
        yield "Contacts are told by e-mail", "Yes" if row.mails_contacts else "No"
        yield "OMB control number", row.omb_control_number or "None"


@admin.register(Offering)
class OfferingAdmin(DeedAdmin):
    """What can be registered, and when."""

    list_display = ("year", "product", "minimum_size", "opens_at", "closes_at")
    list_filter = ("year",)
    ordering = ("-year", "product")
    deeds = OFFERING_DEEDS

    def facts(self, request: HttpRequest, row: Offering) -> Iterable[Fact]:
        """The offering's window and rules."""
        yield "Opens", moment(row.opens_at).text
        yield "Closes", moment(row.closes_at).text
        yield "Minimum size", row.get_minimum_size_display()
