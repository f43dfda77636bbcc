"""What an organization's page on the staff site tells below the facts: a query for each section."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count

from accounts.admin.deeds import Section
from accounts.enums import RoleRequestStatus
from accounts.models import Role, RoleRequest, User
from organizations.models import Organization, Participation
from qpp_registration.clock import moment
from registrations.admin.registration_sections import HISTORY
from registrations.admin.words import offering_name, page_of, shown_status, yes_no
from registrations.models import Enrollment, Registration, WindowExtension
from registrations.records.history import history_of_organization

SHOWN = 100  # rows of a section


def participations_section(row: Organization) -> Section:
    """What CMS knows of it in each year."""
    found = Participation.objects.filter(organization=row).order_by("-performance_year")
    return _section(
        "Participation",
        ("Year", "Approved by CMS", "Shared Savings Program", "Directory size"),
        (
            (
                str(one.performance_year),
                yes_no(one.approved),
                yes_no(one.shared_savings_program),
                one.get_size_display() or "Not known",
            )
            for one in found[: SHOWN + 1]
        ),
    )


def registrations_section(row: Organization) -> Section:
    """All it ever began with, newest year first."""
    found = (
        Enrollment.objects.filter(registration__organization=row)
        .select_related("offering", "registration")
        .order_by("-offering__year", "-offering__product")
    )
    return _section(
        "Registrations",
        ("Year and offering", "Status", "Origin", "Size", "Changed"),
        (
            (
                page_of("registrations_enrollment", one.pk, offering_name(one.offering)),
                shown_status(one.status),
                one.get_origin_display(),
                one.registration.get_size_display() or "Not chosen",
                moment(one.registration.changed_at).text,
            )
            for one in found[: SHOWN + 1]
        ),
    )


def begun_section(row: Organization) -> Section:
    """What was filled in, in years in which *Register* is pressed, and nobody pressed it."""
    found = (
        Registration.objects.filter(organization=row, enrollments=None)
        .annotate(number_of_contacts=Count("contacts"))
        .order_by("-year")
    )
    return _section(
        "Begun, and not registered for anything",
        ("Year", "Size", "Contacts", "Started", "Changed"),
        (
            (
                page_of("registrations_registration", one.pk, str(one.year_id)),
                one.get_size_display() or "Not chosen",
                str(one.number_of_contacts),
                moment(one.started_at).text,
                f"{moment(one.changed_at).text} by {one.changed_by}",
            )
            for one in found[: SHOWN + 1]
        ),
    )


def people_section(row: Organization, *, sees: bool) -> Section:
    """Security Officials first, then Staff Users; with user IDs for those who may see contacts."""
    found = (
        Role.objects.filter(organization=row)
        .select_related("user")
        .order_by("name", "user__last_name", "user__first_name", "pk")
    )
    return _section(
        "Security Officials and Staff Users",
        ("Name", *(["User ID"] if sees else []), "Role", "Since", "Account"),
        (
            (
                page_of("accounts_user", one.user_id, one.user.full_name),
                *([one.user.user_id] if sees else []),
                one.get_name_display(),
                moment(one.granted_at).text,
                "Active" if one.user.is_active else "Disabled",
            )
            for one in found[: SHOWN + 1]
        ),
    )


def requests_section(row: Organization) -> Section:
    """Who waits for a role, the longest first."""
    found = (
        RoleRequest.objects.filter(organization=row, status=RoleRequestStatus.PENDING)
        .select_related("user")
        .order_by("asked_at", "pk")
    )
    return _section(
        "Pending role requests",
        ("Name", "Role", "Requested"),
        (
            (
                page_of("accounts_rolerequest", one.pk, one.user.full_name),
                one.get_role_display(),
                moment(one.asked_at).text,
            )
            for one in found[: SHOWN + 1]
        ),
    )


def extensions_section(row: Organization) -> Section:
    """Later closes for it alone."""
    found = (
        WindowExtension.objects.filter(organization=row)
        .select_related("offering")
        .order_by("-granted_at")
    )
    return _section(
        "Window extensions",
        ("Year and offering", "Until", "Granted by", "Reason"),
        (
            (
                page_of("registrations_windowextension", one.pk, offering_name(one.offering)),
                moment(one.until).text,
                one.granted_by,
                one.reason,
            )
            for one in found[: SHOWN + 1]
        ),
    )


def history_section(row: Organization, viewer: User, number: str | None) -> Section:
    """What was done to its registrations and roles, newest first."""
    page, entries = history_of_organization(row.pk, viewer, number=number, to_staff=True)
    return Section(title="History", template=HISTORY, context={"page": page, "entries": entries})


def _section(title: str, columns: Sequence[str], found: Iterable[Any]) -> Section:
    rows = list(found)
    note = f"The first {SHOWN}; there are more." if len(rows) > SHOWN else ""
    return Section(title=title, columns=columns, rows=rows[:SHOWN], note=note)
