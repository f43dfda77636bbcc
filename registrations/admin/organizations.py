"""Organizations on the staff site, with what they take part in."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.admin.deeds import Fact, Section, Way
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from accounts.views.lookup import person
from organizations.addresses import STATE_GROUPS
from organizations.enums import OrganizationKind
from organizations.models import Organization
from registrations.admin.exports import EXPORT_ORGANIZATIONS
from registrations.admin.organization_deeds import DEEDS, ways_of
from registrations.admin.organization_sections import (
    begun_section,
    extensions_section,
    history_section,
    participations_section,
    people_section,
    registrations_section,
    requests_section,
)
from registrations.admin.search import of_organization
from registrations.admin.view_as import VIEW_AS
from registrations.admin.words import ELSEWHERE


class State(admin.SimpleListFilter):
    """The state of the mailing address."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """States, territories and military addresses."""
        return [(code, str(name)) for _, states in STATE_GROUPS for code, name in states]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the chosen state."""
        return queryset.filter(state=self.value()) if self.value() else queryset


@admin.register(Organization)
class OrganizationAdmin(ListDeedAdmin):
    """The directory. Not searched by identifier: what is searched for stands in the address."""

    list_display = ("name", "kind", "city", "state", "registration_id")
    list_filter = ("kind", State)
    list_select_related = ("registration_number",)
    list_note = ELSEWHERE
    ordering = ("search_name", "pk")
    search_fields = ("search_name",)
    search_help_text = "The beginning of the name, or a registration ID. Not by identifier."
    deeds = (*DEEDS, VIEW_AS)
    list_deeds = (EXPORT_ORGANIZATIONS,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the beginning of the name, or by registration ID."""
        return (of_organization(queryset, search_term, "") if search_term else queryset), False

    @admin.display(description="registration ID", empty_value="None yet")
    def registration_id(self, row: Organization) -> str | None:
        """The one that it has for ever."""
        number = getattr(row, "registration_number", None)
        return str(number) if number else None

    def facts(self, request: HttpRequest, row: Organization) -> Iterable[Fact]:
        """Who it is, as the directory has it."""
        yield "Kind", row.get_kind_display()
        yield OrganizationKind(row.kind).identifier_label, row.shown_identifier
        yield "Registration ID", self.registration_id(row) or "None yet"
        yield "Mailing address", _address(row)

    def ways(self, request: HttpRequest, row: Organization) -> Iterable[Way]:
        """What is possible as the organization stands."""
        yield Way(deed=VIEW_AS)
        yield from ways_of(request, row)

    def sections(self, request: HttpRequest, row: Organization) -> Iterable[Section]:
        """What it takes part in, who acts for it, and what was done."""
        yield participations_section(row)
        yield registrations_section(row)
        yield begun_section(row)
        yield people_section(row, sees=has_right(request.user, Right.SEE_CONTACTS))
        yield requests_section(row)
        yield extensions_section(row)
        yield history_section(row, person(request), request.GET.get("page"))


def _address(row: Organization) -> str:
    place = f"{row.city}, {row.state} {row.zip_code}".strip(" ,")
    return "\n".join(line for line in (row.address1, row.address2, place) if line) or "Not known"
