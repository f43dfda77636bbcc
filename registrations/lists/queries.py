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
from registrations.policy.registration import window_state
from registrations.querysets import (
    COMPLETE_CONTACT,
    LIST_RANK,
    OfferingFacts,
    organizations_with_status,
    sampling_facts,
)

PAGE_SIZE = 25
KEPT = 100  # statements that stay made: there are more only of pages far behind the first
BLANKS: "Mapping[str, Field[Any, Any]]" = {
    "user": UUIDField(),
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
    """What somebody wants to see: their organizations of one kind, and of these perhaps not all.

    `status`: one of those that the list can be filtered by.
    """

    kind: OrganizationKind
    name: str = ""
    status: str = ""
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
    asked = _counts(Way.of(offering, wanted), window)
    return asked.all(user=user.pk, at=at, **(blanks_of(wanted) if wanted else {}))


def rows(user: User, offering: Offering, wanted: Wanted, first: int) -> list[dict[str, Any]]:
    """What is known of those wanted, from that place on: a page of them, with OF_A_ROW of each."""
    asked = _page(Way.of(offering, wanted), first)
    return asked.all(user=user.pk, **blanks_of(wanted))


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

    What `organizations.Row.can_be_selected` says of each, in SQL; a test holds the two together.
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


def _of_status(found: QuerySet[Any], status: str) -> QuerySet[Any]:
    if status == ListStatus.COMPLETE:
        return found.filter(list_status__in=[ListStatus.COMPLETE, ListStatus.AUTOMATIC])
    return found.filter(list_status=status) if status else found


def _in_order(found: QuerySet[Any]) -> QuerySet[Any]:
    return found.annotate(rank=LIST_RANK).order_by("rank", "search_name", "pk")


# --- Prepared -------------------------------------------------------------------------------------


def blanks_of(wanted: Wanted) -> dict[str, Any]:
    """What is filled in for somebody who wants this; see BLANKS."""
    return {
        "kind": wanted.kind,
        "name": wanted.name,
        "folded_name": wanted.name.casefold(),
        "organization_id": wanted.organization_id,
    }


@dataclass(frozen=True, kw_only=True)
class Way:
    """What decides how the SQL looks. Everything else is filled in."""

    offering: OfferingFacts
    of_a_kind: bool
    status: str
    by_name: bool
    by_key: bool

    @classmethod
    def of(cls, offering: Offering, wanted: Wanted | None) -> "Way":
        """The way to what is wanted, or to all."""
        return cls(
            offering=OfferingFacts.of(offering),
            of_a_kind=wanted is not None,
            status=wanted.status if wanted else "",
            by_name=bool(wanted and wanted.name),
            by_key=bool(wanted and wanted.organization_id),
        )

    def found(self, blanks: Mapping[str, Value]) -> QuerySet[Any]:
        """The organizations."""
        found = organizations_with_status(blanks["user"], self.offering)
        if self.of_a_kind:
            found = narrowed(
                found,
                blanks["kind"],
                name=blanks["name"] if self.by_name else "",
                folded_name=blanks["folded_name"],
                organization_id=blanks["organization_id"] if self.by_key else None,
            )
        return _of_status(found, self.status)


@lru_cache(maxsize=KEPT)
def _counts(way: Way, window: WindowState) -> Prepared[Any]:
    def make(**blanks: Value) -> QuerySet[Any]:
        can = Count("pk", filter=_registerable(window, blanks["at"]))
        counted = way.found(blanks).values_list("kind", "list_status")
        return counted.annotate(number=Count("pk"), can=can).order_by()

    return Prepared(make, at=DateTimeField(), **BLANKS)


@lru_cache(maxsize=KEPT)
def _page(way: Way, first: int) -> Prepared[Any]:
    def make(**blanks: Value) -> QuerySet[Any]:
        complete = Contact.objects.filter(
            COMPLETE_CONTACT, registration=OuterRef("registration__pk")
        )
        found = _in_order(way.found(blanks)).annotate(
            has_contact=Exists(complete), **sampling_facts(way.offering)
        )
        return found.values(*OF_A_ROW)[first : first + PAGE_SIZE]

    return Prepared(make, **BLANKS)
