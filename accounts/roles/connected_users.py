"""Who is connected to an organization, as the people there see it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import F

from accounts.enums import RoleName
from accounts.models import Role, User
from accounts.roles.access import security_officials_of
from organizations.models import Organization
from qpp_registration.clock import Moment, moment

PAGE = 50
MOST_HEIRS = 100


@dataclass(frozen=True, kw_only=True)
class ConnectedUser:
    """Somebody with a role on an organization. `signed_in` is None for who never did.

    `is_disabled`: CMS disabled the account; the role does nothing meanwhile.
    """

    role_id: UUID
    name: str
    role: RoleName
    since: Moment
    signed_in: Moment | None
    is_disabled: bool
    is_me: bool


@dataclass(frozen=True, kw_only=True)
class Connections:
    """The organization as the viewer is connected to it. `officials`: how many can act for it."""

    organization: Organization
    role: Role
    officials: int

    @property
    def is_official(self) -> bool:
        """Whether the viewer decides who is connected."""
        return self.role.name == RoleName.SECURITY_OFFICIAL

    @property
    def is_only_official(self) -> bool:
        """Whether nobody else could act for the organization."""
        return self.is_official and self.officials == 1


def connections_of(organization_id: UUID, viewer: User) -> Connections:
    """Raises Organization.DoesNotExist where the viewer has no role."""
    role = (
        Role.objects.select_related("organization")
        .filter(user=viewer, organization=organization_id)
        .first()
    )
    if role is None:
        raise Organization.DoesNotExist
    officials = security_officials_of(organization_id).count()
    return Connections(organization=role.organization, role=role, officials=officials)


def people_to_hand_over_to(role: Role) -> list[tuple[str, str]]:
    """The other active people of the organization by the keys of their roles, for a choice."""
    others = (
        Role.objects.filter(organization=role.organization_id, user__is_active=True)
        .exclude(pk=role.pk)
        .select_related("user")
        .order_by("name", "user__last_name", "user__first_name", "pk")
    )
    return [
        (str(other.pk), f"{other.user.full_name}, {other.get_name_display()}")
        for other in others[:MOST_HEIRS]
    ]


def connected_users(
    organization_id: UUID, viewer: User, *, number: str | None
) -> tuple[Page[Any], list[ConnectedUser]]:
    """A page of the people with a role there, Security Officials first, by name.

    No e-mail and no user ID: colleagues needn't know them, and the page lists strangers as well.
    Nor the stand-in of whoever views the organization (see `accounts.support.view_as`).
    """
    roles = (
        Role.objects.filter(organization=organization_id)
        .exclude(user=viewer, user__is_active=False)
        .annotate(
            active=F("user__is_active"),
            first=F("user__first_name"),
            last=F("user__last_name"),
            signed_in=F("user__last_login"),
        )
        .order_by("name", "last", "first", "pk")
    )
    page = Paginator(roles, PAGE).get_page(number)
    return page, [
        ConnectedUser(
            role_id=role.pk,
            name=f"{role.first} {role.last}",
            role=RoleName(role.name),
            since=moment(role.granted_at),
            signed_in=moment(role.signed_in) if role.signed_in else None,
            is_disabled=not role.active,
            is_me=role.user_id == viewer.pk,
        )
        for role in page.object_list
    ]
