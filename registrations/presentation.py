"""A case as the pages about one registration show it."""

from dataclasses import dataclass

from django.urls import reverse

from organizations.enums import OrganizationKind
from qpp_registration.clock import show_time_of_day, show_to_the_second
from registrations.cases import Case
from registrations.enums import EnrollmentStatus, Product


@dataclass(frozen=True, kw_only=True)
class Header:
    """The panel at the top: registration ID, status, contacts receiving updates."""

    name: str
    kind: str
    identifier_label: str
    identifier: str
    number: int
    status: str
    status_label: str
    complete_contacts: int
    saved_at: str
    is_complete: bool
    summary_label: str


def header_of(case: Case, *, complete_contacts: int) -> Header:
    """The header of a registration with that many complete contacts."""
    registration = case.registered.registration
    status = EnrollmentStatus(case.registered.status)
    return Header(
        name=case.organization.name,
        kind=case.kind.in_tab,
        identifier_label=case.kind.identifier_label,
        identifier=case.organization.shown_identifier,
        number=case.organization.registration_number.number,
        status=status.value,
        status_label=status.label,
        complete_contacts=complete_contacts,
        saved_at=show_time_of_day(registration.changed_at),
        is_complete=status == EnrollmentStatus.COMPLETE,
        summary_label=summary_label(case.kind, case.product),
    )


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """By whom and when a registration was made and last changed, to the second."""

    completed: str
    changed: str


def receipt_of(case: Case) -> Receipt:
    """The receipt of a complete registration."""
    enrollment = case.registered
    by = enrollment.completed_by.full_name if enrollment.completed_by else "CMS"
    at = enrollment.completed_at or enrollment.registration.changed_at
    registration = enrollment.registration
    return Receipt(
        completed=f"{show_to_the_second(at)}, from {by}",
        changed=f"{show_to_the_second(registration.changed_at)}, from {registration.changed_by}",
    )


def register_label(kind: OrganizationKind, product: Product) -> str:
    """The button's words: *Register Group for CAHPS* (2023 guide, III.7)."""
    return f"Register {kind.label} for {product.short}"


def summary_label(kind: OrganizationKind, product: Product) -> str:
    """The summary's name: *Group CAHPS Registration Summary* (2023 guide, VI)."""
    return f"{kind.label} {product.short} Registration Summary"


def list_url(case: Case) -> str:
    """The list on which the organization stands."""
    return reverse(
        "list",
        kwargs={
            "year": case.offering.year_id,
            "product": case.offering.product,
            "kind": case.organization.kind,
        },
    )
