"""Registrations on the staff site: one row for each offering that an organization began with."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest

from accounts.actors import staff
from accounts.admin.deeds import Fact, Section, Way
from accounts.admin.list_deeds import ListDeedAdmin
from accounts.policy.rights import Right
from accounts.staff.rights import has_right
from accounts.views.lookup import person
from organizations.enums import OrganizationKind
from qpp_registration.clock import moment
from qpp_registration.requests import received_at
from registrations.admin.announcements import WRITE_TO_CONTACTS
from registrations.admin.exports import EXPORT_REGISTRATIONS
from registrations.admin.filters import OfKind, OfOfferingYear, OfProduct, OfSize
from registrations.admin.organization_sections import people_section
from registrations.admin.registration_deeds import DEEDS, ways_of
from registrations.admin.registration_sections import (
    contacts_section,
    history_section,
    links_from,
    messages_section,
    missing_words,
    other_offerings,
)
from registrations.admin.search import of_registration
from registrations.admin.words import ELSEWHERE, by, offering_name, page_of, shown_status, yes_no
from registrations.cases.registration import case_of
from registrations.models import Contact, Enrollment, WindowExtension
from registrations.years.season import season_of


@admin.register(Enrollment)
class EnrollmentAdmin(ListDeedAdmin):
    """Statuses and IDs are never edited: deeds call the services that officials' pages call."""

    list_display = (
        *("organization", "year", "product", "kind", "size", "standing", "origin"),
        *("number", "changed"),
    )
    list_note = ELSEWHERE
    list_filter = (
        OfOfferingYear,
        OfProduct,
        OfKind,
        OfSize,
        "status",
        "origin",
    )
    list_select_related = ("registration__organization__registration_number", "offering")
    ordering = ("-pk",)
    sortable_by = ("changed",)
    search_fields = ("registration__name",)
    search_help_text = (
        "Registration ID, or the beginning of the organization’s or a contact’s name. Not by "
        "identifier or e-mail: what is searched for stands in the address."
    )
    deeds = DEEDS
    list_deeds = (EXPORT_REGISTRATIONS, WRITE_TO_CONTACTS)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By names and registration IDs, each by its index."""
        return (of_registration(queryset, search_term) if search_term else queryset), False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Enrollment | None:
        """The row with all that its page and its deeds need, in two queries."""
        contacts = Prefetch("registration__contacts", queryset=Contact.objects.order_by("position"))
        found = Enrollment.objects.with_circumstances().select_related(
            "completed_by", "cancelled_by"
        )
        try:
            return found.filter(pk=object_id).prefetch_related(contacts).first()
        except ValueError:
            return None

    @admin.display(description="organization")
    def organization(self, row: Enrollment) -> str:
        """Its name in the directory."""
        return row.registration.organization.name

    @admin.display(description="year")
    def year(self, row: Enrollment) -> str:
        """The performance year."""
        return str(row.offering.year_id)

    @admin.display(description="offering")
    def product(self, row: Enrollment) -> str:
        """What is registered for."""
        return row.offering.get_product_display()

    @admin.display(description="kind")
    def kind(self, row: Enrollment) -> str:
        """The organization's kind."""
        return row.registration.organization.get_kind_display()

    @admin.display(description="size", empty_value="Not chosen")
    def size(self, row: Enrollment) -> str | None:
        """The size of the registration."""
        return row.registration.get_size_display() or None

    @admin.display(description="status")
    def standing(self, row: Enrollment) -> str:
        """How it stands."""
        return shown_status(row.status)

    @admin.display(description="registration ID", empty_value="None yet")
    def number(self, row: Enrollment) -> str | None:
        """The organization's."""
        number = getattr(row.registration.organization, "registration_number", None)
        return str(number) if number else None

    @admin.display(description="changed", ordering="registration__changed_at")
    def changed(self, row: Enrollment) -> str:
        """When anything of the registration was changed last."""
        return moment(row.registration.changed_at).text

    def facts(self, request: HttpRequest, row: Enrollment) -> Iterable[Fact]:
        """Whose it is, how it stands, and since when."""
        registration = row.registration
        organization = registration.organization
        yield (
            "Organization",
            page_of("organizations_organization", organization.pk, organization.name),
        )
        yield "Kind", organization.get_kind_display()
        label = OrganizationKind(organization.kind).identifier_label
        yield label, organization.shown_identifier
        yield "Registration ID", self.number(row) or "None yet"
        offering = page_of("registrations_offering", row.offering_id, offering_name(row.offering))
        yield "Year and offering", offering
        yield "Status", shown_status(row.status)
        yield "Still missing", missing_words(row)
        yield "Origin", row.get_origin_display()
        yield "Size", self.size(row) or "Not chosen"
        if any(value != getattr(organization, name) for name, value in self._own(row).items()):
            yield "Name and address given", _address(registration)
        if organization.kind == OrganizationKind.VIRTUAL_GROUP:
            yield "Approved by CMS", yes_no(row.approved)
        yield "Shared Savings Program", yes_no(row.in_shared_savings_program)
        yield "Started", moment(registration.started_at).text
        yield "Completed", by(row.completed_at, row.completed_by)
        yield "Ended", by(row.cancelled_at, row.cancelled_by)
        if registration.carried_from:
            yield "Details carried over from", str(registration.carried_from)
            confirmed = by(registration.confirmed_at, registration.confirmed_by)
            yield "Details confirmed", confirmed or "Not yet"
        yield "Changed", by(registration.changed_at, registration.changed_by)
        yield from self._window(request, row)
        sampling = getattr(row, "sampling_result", None)
        yield "Sampling result", sampling.get_outcome_display() if sampling else "None yet"

    def ways(self, request: HttpRequest, row: Enrollment) -> Iterable[Way]:
        """What is possible as the registration stands."""
        return ways_of(request, row)

    def sections(self, request: HttpRequest, row: Enrollment) -> Iterable[Section]:
        """The year's other offerings, contacts, who acts for it, messages and history."""
        sees = has_right(request.user, Right.SEE_CONTACTS)
        yield other_offerings(row)
        yield contacts_section(row.registration, sees=sees)
        yield people_section(row.registration.organization, sees=sees)
        yield messages_section(row.registration, sees=sees)
        yield history_section(row.registration, person(request), request.GET.get("page"))

    def links(self, request: HttpRequest, row: Enrollment) -> Iterable[tuple[str, str]]:
        """To the organization's callers, and to the audit."""
        return links_from(request, row.registration)

    def title_of(self, row: Enrollment) -> str:
        """Whose registration it is, and for what."""
        return f"{row.registration.organization.name}: {offering_name(row.offering)}"

    def name_of(self, row: Enrollment) -> str:
        """The organization."""
        return row.registration.organization.name

    def _own(self, row: Enrollment) -> dict[str, str]:
        """What the registration itself says of the organization, where its year asks for it."""
        return {name: value for name, value in row.registration.information().items() if value}

    def _window(self, request: HttpRequest, row: Enrollment) -> Iterable[Fact]:
        case = case_of(row, staff(person(request)))
        season = season_of(row.offering, received_at(request), case.closes_at)
        yield "Window of this organization", season.sentence
        if row.extended_until:
            extension = WindowExtension.objects.get(
                organization=row.registration.organization_id, offering=row.offering_id
            )
            text = f"Until {moment(extension.until).text} by {extension.granted_by}"
            yield (
                "Extension",
                page_of(
                    "registrations_windowextension", extension.pk, f"{text}: {extension.reason}"
                ),
            )


def _address(registration: Any) -> str:
    street = [line for line in (registration.address1, registration.address2) if line]
    place = f"{registration.city}, {registration.state} {registration.zip_code}".strip(" ,")
    return "\n".join(line for line in (registration.name, *street, place) if line)
