"""Role requests as pages list them: one's own, and those that one may decide."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.enums import RoleName, RoleRequestStatus
from accounts.models import RoleRequest, User
from accounts.policy.roles import REQUEST_LIFE, SHOWN_AFTERWARDS

CAME_TO_NOTHING = (RoleRequestStatus.DENIED, RoleRequestStatus.EXPIRED)


def own_requests(user: User, at: datetime) -> QuerySet[RoleRequest]:
    """What the person asked for: pending, and what came to nothing in the last 30 days.

    An approved one is an organization on the list; a withdrawn one is forgotten.
    """
    return RoleRequest.objects.filter(
        Q(status=RoleRequestStatus.PENDING)
        | Q(status__in=CAME_TO_NOTHING, decided_at__gt=at - SHOWN_AFTERWARDS),
        user=user,
    ).order_by("-asked_at", "pk")


def to_decide(user: User, at: datetime) -> QuerySet[RoleRequest]:
    """What the person may decide as Security Official, the one that waits longest first."""
    return (
        RoleRequest.objects.filter(
            status=RoleRequestStatus.PENDING,
            asked_at__gt=at - REQUEST_LIFE,
            organization__roles__user=user,
            organization__roles__name=RoleName.SECURITY_OFFICIAL,
        )
        .exclude(user=user)
        .select_related("user", "organization")
        .order_by("asked_at", "pk")
    )


def to_decide_of(user: User, at: datetime, organization_id: UUID) -> QuerySet[RoleRequest]:
    """The same of one organization."""
    return to_decide(user, at).filter(organization=organization_id)
