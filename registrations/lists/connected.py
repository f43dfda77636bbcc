"""Connected Organizations: which a person is connected to, and where each stands in a year (2022
guide, III.5).

It is the list of `lists.organizations` with other columns, for the current year however that
completes. A page takes two queries, whatever the number of organizations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery

from accounts.enums import RoleName
from accounts.models import Role, User
from organizations.enums import OrganizationKind
from organizations.models import Organization
from organizations.policy import show_identifier
from registrations.enums import Product
from registrations.lists.organizations import TAB_ORDER
from registrations.lists.overview_rows import REGISTERED
from registrations.lists.queries import PAGE_SIZE, narrowed
from registrations.policy.registration import ORGANIZATION_FIELDS
from registrations.querysets import organizations_in_year, organizations_with_statuses
from registrations.years.season import YearSeason

NO_YEAR = 0


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Whether an organization is registered for a product, as the year's box shows it."""

    product: Product
    is_registered: bool


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One organization that a person is connected to."""

    organization_id: UUID
    name: str
    identifier_label: str
    identifier: str
    address: str
    users: int
    officials: int
    role: RoleName
    standings: Sequence[Standing]
    registration_url: str

    @property
    def is_official(self) -> bool:
        """Whether the person may edit its registration."""
        return self.role == RoleName.SECURITY_OFFICIAL

    @property
    def is_only_official(self) -> bool:
        """Whether nobody but the person could act for it."""
        return self.is_official and self.officials == 1


def kinds_of(user: User) -> dict[OrganizationKind, int]:
    """How many organizations of each kind the person is connected to, in the order of the tabs."""
    counted = dict(
        Organization.objects.filter(roles__user=user)
        .values_list("kind")
        .annotate(number=Count("pk"))
        .order_by()
    )
    return {kind: counted[kind] for kind in TAB_ORDER if kind in counted}


def matching(
    user: User,
    year: YearSeason | None,
    kind: OrganizationKind,
    *,
    name: str = "",
    organization_id: UUID | None = None,
) -> QuerySet[Any]:
    """The person's organizations of that kind, filtered, by name; `year` is the current one."""
    found = (
        organizations_with_statuses(user, year.offerings)
        if year
        else organizations_in_year(user, NO_YEAR)
    )
    return narrowed(found, kind, name=name, organization_id=organization_id).order_by(
        "search_name", "pk"
    )


def page_of_connections(
    found: QuerySet[Any],
    year: YearSeason | None,
    *,
    number: str | int | None,
    total: int | None,
) -> tuple[Page[Any], list[Connection]]:
    """A page of connected organizations. `number` out of range gives the nearest page.

    `total`: how many were found, where that is known already; None to have it counted.
    """
    people = Role.objects.filter(organization=OuterRef("pk"), user__is_active=True)
    officials = people.filter(name=RoleName.SECURITY_OFFICIAL)
    values = found.annotate(users=_number(people), officials=_number(officials)).values(
        *("pk", "kind", "identifier", "name", "role", "users", "officials"),
        *ORGANIZATION_FIELDS[1:],
        *("registration__pk", *(f"registration__{name}" for name in ORGANIZATION_FIELDS)),
        *(f"list_status_{found.product}" for found in (year.offerings if year else ())),
    )
    paginator = Paginator(values, PAGE_SIZE)
    if total is not None:
        paginator.count = total
    page = paginator.get_page(number)
    return page, [_connection(row, year) for row in page.object_list]


def _number(roles: QuerySet[Role]) -> Subquery:
    counted = roles.order_by().values("organization").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))


def _connection(values: dict[str, Any], year: YearSeason | None) -> Connection:
    kind = OrganizationKind(values["kind"])
    begun = "registration__" if values["registration__pk"] else ""
    address = [values[f"{begun}{name}"] for name in ("address1", "address2", "city")]
    place = " ".join(filter(None, (values[f"{begun}state"], values[f"{begun}zip_code"])))
    return Connection(
        organization_id=values["pk"],
        name=values[f"{begun}name"],
        identifier_label=kind.identifier_label,
        identifier=show_identifier(kind, values["identifier"]),
        address=", ".join(filter(None, (*address, place))),
        users=values["users"] or 0,
        officials=values["officials"] or 0,
        role=RoleName(values["role"]),
        standings=[
            Standing(
                product=Product(found.product),
                is_registered=values[f"list_status_{found.product}"] in REGISTERED,
            )
            for found in (year.offerings if year else ())
        ],
        registration_url=year.place_of(kind, values["pk"]) if year else "",
    )
