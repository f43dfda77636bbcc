"""The Registration Overview of an explicit year: figures, tabs, one page of rows (2022 guide, IV).

It is the list of `listing` with other columns: each organization against all offerings of a year.
A page takes three queries, whatever the number of organizations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from organizations.enums import OrganizationKind
from registrations.enums import Product
from registrations.listed import narrowed
from registrations.listing import TAB_ORDER, page_of
from registrations.models import Contact, Offering
from registrations.overview_rows import OF_AN_OFFERING, REGISTERED, Reading, Row
from registrations.policy import ORGANIZATION_FIELDS
from registrations.querysets import organizations_with_statuses

NOT_REGISTERED = "not_registered"  # the filter that isn't a product


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many organizations of one kind there are, are registered for what, and for nothing."""

    total: int
    registered: Mapping[Product, int]
    not_registered: int


def registered_for(product: str) -> Q:
    """The organizations that are registered for the product, automatic ones among them."""
    return Q(**{f"list_status_{product}__in": REGISTERED})


def _registered_for_none(offerings: Sequence[Offering]) -> Q:
    found = Q()
    for offering in offerings:
        found &= ~registered_for(offering.product)
    return found


def figures_by_kind(user: User, offerings: Sequence[Offering]) -> dict[OrganizationKind, Figures]:
    """The figures of each kind that the person has, in the order of the tabs."""
    grouped = (
        organizations_with_statuses(user, offerings)
        .values("kind")
        .annotate(
            total=Count("pk"),
            none=Count("pk", filter=_registered_for_none(offerings)),
            **{
                found.product: Count("pk", filter=registered_for(found.product))
                for found in offerings
            },
        )
        .order_by()
    )
    counted = {group["kind"]: group for group in grouped}
    return {
        kind: Figures(
            total=counted[kind]["total"],
            registered={
                Product(found.product): counted[kind][found.product] for found in offerings
            },
            not_registered=counted[kind]["none"],
        )
        for kind in TAB_ORDER
        if kind in counted
    }


def matching(
    user: User,
    offerings: Sequence[Offering],
    kind: OrganizationKind,
    *,
    name: str = "",
    status: str = "",
    organization_id: UUID | None = None,
) -> QuerySet[Any]:
    """The person's organizations of that kind, filtered, by name: none moves when it registers."""
    found = narrowed(
        organizations_with_statuses(user, offerings),
        kind,
        name=name,
        organization_id=organization_id,
    )
    if status == NOT_REGISTERED:
        found = found.filter(_registered_for_none(offerings))
    elif status:
        found = found.filter(registered_for(status))
    return found.order_by("search_name", "pk")


def place_of(found: QuerySet[Any], organization_id: UUID) -> int:
    """How many come before the organization on the list; 0 for one that isn't there."""
    named = found.filter(pk=organization_id).values_list("search_name", flat=True).first()
    if named is None:
        return 0
    before = Q(search_name__lt=named) | Q(search_name=named, pk__lt=organization_id)
    return found.filter(before).count()


def page_of_rows(
    found: QuerySet[Any],
    offerings: Sequence[Offering],
    *,
    number: str | int | None,
    total: int | None,
    received_at: datetime,
) -> tuple[Page[Any], list[Row]]:
    """A page of the overview and its rows, with their contacts, in two queries."""
    values = found.values(
        *("pk", "kind", "identifier", "name", "role", *ORGANIZATION_FIELDS[1:]),
        *("participation__approved", "participation__size"),
        *("participation__shared_savings_program", "registration_number__number"),
        *("registration__pk", "registration__size"),
        "registration__confirmed_at",
        *(f"registration__{name}" for name in ORGANIZATION_FIELDS),
        *(name.format(found.product) for found in offerings for name in OF_AN_OFFERING),
    )
    page = page_of(values, number=number, total=total)
    listed = list(page.object_list)
    contacts: dict[UUID, list[Contact]] = {}
    registrations = [row["registration__pk"] for row in listed if row["registration__pk"]]
    if registrations:
        of_page = Contact.objects.filter(registration__in=registrations).order_by("position")
        for contact in of_page:
            contacts.setdefault(contact.registration_id, []).append(contact)
    rows = [
        Reading(row, offerings, received_at).row(contacts.get(row["registration__pk"], []))
        for row in listed
    ]
    return page, rows
