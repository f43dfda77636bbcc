"""How a person's account stands, for CMS staff: what blocks it, roles, requests, devices, mails.

A bounded number of rows of each, in as many queries however many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, When

from accounts.enums import RoleName, RoleRequestStatus
from accounts.guards import lock_out
from accounts.models import Message, Role, RoleRequest, User
from accounts.models.messages import LOST
from accounts.policy.account import pauses_at
from accounts.policy.blocks import PersonFacts, what_blocks_person
from accounts.roles.access import roles_held, security_officials_of_many
from accounts.sessions.live import live_sessions
from accounts.verification.devices import Listed, list_devices
from accounts.words.about_blocks import Told, Waiting, tell_person

MOST_ROLES, MOST_REQUESTS, MOST_MAILS = 20, 10, 5
PENDING_FIRST = Case(When(status=RoleRequestStatus.PENDING, then=0), default=1)


@dataclass(frozen=True, kw_only=True)
class PersonState:
    """An account as CMS staff see it. `number_of_roles`: also those not among `roles`."""

    told: Sequence[Told]
    used_at: datetime
    pauses_at: datetime
    devices: Sequence[Listed]
    roles: Sequence[Role]
    number_of_roles: int
    requests: Sequence[RoleRequest]
    sessions: int
    lost: Sequence[Message]


def state_of_person(user: User, *, received_at: datetime) -> PersonState:
    """How the account stands at that moment."""
    devices = list_devices(user)
    held = roles_held(user)
    requests = list(
        RoleRequest.objects.filter(user=user)
        .select_related("organization")
        .order_by(PENDING_FIRST, "-asked_at")[:MOST_REQUESTS]
    )
    waiting = _waiting(user, requests)
    facts = PersonFacts(
        is_active=user.is_active,
        has_password=user.has_usable_password(),
        last_used_at=user.last_used_at,
        lock=lock_out.lock_of(user=user, received_at=received_at),
        devices=len(devices),
        usable=sum(not device.disabled for device in devices),
        codes_locked_until=user.codes_locked_until,
        official_of=held.get(RoleName.SECURITY_OFFICIAL, 0),
        staff_user_of=held.get(RoleName.STAFF_USER, 0),
        pending=len(waiting),
        is_staff=user.is_staff,
    )
    return PersonState(
        told=tell_person(what_blocks_person(facts, at=received_at), facts, waiting),
        used_at=user.last_used_at,
        pauses_at=pauses_at(user.last_used_at),
        devices=devices,
        roles=list(
            Role.objects.filter(user=user)
            .select_related("organization")
            .order_by("name", "granted_at", "pk")[:MOST_ROLES]
        ),
        number_of_roles=sum(held.values()),
        requests=requests,
        sessions=live_sessions(user, received_at=received_at).count(),
        lost=list(
            Message.objects.filter(to=user.email, status__in=LOST).order_by("-created_at")[
                :MOST_MAILS
            ]
        ),
    )


def waiting_of(request: RoleRequest, *, deciders: int) -> Waiting:
    """A pending request as plain values."""
    return Waiting(
        role=request.get_role_display(),
        organization=request.organization.name if request.organization else "",
        asked_at=request.asked_at,
        waits_since=request.waits_since,
        deciders=deciders,
    )


def _waiting(user: User, requests: Sequence[RoleRequest]) -> list[Waiting]:
    pending = [one for one in requests if one.status == RoleRequestStatus.PENDING]
    officials = security_officials_of_many(
        [one.organization_id for one in pending if one.organization_id]
    )
    return [
        waiting_of(
            one,
            deciders=sum(
                official.pk != user.pk
                for official in (officials[one.organization_id] if one.organization_id else ())
            ),
        )
        for one in pending
    ]
