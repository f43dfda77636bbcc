"""What the list of a person's organizations asks the database: which there are, how many, a page.

What a page asks is prepared: its SQL is made once for each way it can look.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
    Value,
)

from accounts.enums import RoleName
from accounts.models import User
from organizations.enums import OrganizationKind
from qpp_registration.prepared import Prepared
from registrations.enums import ListStatus, WindowState
from registrations.models import Contact, Offering
from registrations.policy import window_state
from registrations.querysets import (
    COMPLETE_CONTACT,
    LIST_RANK,
    organizations_in_year,
    organizations_with_status,
    sampling_facts,
    with_status,
)

PAGE_SIZE = 25
KEPT = 100  # statements that stay made: there are more only of pages far behind the first
BLANKS: "Mapping[str, Field[Any, Any]]" = {
    "user": UUIDField(),
    "year": IntegerField(),
    "offering": UUIDField(),
    "at": DateTimeField(),
    "kind": CharField(),
    "name": CharField(),
    "folded_name": CharField(),
    "organization_id": UUIDField(),
}
OF_A_ROW = (
    *("pk", "kind", "identifier", "name", "role", "shared_savings", "list_status", "has_contact"),
    *("participation__approved", "participation__shared_savings_program", "extension__until"),
    *("registration__pk", "registration__size", "registration_number__number"),
    *("enrollment__status", "enrollment__origin"),
    *("outcome", "with_web_interface", "web_interface"),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants to see: their organizations of one kind, and of these perhaps not all."""

    kind: OrganizationKind
    name: str = ""
    status: ListStatus | None = None
    organization_id: UUID | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether some may be left out."""
        return bool(self.name or self.status or self.organization_id)


def matching(user: User, offering: Offering, wanted: Wanted) -> QuerySet[Any]:
    """The person's organizations that are wanted; incomplete first, then by name."""
    found = narrowed(
        organizations_with_status(user, offering),
        wanted.kind,
        name=wanted.name,
        organization_id=wanted.organization_id,
    )
    return _in_order(_of_status(found, wanted.status))


def counted(
    user: User, offering: Offering, at: datetime, wanted: Wanted | None = None
) -> list[tuple[OrganizationKind, ListStatus, int, int]]:
    """How many of each kind and status there are, and how many of these can be registered.

    Of what is wanted, or of all.
    """
    window = window_state(at, opens_at=offering.opens_at, closes_at=offering.closes_at)
    asked = _counts(_way(offering, wanted), window)
    return asked.all(**_values(user, offering, wanted), at=at)


def rows(user: User, offering: Offering, wanted: Wanted, first: int) -> list[dict[str, Any]]:
    """What is known of those wanted, from that place on: a page of them, with OF_A_ROW of each."""
    return _page(_way(offering, wanted), first).all(**_values(user, offering, wanted))


def narrowed(
    found: QuerySet[Any],
    kind: OrganizationKind | Value,
    *,
    name: str | Value,
    organization_id: UUID | Value | None,
    folded_name: Value | None = None,
) -> QuerySet[Any]:
    """Those of that kind, with that key and that part of a name, if one is asked for.

    The name is the directory's or the registration's own.
    """
    found = found.filter(kind=kind)
    if organization_id:
        found = found.filter(pk=organization_id)
    if name:
        folded = name.casefold() if isinstance(name, str) else folded_name
        found = found.filter(
            Q(search_name__contains=folded) | Q(registration__name__icontains=name)
        )
    return found


def can_be_registered(offering: Offering, at: datetime) -> Q:
    """Which of those listed the person can register or complete at that moment.

    What `listing.Row.can_be_selected` says of each, in SQL; a test holds the two together.
    """
    return _registerable(
        window_state(at, opens_at=offering.opens_at, closes_at=offering.closes_at), at
    )


def _registerable(window: WindowState, at: datetime | Value) -> Q:
    can = Q(
        role=RoleName.SECURITY_OFFICIAL,
        list_status__in=[ListStatus.NOT_STARTED, ListStatus.INCOMPLETE],
    )
    match window:
        case WindowState.NOT_OPEN:
            return Q(pk__isnull=True)
        case WindowState.CLOSED:
            return can & Q(extension__until__gt=at)
        case _:
            return can


def _of_status(found: QuerySet[Any], status: ListStatus | None) -> QuerySet[Any]:
    if status == ListStatus.COMPLETE:
        return found.filter(list_status__in=[ListStatus.COMPLETE, ListStatus.AUTOMATIC])
    return found.filter(list_status=status) if status else found


def _in_order(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.annotate(rank=LIST_RANK).order_by("rank", "search_name", "pk")


# --- Prepared -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Way:
    """What decides how the SQL looks. Everything else is a value, and filled in."""

    registers_shared_savings: bool
    of_a_kind: bool
    status: ListStatus | None
    by_name: bool
    by_key: bool


def _way(offering: Offering, wanted: Wanted | None) -> Way:
    return Way(
        registers_shared_savings=offering.registers_shared_savings,
        of_a_kind=wanted is not None,
        status=wanted.status if wanted else None,
        by_name=bool(wanted and wanted.name),
        by_key=bool(wanted and wanted.organization_id),
    )


def _values(user: User, offering: Offering, wanted: Wanted | None) -> dict[str, Any]:
    values = {"user": user.pk, "year": offering.year_id, "offering": offering.pk}
    if wanted:
        values |= {
            "kind": wanted.kind,
            "name": wanted.name,
            "folded_name": wanted.name.casefold(),
            "organization_id": wanted.organization_id,
        }
    return values


def _found(way: Way, blanks: Mapping[str, Value]) -> QuerySet[Any]:
    found = with_status(
        organizations_in_year(blanks["user"], blanks["year"]),
        blanks["offering"],
        registers_shared_savings=way.registers_shared_savings,
    )
    if way.of_a_kind:
        found = narrowed(
            found,
            blanks["kind"],
            name=blanks["name"] if way.by_name else "",
            folded_name=blanks["folded_name"],
            organization_id=blanks["organization_id"] if way.by_key else None,
        )
    return _of_status(found, way.status)


@lru_cache(maxsize=KEPT)
def _counts(way: Way, window: WindowState) -> Prepared[Any]:
    def make(**blanks: Value) -> QuerySet[Any]:
        can = Count("pk", filter=_registerable(window, blanks["at"]))
        return (
            _found(way, blanks)
            .values_list("kind", "list_status")
            .annotate(number=Count("pk"), can=can)
            .order_by()
        )

    return Prepared(make, **BLANKS)


@lru_cache(maxsize=KEPT)
def _page(way: Way, first: int) -> Prepared[Any]:
    def make(**blanks: Value) -> QuerySet[Any]:
        contacts = Contact.objects.filter(
            COMPLETE_CONTACT, registration=OuterRef("registration__pk")
        )
        found = _in_order(_found(way, blanks)).annotate(
            has_contact=Exists(contacts), **sampling_facts(blanks["year"])
        )
        return found.values(*OF_A_ROW)[first : first + PAGE_SIZE]

    return Prepared(make, **BLANKS)
