"""Registrations on the staff site: one row for each offering that an organization began with."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.deeds import DeedAdmin, Fact
from qpp_registration.clock import moment
from registrations.admin.registration_deeds import DEEDS
from registrations.models import Enrollment


@admin.register(Enrollment)
class EnrollmentAdmin(DeedAdmin):
    """Statuses and IDs are never edited: deeds call the services that officials' pages call."""

    list_display = ("registration", "offering", "status", "origin")
    list_filter = ("offering__year", "offering__product", "status", "origin")
    list_select_related = ("registration__organization", "offering")
    ordering = ("-pk",)
    deeds = DEEDS

    def facts(self, request: HttpRequest, row: Enrollment) -> Iterable[Fact]:
        """Whose it is, and how it stands."""
        registration = row.registration
        yield "Organization", registration.organization.name
        yield "Year and offering", f"{row.offering.year_id} {row.offering.get_product_display()}"
        yield "Status", row.get_status_display()
        yield "Origin", row.get_origin_display()
        yield "Size", registration.get_size_display() or "Not chosen"
        yield "Changed", f"{moment(registration.changed_at).text} by {registration.changed_by}"
