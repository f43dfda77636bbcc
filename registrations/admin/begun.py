"""What was begun and never registered, on the staff site: a list, and a page of each."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from accounts.admin.base import eastern
from accounts.admin.deeds import Fact, Section
from accounts.admin.exports import export_of
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.admin.lists import MOST, StaffList
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from accounts.views.lookup import person
from qpp_registration.clock import moment
from registrations.admin.filters import OfProduct, OfSize, OfYear
from registrations.admin.organization_deeds import register_links
from registrations.admin.organization_sections import people_section
from registrations.admin.registration_sections import (
    contacts_section,
    history_section,
    links_from,
    offerings_of_year,
)
from registrations.admin.search import of_organization
from registrations.admin.words import offering_name, page_of
from registrations.enums import EnrollmentStatus, Product
from registrations.exports.lists import BEGUN
from registrations.models import Offering, Registration
from registrations.years.begun import all_begun, begun_among


class OfBegunProduct(OfProduct):
    """What was begun, or may still be chosen."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of years that have the offering; the list looks at what was begun for which."""
        product = self.value()
        if not product:
            return queryset
        return queryset.filter(year__in=Offering.objects.filter(product=product).values("year"))


class OfBegunSize(OfSize):
    """The size that was chosen."""

    path = "size"


class BegunList(StaffList):
    """Finds no more than it shows; its deeds are about everything that was begun."""

    finds_a_part = False

    def get_results(self, request: HttpRequest) -> None:
        """What was begun the longest ago of that which filters and search leave."""
        chosen = request.GET.get(OfBegunProduct.parameter_name)
        products = [chosen] if chosen else list(Product)
        found = self.queryset
        self.queryset = found.filter(pk__in=begun_among(found, most=MOST + 1, products=products))
        super().get_results(request)
        self.queryset = all_begun(found, products=products)


@admin.register(Registration)
class RegistrationAdmin(ListDeedAdmin):
    """Begun by an official, and registered for nothing. The longest ago first."""

    list_display = (
        *("name_now", "of_year", eastern("started_at", "Started")),
        *("size_chosen", "registration_id", eastern("changed_at", "Changed")),
    )
    list_note = (
        "Begun and not registered: incomplete, or nothing was chosen yet. Begun the longest ago "
        "first."
    )
    list_filter = (OfYear, OfBegunProduct, OfBegunSize)
    list_select_related = ("organization__registration_number",)
    ordering = ("started_at", "pk")
    search_fields = ("name",)
    list_deeds = (export_of("begun", BEGUN),)
    search_help_text = "Registration ID, or the beginning of the organization’s name."

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[StaffList]:
        """The list that knows what was begun."""
        return BegunList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By what the organization is called, or its registration ID."""
        if search_term:
            queryset = of_organization(queryset, search_term, "organization__")
        return queryset, False

    @admin.display(description="organization")
    def name_now(self, row: Registration) -> str:
        """Its name in the directory."""
        return row.organization.name

    @admin.display(description="year")
    def of_year(self, row: Registration) -> str:
        """The performance year."""
        return str(row.year_id)

    @admin.display(description="size", empty_value="Not chosen")
    def size_chosen(self, row: Registration) -> str | None:
        """The size, if one was chosen."""
        return row.get_size_display() or None

    @admin.display(description="registration ID", empty_value="None yet")
    def registration_id(self, row: Registration) -> str | None:
        """The organization's."""
        number = getattr(row.organization, "registration_number", None)
        return str(number) if number else None

    def facts(self, request: HttpRequest, row: Registration) -> Iterable[Fact]:
        """Whose it is, and how far it came."""
        organization = row.organization
        address = page_of("organizations_organization", organization.pk, organization.name)
        yield "Organization", address
        yield "Kind", organization.get_kind_display()
        yield "Year", page_of("registrations_performanceyear", row.year_id, str(row.year_id))
        yield "Registration ID", self.registration_id(row) or "None yet"
        yield "Size", row.get_size_display() or "Not chosen"
        yield "Started", moment(row.started_at).text
        yield "Changed", f"{moment(row.changed_at).text} by {row.changed_by}"

    def sections(self, request: HttpRequest, row: Registration) -> Iterable[Section]:
        """The year's offerings, contacts, who acts for it, and history."""
        yield offerings_of_year(row)
        sees = has_right(request.user, Right.SEE_CONTACTS)
        yield contacts_section(row, sees=sees)
        yield people_section(row.organization, sees=sees)
        yield history_section(row, person(request), request.GET.get("page"))

    def links(self, request: HttpRequest, row: Registration) -> Iterable[tuple[str, str]]:
        """To where it goes on, to the organization's callers, and to the audit."""
        yield from _incomplete(row) or register_links(request, row.organization, row.year_id)
        yield from links_from(request, row)

    def title_of(self, row: Registration) -> str:
        """Whose it is, and of which year."""
        return f"{row.organization.name}: {row.year_id}"


def _incomplete(row: Registration) -> list[tuple[str, str]]:
    """To what completes by itself, where the size and contacts are given."""
    found = row.enrollments.filter(status=EnrollmentStatus.INCOMPLETE).select_related("offering")
    return [
        (
            f"Complete the registration for {offering_name(one.offering)}",
            reverse("admin:registrations_enrollment_change", args=[one.pk]),
        )
        for one in found
    ]
