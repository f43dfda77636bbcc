"""The Registration Overview of an explicit year: figures, tabs, one page of rows (2022 guide, IV).

It is the list of `lists.organizations` with other columns: each organization against all
offerings of a year. A page takes three queries, whatever the number of organizations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, UUIDField, Value

from accounts.models import User
from organizations.enums import OrganizationKind
from qpp_registration.prepared import Prepared
from registrations.enums import Product
from registrations.lists.organizations import TAB_ORDER
from registrations.lists.overview_rows import OF_AN_OFFERING, REGISTERED, Reading, Row
from registrations.lists.queries import BLANKS, KEPT, PAGE_SIZE, Wanted, blanks_of, narrowed
from registrations.models import Contact, Offering
from registrations.policy.registration import ORGANIZATION_FIELDS
from registrations.querysets import OfferingFacts, organizations_with_statuses

NOT_REGISTERED = "not_registered"  # the filter that isn't a product
OF_A_ROW = (
    *("pk", "kind", "identifier", "name", "role", *ORGANIZATION_FIELDS[1:]),
    *("participation__approved", "participation__size"),
    *("participation__shared_savings_program", "registration_number__number"),
    *("registration__pk", "registration__size", "registration__confirmed_at"),
    *(f"registration__{name}" for name in ORGANIZATION_FIELDS),
)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many organizations of one kind there are, are registered for what, and for nothing."""

    total: int
    registered: Mapping[Product, int]
    not_registered: int


def registered_for(product: str) -> Q:
    """The organizations that are registered for the product, automatic ones among them."""
    return Q(**{f"list_status_{product}__in": REGISTERED})


def _registered_for_none(offerings: Sequence[Offering | OfferingFacts]) -> Q:
    found = Q()
    for offering in offerings:
        found &= ~registered_for(offering.product)
    return found


def figures_by_kind(user: User, offerings: Sequence[Offering]) -> dict[OrganizationKind, Figures]:
    """The figures of each kind that the person has, in the order of the tabs."""
    grouped = _counts(tuple(map(OfferingFacts.of, offerings))).all(user=user.pk)
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


def matching(user: User, offerings: Sequence[Offering], wanted: Wanted) -> QuerySet[Any]:
    """The person's organizations that are wanted, by name: none moves when it registers."""
    found = narrowed(
        organizations_with_statuses(user, offerings),
        wanted.kind,
        name=wanted.name,
        organization_id=wanted.organization_id,
    )
    return _of_status(found, offerings, wanted.status).order_by("search_name", "pk")


def _of_status(
    found: QuerySet[Any], offerings: Sequence[Offering | OfferingFacts], status: str
) -> QuerySet[Any]:
    if status == NOT_REGISTERED:
        return found.filter(_registered_for_none(offerings))
    return found.filter(registered_for(status)) if status else found


def place_of(found: QuerySet[Any], organization_id: UUID) -> int:
    """How many come before the organization on the list; 0 for one that isn't there."""
    named = found.filter(pk=organization_id).values_list("search_name", flat=True).first()
    if named is None:
        return 0
    before = Q(search_name__lt=named) | Q(search_name=named, pk__lt=organization_id)
    return found.filter(before).count()


def page_of_rows(
    user: User,
    offerings: Sequence[Offering],
    wanted: Wanted,
    *,
    number: str | int | None,
    total: int,
    received_at: datetime,
) -> tuple[Page[int], list[Row]]:
    """A page of the overview and its rows, with their contacts, in two queries. `number` and
    `total` as `organizations.page_of_rows` has them."""
    page = Paginator(range(total), PAGE_SIZE).get_page(number)
    first = page.start_index() - 1 if total else 0
    asked = _page(Way.of(offerings, wanted), first)
    found = asked.all(user=user.pk, **blanks_of(wanted))
    contacts: dict[UUID, list[Contact]] = {}
    registrations = [row["registration__pk"] for row in found if row["registration__pk"]]
    if registrations:
        of_page = Contact.objects.filter(registration__in=registrations).order_by("position")
        for contact in of_page:
            contacts.setdefault(contact.registration_id, []).append(contact)
    rows = [
        Reading(row, offerings, received_at).row(contacts.get(row["registration__pk"], []))
        for row in found
    ]
    return page, rows


# --- Prepared -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Way:
    """What decides how the SQL of a page looks. Everything else is filled in."""

    offerings: tuple[OfferingFacts, ...]
    status: str
    by_name: bool
    by_key: bool

    @classmethod
    def of(cls, offerings: Sequence[Offering], wanted: Wanted) -> "Way":
        """The way to what is wanted."""
        return cls(
            offerings=tuple(map(OfferingFacts.of, offerings)),
            status=wanted.status,
            by_name=bool(wanted.name),
            by_key=bool(wanted.organization_id),
        )


@lru_cache(maxsize=KEPT)
def _counts(offerings: tuple[OfferingFacts, ...]) -> Prepared[Any]:
    def make(user: Value) -> QuerySet[Any]:
        registered = {
            found.product: Count("pk", filter=registered_for(found.product)) for found in offerings
        }
        none = Count("pk", filter=_registered_for_none(offerings))
        by_kind = organizations_with_statuses(user, offerings).values("kind")
        return by_kind.annotate(total=Count("pk"), none=none, **registered).order_by()

    return Prepared(make, user=UUIDField())


@lru_cache(maxsize=KEPT)
def _page(way: Way, first: int) -> Prepared[Any]:
    def make(**blanks: Value) -> QuerySet[Any]:
        found = narrowed(
            organizations_with_statuses(blanks["user"], way.offerings),
            blanks["kind"],
            name=blanks["name"] if way.by_name else "",
            folded_name=blanks["folded_name"],
            organization_id=blanks["organization_id"] if way.by_key else None,
        )
        listed = _of_status(found, way.offerings, way.status).order_by("search_name", "pk")
        of_row = (name.format(found.product) for found in way.offerings for name in OF_AN_OFFERING)
        return listed.values(*OF_A_ROW, *of_row)[first : first + PAGE_SIZE]

    return Prepared(make, **BLANKS)
