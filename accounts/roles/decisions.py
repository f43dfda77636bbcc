"""Deciding role requests: approve, deny, find the organization that was meant, expire, chase."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.actors import Actor
from accounts.enums import ActorKind, AuditAction, RoleName, RoleRequestStatus
from accounts.models import Role, RoleRequest
from accounts.policy.roles import (
    DECIDE_WITHIN,
    REQUEST_LIFE,
    Undecidable,
    staff_may_decide_at,
    why_not_approved,
    why_not_decided,
)
from accounts.roles.access import security_officials_of
from accounts.roles.granting import grant_role
from accounts.roles.notices import as_told, tell_deciders, tell_it_ended, tell_person
from accounts.roles.requests import end, lock_request, record, refuse_unless_pending
from accounts.words import about_roles, role_mail
from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration.addresses import whole_address
from qpp_registration.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a run of `expire_role_requests` did, and what it left: `unmatched` is the staff's."""

    expired: int
    chased: int
    pending: int
    unmatched: int


def approve_request(*, request_id: UUID, actor: Actor, received_at: datetime) -> RoleRequest:
    """Grant the role that was asked for; approving again changes nothing.

    Tells the person and the organization's other Security Officials. Raises
    RoleRequest.DoesNotExist where it isn't the actor's to decide, and Refused saying why it can't
    be approved.
    """
    with transaction.atomic():
        request = _locked_for(request_id, actor)
        if request.status == RoleRequestStatus.APPROVED:
            return request
        why = why_not(request, actor, received_at, approves=True)
        _refuse(request, why)
        if request.organization is None:
            raise Refused(about_roles.explain(Undecidable.UNMATCHED, waits_since=received_at))
        end(request, RoleRequestStatus.APPROVED, actor=actor, at=received_at, reason=actor.reason)
        record(AuditAction.ROLE_REQUEST_APPROVED, request, actor=actor)
        grant_role(
            user=request.user,
            organization=request.organization,
            name=RoleName(request.role),
            actor=actor,
            received_at=received_at,
        )
        letter = role_mail.approved(
            request=as_told(request),
            organization=request.organization.name,
            by=actor.shown_name,
            site=whole_address("manage_access"),
        )
        tell_person(request, letter, step="approved", at=received_at)
        tell_it_ended(
            request,
            f"was approved by {actor.shown_name}",
            at=received_at,
            but=actor.user,
            always=True,
        )
    return request


def deny_request(
    *, request_id: UUID, reason: str, actor: Actor, received_at: datetime
) -> RoleRequest:
    """Refuse what was asked for, with the reason that the person reads; once more changes nothing.

    Raises what `approve_request` raises.
    """
    with transaction.atomic():
        request = _locked_for(request_id, actor)
        if request.status == RoleRequestStatus.DENIED:
            return request
        _refuse(request, why_not(request, actor, received_at))
        end(request, RoleRequestStatus.DENIED, actor=actor, at=received_at, reason=reason)
        record(AuditAction.ROLE_REQUEST_DENIED, request, actor=actor)
        letter = role_mail.denied(
            request=as_told(request, link=whole_address("connect")),
            by=actor.shown_name,
            reason=reason,
        )
        tell_person(request, letter, step="denied", at=received_at)
        tell_it_ended(request, f"was denied by {actor.shown_name}", at=received_at, but=actor.user)
    return request


def match_request(
    *,
    request_id: UUID,
    kind: OrganizationKind,
    identifier: str,
    actor: Actor,
    received_at: datetime,
) -> RoleRequest:
    """Set which organization was meant by an identifier that nobody has. For CMS staff.

    Its Security Officials have three business days from now on. Raises Refused.
    """
    with transaction.atomic():
        organization = Organization.objects.filter(kind=kind, identifier=identifier).first()
        if organization is None:
            raise Refused(f"There is no {kind.label} with this {kind.identifier_label}.")
        request = lock_request(request_id)
        if request.organization_id == organization.pk:
            return request
        if actor.user is not None and request.user_id == actor.user.pk:
            _refuse(request, Undecidable.OWN)
        refuse_unless_pending(request)
        if request.organization_id is not None:
            raise Refused("This request belongs to an organization already.")
        pending = RoleRequest.objects.filter(
            user=request.user, organization=organization, status=RoleRequestStatus.PENDING
        )
        if pending.exists():
            raise Refused("The person has another pending request there. Deny this one.")
        request.organization, request.matched_at = organization, received_at
        request.save(update_fields=["organization", "matched_at"])
        record(AuditAction.ROLE_REQUEST_MATCHED, request, actor=actor)
    return request


def why_not(
    request: RoleRequest, actor: Actor, at: datetime, *, approves: bool = False
) -> Undecidable | None:
    """Why the actor can't decide the request as it stands; pages and services ask alike."""
    officials = (
        set(security_officials_of(request.organization_id).values_list("pk", flat=True))
        if request.organization_id
        else set()
    )
    me = actor.user.pk if actor.user else None
    why = why_not_decided(
        kind=actor.kind,
        is_official=me in officials,
        is_own=request.user_id == me,
        status=RoleRequestStatus(request.status),
        is_matched=request.organization_id is not None,
        officials=len(officials - {request.user_id}),
        asked_at=request.asked_at,
        waits_since=request.waits_since,
        received_at=at,
    )
    if why is None and approves:
        held = Role.objects.filter(user=request.user_id, organization=request.organization_id)
        name = held.values_list("name", flat=True).first()
        why = why_not_approved(
            is_active=request.user.is_active,
            is_matched=request.organization_id is not None,
            held=RoleName(name) if name else None,
            asked=RoleName(request.role),
        )
    return why


def expire_and_chase(
    *,
    actor: Actor,
    received_at: datetime,
    on_request: Callable[[int], object] = lambda _count: None,
) -> Swept:
    """End what nobody decided in 30 days, and remind of what waits for three business days.

    Each request in a transaction of its own, once: repeated and parallel runs do nothing twice.
    `on_request` hears of each one that was looked at.
    """
    pending = RoleRequest.objects.filter(status=RoleRequestStatus.PENDING).order_by("asked_at")
    expired = chased = 0
    old = pending.filter(asked_at__lte=received_at - REQUEST_LIFE)
    for key in old.values_list("pk", flat=True).iterator():
        expired += _expire(key, actor, received_at)
        on_request(1)
    waiting = pending.filter(
        chased_at=None, asked_at__lte=received_at - timedelta(days=DECIDE_WITHIN)
    )
    for key in waiting.values_list("pk", flat=True).iterator():
        chased += _chase(key, received_at)
        on_request(1)
    return Swept(
        expired=expired,
        chased=chased,
        pending=pending.count(),
        unmatched=pending.filter(organization=None).count(),
    )


def _locked_for(request_id: UUID, actor: Actor) -> RoleRequest:
    """Lock the organization and then the request, as far as the actor may see it."""
    found = RoleRequest.objects.get(pk=request_id)
    if found.organization_id:
        Organization.objects.select_for_update(of=("self",), no_key=True).get(
            pk=found.organization_id
        )
    request = lock_request(request_id)
    if request.organization_id != found.organization_id:  # found by CMS staff just now
        raise Refused("This request has just changed. Look at it again.")
    if actor.kind == ActorKind.STAFF:
        return request
    if actor.user is None or request.organization_id is None or request.user_id == actor.user.pk:
        raise RoleRequest.DoesNotExist
    if not security_officials_of(request.organization_id).filter(pk=actor.user.pk).exists():
        raise RoleRequest.DoesNotExist
    return request


def _refuse(request: RoleRequest, why: Undecidable | None) -> None:
    if why == Undecidable.DECIDED:
        refuse_unless_pending(request)
    if why:
        raise Refused(about_roles.explain(why, waits_since=request.waits_since))


def _expire(key: UUID, actor: Actor, at: datetime) -> bool:
    with transaction.atomic():
        request = lock_request(key)
        if request.status != RoleRequestStatus.PENDING:
            return False
        end(request, RoleRequestStatus.EXPIRED, actor=actor, at=at)
        record(AuditAction.ROLE_REQUEST_EXPIRED, request, actor=actor)
        letter = role_mail.expired(as_told(request, link=whole_address("connect")))
        tell_person(request, letter, step="expired", at=at)
        tell_it_ended(request, "has expired", at=at)
    return True


def _chase(key: UUID, at: datetime) -> bool:
    with transaction.atomic():
        request = lock_request(key)
        is_due = staff_may_decide_at(request.waits_since) <= at
        if request.status != RoleRequestStatus.PENDING or request.chased_at or not is_due:
            return False
        request.chased_at = at
        request.save(update_fields=["chased_at"])
        tell_deciders(request, at=at, reminds=True)
        tell_person(request, role_mail.waits_longer(as_told(request)), step="waits", at=at)
    return True
