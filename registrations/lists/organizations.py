"""The list of a person's organizations for an offering: figures, tabs, one page of rows.

A page takes two queries, whatever the number of organizations.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from accounts.enums import ActorKind, RoleName
from accounts.models import User
from organizations.enums import OrganizationKind
from organizations.models import Organization
from organizations.policy import normalize_identifier, show_identifier
from qpp_registration.addresses import addresses_of
from qpp_registration.clock import show_day_and_time
from registrations.enums import (
    EnrollmentStatus,
    ListStatus,
    Origin,
    Product,
    SamplingOutcome,
)
from registrations.lists.queries import PAGE_SIZE, Wanted, counted, rows
from registrations.models import Offering
from registrations.policy.registration import (
    Action,
    Refusal,
    Situation,
    effective_close,
    refusal,
    window_state,
)
from registrations.words.reasons import automatic_sentence, explain, what_is_missing
from registrations.words.sampling import SamplingWords, sampling_words

AUTOMATIC = (EnrollmentStatus.COMPLETE, Origin.AUTOMATIC)
STAFF_USER = "Your role: Staff User. Only a Security Official can register it."
FILTERS = (ListStatus.NOT_STARTED, ListStatus.INCOMPLETE, ListStatus.COMPLETE)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many organizations of one kind stand where. An automatic registration is complete.

    `registerable`: how many the person can register or complete at the moment.
    """

    total: int
    registerable: int
    not_started: int
    incomplete: int
    complete: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """One organization as the list shows it; None or empty where something isn't shown.

    `url` leads to a running registration, `record_url` to what there is to keep of it or, when
    `was_deleted`, of its deletion. The addresses of what the person may not do are empty.
    `sampling`: what came of the sample, once it is known. `can_be_selected`: it can be registered
    together with others, being not started or incomplete.
    """

    organization_id: UUID
    url: str
    record_url: str
    start_url: str
    delete_url: str
    was_deleted: bool
    name: str
    identifier: str
    role: RoleName
    status: ListStatus
    number: str
    missing: str
    note: str
    sampling: SamplingWords | None
    may_save: bool
    can_be_selected: bool


class Addresses:
    """Where the rows of a list lead."""

    def __init__(self, year: int, product: Product) -> None:
        key = "registration_id"
        self.register = addresses_of("register", key, product=product)
        self.record = addresses_of("summary_pdf", key, product=product)
        self.delete = addresses_of("delete_registration", key, product=product)
        self.start = addresses_of("start", "organization_id", year=year, product=product)


_addresses = cache(Addresses)


def figures_by_kind(
    user: User, offering: Offering, at: datetime
) -> dict[OrganizationKind, Figures]:
    """The figures of each kind that the person has, in the order of the tabs."""
    counts: dict[str, dict[str, int]] = {}
    registerable: Counter[str] = Counter()
    for kind, status, number, can in counted(user, offering, at):
        counts.setdefault(kind, {})[status] = number
        registerable[kind] += can
    return {
        kind: Figures(
            total=sum(counts[kind].values()),
            registerable=registerable[kind],
            not_started=counts[kind].get(ListStatus.NOT_STARTED, 0),
            incomplete=counts[kind].get(ListStatus.INCOMPLETE, 0),
            complete=counts[kind].get(ListStatus.COMPLETE, 0)
            + counts[kind].get(ListStatus.AUTOMATIC, 0),
        )
        for kind in TAB_ORDER
        if kind in counts
    }


TAB_ORDER = (OrganizationKind.APM_ENTITY, OrganizationKind.VIRTUAL_GROUP, OrganizationKind.GROUP)


def find_by_identifier(user: User, kind: OrganizationKind, text: str) -> UUID | None:
    """The person's own organization with exactly that identifier, or None."""
    try:
        identifier = normalize_identifier(kind, text)
    except ValueError:
        return None
    return (
        Organization.objects.filter(roles__user=user, kind=kind, identifier=identifier)
        .values_list("pk", flat=True)
        .first()
    )


def how_many(user: User, offering: Offering, at: datetime, wanted: Wanted) -> tuple[int, int]:
    """How many are wanted, and how many of them can be registered."""
    found = counted(user, offering, at, wanted)
    return sum(number for *_, number, _ in found), sum(can for *_, can in found)


def page_of_rows(
    user: User,
    offering: Offering,
    wanted: Wanted,
    *,
    number: str | int | None,
    total: int,
    received_at: datetime,
) -> tuple[Page[int], list[Row]]:
    """A page of the list and its rows. `number` out of range gives the nearest page; `total`: how
    many are wanted."""
    page = Paginator(range(total), PAGE_SIZE).get_page(number)
    addresses = _addresses(offering.year_id, Product(offering.product))
    found = rows(user, offering, wanted, first=page.start_index() - 1) if total else []
    return page, [_row(values, offering, received_at, addresses) for values in found]


def _row(
    found: dict[str, Any], offering: Offering, received_at: datetime, addresses: Addresses
) -> Row:
    closes_at = effective_close(offering.closes_at, found["extension__until"])
    status = found["enrollment__status"]
    kind, role = OrganizationKind(found["kind"]), RoleName(found["role"])
    situation = Situation(
        kind=kind,
        product=Product(offering.product),
        actor=ActorKind.OFFICIAL,
        role=role,
        window=window_state(received_at, opens_at=offering.opens_at, closes_at=closes_at),
        status=EnrollmentStatus(status) if status else None,
        approved=bool(found["participation__approved"]),
        shared_savings=found["shared_savings"],
    )
    listed = ListStatus(found["list_status"])
    started = listed in {ListStatus.INCOMPLETE, ListStatus.COMPLETE}
    was_deleted = status == EnrollmentStatus.CANCELLED
    has_record = was_deleted or listed == ListStatus.COMPLETE
    may_start = not started and refusal(Action.START, situation) is None
    may_save = refusal(Action.SAVE, situation) is None
    may_delete = started and refusal(Action.DELETE, situation) is None
    registration_id = found["registration__pk"]
    return Row(
        organization_id=found["pk"],
        url=addresses.register(registration_id) if started else "",
        record_url=addresses.record(registration_id) if has_record else "",
        start_url=addresses.start(found["pk"]) if may_start else "",
        delete_url=addresses.delete(registration_id) if may_delete else "",
        was_deleted=was_deleted,
        name=found["name"],
        identifier=f"{kind.identifier_label} {show_identifier(kind, found['identifier'])}",
        role=role,
        status=listed,
        number=str(found["registration_number__number"]) if started else "",
        missing=(
            what_is_missing(size=found["registration__size"], has_contact=found["has_contact"])
            if listed == ListStatus.INCOMPLETE
            else ""
        ),
        note=(
            _note(listed, offering)
            or _automatic_note(found, may_save=may_save)
            or extension_note(found["extension__until"], offering)
            or (STAFF_USER if role == RoleName.STAFF_USER and not started else "")
        ),
        sampling=_sampling(found, offering),
        may_save=started and may_save,
        can_be_selected=may_start or (may_save and listed == ListStatus.INCOMPLETE),
    )


def _note(listed: ListStatus, offering: Offering) -> str:
    """Why this organization, unlike others, can't be registered. The page tells of the window."""
    why = {
        ListStatus.AUTOMATIC: Refusal.REGISTERED_AUTOMATICALLY,
        ListStatus.NOT_POSSIBLE: Refusal.NOT_APPROVED,
    }.get(listed)
    if why is None:
        return ""
    return explain(
        why,
        product=Product(offering.product),
        year=offering.year_id,
        opens_at=offering.opens_at,
        closes_at=offering.closes_at,
    )


def _automatic_note(found: dict[str, Any], *, may_save: bool) -> str:
    """That nobody pressed anything for this registration, and what this person can still give."""
    if (found["enrollment__status"], found["enrollment__origin"]) != AUTOMATIC:
        return ""
    missing = what_is_missing(size=found["registration__size"], has_contact=found["has_contact"])
    return automatic_sentence(
        shared_savings=found["shared_savings"], missing=missing if may_save else ""
    )


def _sampling(found: dict[str, Any], offering: Offering) -> SamplingWords | None:
    """What came of the sample, in words."""
    if found["enrollment__status"] != EnrollmentStatus.COMPLETE or not found["outcome"]:
        return None
    return sampling_words(
        product=Product(offering.product),
        outcome=SamplingOutcome(found["outcome"]),
        with_web_interface=found["with_web_interface"],
        registered=found["web_interface"],
        aco=bool(found["participation__shared_savings_program"]),
    )


def extension_note(extended_until: datetime | None, offering: Offering) -> str:
    """Says so when this organization's window is longer than the others'."""
    if extended_until is None or extended_until <= offering.closes_at:
        return ""
    return f"Extended for this organization until {show_day_and_time(extended_until)}."
