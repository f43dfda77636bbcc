"""Organizations on the staff site, with what they take part in."""

from collections.abc import Iterable

from django.contrib import admin
from django.http import HttpRequest

from accounts.admin.deeds import DeedAdmin, Fact
from organizations.enums import OrganizationKind
from organizations.models import Organization
from registrations.admin.organization_deeds import DEEDS


@admin.register(Organization)
class OrganizationAdmin(DeedAdmin):
    """The directory. Not searched by identifier: what is searched for stands in the address."""

    list_display = ("name", "kind", "city", "state")
    list_filter = ("kind",)
    ordering = ("search_name", "pk")
    deeds = DEEDS

    def facts(self, request: HttpRequest, row: Organization) -> Iterable[Fact]:
        """Who it is, as the directory has it."""
        yield "Kind", row.get_kind_display()
        yield OrganizationKind(row.kind).identifier_label, row.shown_identifier
        yield "Mailing address", f"{row.address1}\n{row.city}, {row.state} {row.zip_code}"
