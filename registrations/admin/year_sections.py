"""What the pages of years and offerings on the staff site tell below the facts."""

from collections.abc import Sequence
from datetime import datetime

from accounts.admin.deeds import Link, Section
from qpp_registration.clock import moment
from registrations.admin.words import list_of, page_of
from registrations.enums import EnrollmentStatus, LinkPurpose, Origin
from registrations.models import Offering, PerformanceYear
from registrations.years.figures import NOTHING, YearFigures
from registrations.years.season import season_of


def offerings_section(offerings: Sequence[Offering], at: datetime) -> Section:
    """The year's offerings with their windows."""
    return Section(
        title="Offerings",
        columns=("Offering", "Opens", "Closes", "Minimum size", "Now"),
        rows=[
            (
                page_of("registrations_offering", row.pk, row.get_product_display()),
                moment(row.opens_at).text,
                moment(row.closes_at).text,
                row.get_minimum_size_display(),
                season_of(row, at).state.label,
            )
            for row in offerings
        ],
        empty="None yet: nothing can be registered.",
    )


def standing_section(offerings: Sequence[Offering], figures: YearFigures) -> Section:
    """How many registrations stand where, each number with the list behind it."""
    return Section(
        title="Registrations",
        note=f"Figures of {moment(figures.taken_at).text}; they are counted once a minute.",
        columns=("Offering", "Status", *(origin.label for origin in Origin)),
        rows=[
            (
                offering.get_product_display(),
                status.label,
                *(_counted(offering, status, origin, figures) for origin in Origin),
            )
            for offering in offerings
            for status in EnrollmentStatus
        ],
        empty="None.",
    )


def _counted(
    offering: Offering, status: EnrollmentStatus, origin: Origin, figures: YearFigures
) -> Link | str:
    counts = figures.offerings.get(offering.pk, NOTHING).by_status_and_origin
    number = counts[status, origin]
    if not number:
        return "0"
    query = (
        f"year={offering.year_id}&product={offering.product}"
        f"&status__exact={status}&origin__exact={origin}"
    )
    return list_of("registrations_enrollment", f"{number:,}", query)


def links_section(row: PerformanceYear) -> Section:
    """The year's documents, those without an address too."""
    addresses = dict(row.links.values_list("purpose", "url"))
    return Section(
        title="Documents",
        columns=("Document", "Address"),
        rows=[(purpose.label, _document(addresses.get(purpose, ""))) for purpose in LinkPurpose],
    )


def _document(address: str) -> Link | str:
    return Link(address, address) if address else "None: the pages name it without a link."
