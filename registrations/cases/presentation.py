"""A case as the pages about one registration show it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration.clock import show_time_of_day
from registrations.cases.registration import Case
from registrations.cases.year import YearCase
from registrations.enums import Completion, EnrollmentStatus, Origin, Product
from registrations.models import Offering
from registrations.policy.registration import Action, Refusal
from registrations.words.reasons import automatic_sentence, what_is_missing

RECEIPT_LABEL = "receipt of deletion"
CANCELLATION_LABEL = "receipt of cancellation"


@dataclass(frozen=True, kw_only=True)
class Header:
    """The panel at the top: registration ID, status, contacts receiving updates.

    `record_label`: what there is to keep; empty while there is nothing.
    """

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
    record_label: str


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
        record_label=_record_label(case, status),
    )


def automatic_note(case: Case, *, size: str, complete_contacts: int, at: datetime) -> str:
    """What the pages say of a registration that was made automatically; empty for others.

    Where it can't be deleted they say why, instead of offering it.
    """
    enrollment = case.registered
    if case.status != EnrollmentStatus.COMPLETE or enrollment.origin != Origin.AUTOMATIC:
        return ""
    missing = what_is_missing(size=size, has_contact=complete_contacts > 0)
    note = automatic_sentence(shared_savings=case.shared_savings, missing=missing)
    required = case.refusal(Action.DELETE, at) is Refusal.REQUIRED
    return f"{note} {case.explain(Refusal.REQUIRED)}" if required else note


def register_label(kind: OrganizationKind, product: Product) -> str:
    """The button's words: *Register Group for CAHPS* (2023 guide, III.7)."""
    return f"Register {kind.label} for {product.short}"


def counted(number: int, kind: OrganizationKind) -> str:
    """So many organizations of a kind, as its tab calls them: *1 practice*, *2 APM Entities*."""
    word = kind.in_tab if number == 1 else kind.tab
    return f"{number} {word if kind == OrganizationKind.APM_ENTITY else word.lower()}"


def summary_label(kind: OrganizationKind, product: Product) -> str:
    """The summary's name: *Group CAHPS Registration Summary* (2023 guide, VI)."""
    return f"{kind.label} {product.short} Registration Summary"


def _record_label(case: Case, status: EnrollmentStatus) -> str:
    match status:
        case EnrollmentStatus.COMPLETE:
            return summary_label(case.kind, case.product)
        case EnrollmentStatus.CANCELLED:
            return RECEIPT_LABEL
        case _:
            return ""


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


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Which organization a page of an explicit year is about.

    `name` is the registration's own copy where there is one; `number` is None before the first
    *Register*.
    """

    name: str
    kind: str
    identifier_label: str
    identifier: str
    number: int | None


def heading_of(case: YearCase) -> Heading:
    """The organization as the pages of the year name it."""
    return Heading(
        name=(case.registration or case.organization).name,
        kind=case.kind.in_tab,
        identifier_label=case.kind.identifier_label,
        identifier=case.organization.shown_identifier,
        number=case.number,
    )


def overview_url(kind: OrganizationKind, year: int) -> str:
    """The *Registration Overview* of one kind of organization."""
    return reverse("overview", kwargs={"year": year, "kind": kind})


def overview_place(organization: Organization, year: int) -> str:
    """Where the organization stands on the *Registration Overview*, whichever page of it."""
    key = organization.pk
    overview = overview_url(OrganizationKind(organization.kind), year)
    return f"{overview}?at={key}#organization-{key}"


def organization_link(organization: Organization, offering: Offering) -> str:
    """Where officials see the organization in the offering's year, for mail.

    Signing in comes back to it.
    """
    year, kind, key = offering.year, organization.kind, organization.pk
    if year.completion == Completion.AUTOMATIC:
        path = reverse("list", args=[year.year, offering.product, kind])
        return f"{settings.SITE_URL}{path}?organization={key}"
    path = reverse("overview", args=[year.year, kind])
    return f"{settings.SITE_URL}{path}?organization={key}#organization-{key}"
