"""Which organizations a person sees, and in which role."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.enums import RoleName
from accounts.models import Role, User
from organizations.models import Organization


def organizations_visible_to(user: User) -> QuerySet[Organization]:
    """The organizations that the person has a role on."""
    return Organization.objects.filter(roles__user=user)


def role_of(user: User, organization_id: UUID) -> RoleName | None:
    """The person's role on the organization, read from the database each time."""
    name = (
        Role.objects.filter(user=user, organization_id=organization_id)
        .values_list("name", flat=True)
        .first()
    )
    return RoleName(name) if name else None


def security_officials_of(organization_id: UUID) -> QuerySet[User]:
    """The active people who may act for the organization."""
    return User.objects.filter(
        is_active=True,
        roles__organization_id=organization_id,
        roles__name=RoleName.SECURITY_OFFICIAL,
    )


def roles_held(user: User) -> set[RoleName]:
    """Which roles the person holds on any organization."""
    names = Role.objects.filter(user=user).values_list("name", flat=True).distinct()
    return {RoleName(name) for name in names}
