"""Which organizations a person sees, and in which role."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, QuerySet, UUIDField

from accounts.enums import RoleName
from accounts.models import Role, User
from organizations.models import Organization
from qpp_registration.prepared import Prepared

_ROLES_HELD = Prepared(
    lambda user: (
        Role.objects.filter(user=user).values_list("name").annotate(number=Count("pk")).order_by()
    ),
    user=UUIDField(),
)


def organizations_visible_to(user: User) -> QuerySet[Organization]:
    """The organizations that the person has a role on."""
    return Organization.objects.filter(roles__user=user)


def organizations_to_act_for(user: User) -> QuerySet[Organization]:
    """The organizations that the person is Security Official of."""
    return Organization.objects.filter(roles__user=user, roles__name=RoleName.SECURITY_OFFICIAL)


def security_officials_of(organization_id: UUID) -> QuerySet[User]:
    """The active people who may act for the organization."""
    return User.objects.filter(
        is_active=True,
        roles__organization_id=organization_id,
        roles__name=RoleName.SECURITY_OFFICIAL,
    )


def security_officials_of_many(organization_ids: Collection[UUID]) -> dict[UUID, list[User]]:
    """The same for many organizations at once, longest in the role first; a missing one has []."""
    found: dict[UUID, list[User]] = defaultdict(list)
    roles = Role.objects.filter(
        organization__in=organization_ids, name=RoleName.SECURITY_OFFICIAL, user__is_active=True
    )
    for role in roles.select_related("user").order_by("granted_at", "pk"):
        found[role.organization_id].append(role.user)
    return found


def roles_held(user: User) -> dict[RoleName, int]:
    """Which roles the person holds, each on how many organizations."""
    return {RoleName(name): number for name, number in _ROLES_HELD.all(user=user.pk)}
