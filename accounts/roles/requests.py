"""Asking for a role on an organization, and taking it back (2023 guide, II: Obtain Access).

Nothing here answers differently, or does more, where the organization exists: whoever asks mustn't
learn which identifiers there are. So nobody is told before the sender's next look.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction, RoleName, RoleRequestStatus
from accounts.models import OfficialsQuestion, Role, RoleRequest, User
from accounts.policy.roles import QUESTIONS_ALLOWED, REQUESTS_ALLOWED, Limit, possible_at
from accounts.roles.notices import as_told, tell_it_ended, tell_person
from accounts.words import about_roles, role_mail
from organizations.enums import OrganizationKind
from organizations.models import Organization
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a person asks for. `identifier` as stored, `work_phone` ten digits."""

    kind: OrganizationKind
    identifier: str
    role: RoleName
    job_title: str
    work_phone: str
    note: str = ""


def ask_for_role(*, wanted: Wanted, actor: Actor, received_at: datetime) -> RoleRequest:
    """Store the request and tell the person; asking again for what is pending gives that request.

    Raises Refused when the person has the role, another request is pending there, or the limit of
    tries is reached.
    """
    with transaction.atomic():
        user = _lock(actor)
        pending = _pending(user, wanted)
        if pending:
            if pending.role == wanted.role:
                return pending
            label = pending.get_role_display()
            raise Refused(about_roles.PENDING_ALREADY.format(label))
        _refuse_what_they_have(user, wanted)
        asked = RoleRequest.objects.filter(
            user=user, asked_at__gt=received_at - REQUESTS_ALLOWED[1]
        )
        _refuse_too_many(
            list(asked.values_list("asked_at", flat=True)),
            REQUESTS_ALLOWED,
            about_roles.TOO_MANY_REQUESTS,
            received_at,
        )
        request = RoleRequest.objects.create(
            user=user,
            kind=wanted.kind,
            identifier=wanted.identifier,
            organization=_find(wanted.kind, wanted.identifier),
            role=wanted.role,
            job_title=wanted.job_title,
            work_phone=wanted.work_phone,
            note=wanted.note,
            asked_at=received_at,
        )
        record(AuditAction.ROLE_REQUESTED, request, actor=actor)
        tell_person(request, role_mail.received(as_told(request)), step="asked", at=received_at)
    return request


def withdraw_request(*, request_id: UUID, actor: Actor, received_at: datetime) -> RoleRequest:
    """Take an own pending request back; doing so again changes nothing.

    Raises RoleRequest.DoesNotExist, and Refused when it ended in another way.
    """
    with transaction.atomic():
        request = lock_request(request_id)
        if actor.user is None or request.user_id != actor.user.pk:
            raise RoleRequest.DoesNotExist
        if request.status == RoleRequestStatus.WITHDRAWN:
            return request
        refuse_unless_pending(request)
        end(request, RoleRequestStatus.WITHDRAWN, actor=actor, at=received_at)
        record(AuditAction.ROLE_REQUEST_WITHDRAWN, request, actor=actor)
        ask_again = as_told(request)
        tell_person(request, role_mail.withdrawn(ask_again), step="withdrawn", at=received_at)
        tell_it_ended(request, "was withdrawn", at=received_at)
    return request


def ask_officials(
    *, kind: OrganizationKind, identifier: str, text: str, actor: Actor, received_at: datetime
) -> OfficialsQuestion:
    """Keep a question for an organization's Security Officials, for the sender to pass on.

    The person learns neither whether there are any nor who they are. Raises Refused when the limit
    of questions is reached.
    """
    with transaction.atomic():
        user = _lock(actor)
        asked = OfficialsQuestion.objects.filter(
            user=user, asked_at__gt=received_at - QUESTIONS_ALLOWED[1]
        )
        _refuse_too_many(
            list(asked.values_list("asked_at", flat=True)),
            QUESTIONS_ALLOWED,
            about_roles.TOO_MANY_QUESTIONS,
            received_at,
        )
        question = OfficialsQuestion.objects.create(
            user=user, organization=_find(kind, identifier), text=text, asked_at=received_at
        )
        audit.record(
            AuditAction.OFFICIALS_ASKED,
            actor=actor,
            organization_id=question.organization_id,
            object_id=question.pk,
        )
    return question


def lock_request(request_id: UUID) -> RoleRequest:
    """Lock the request, then read it. Raises RoleRequest.DoesNotExist."""
    RoleRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request_id)
    return RoleRequest.objects.select_related("user", "organization").get(pk=request_id)


def refuse_unless_pending(request: RoleRequest) -> None:
    """Raise Refused saying how and when the request ended."""
    if request.decided_at is not None:
        how, when = request.get_status_display().lower(), show_day_and_time(request.decided_at)
        raise Refused(about_roles.NOT_PENDING.format(how, when))


def end(
    request: RoleRequest, status: RoleRequestStatus, *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Store how the locked request ended."""
    request.status = status
    request.decided_at = at
    request.decided_by = actor.user
    request.decided_by_name = actor.shown_name
    request.reason = reason
    request.save(update_fields=["status", "decided_at", "decided_by", "decided_by_name", "reason"])


def record(action: AuditAction, request: RoleRequest, *, actor: Actor, **details: Any) -> None:
    """Tell the audit. What the person typed isn't kept: an identifier may stand in it."""
    audit.record(
        action,
        actor=actor,
        organization_id=request.organization_id,
        object_id=request.pk,
        user_id=request.user.user_id,
        role=request.role,
        **details,
    )


def _lock(actor: Actor) -> User:
    """The person, locked: two requests at once don't both find the limit unreached."""
    if actor.user is None:
        raise Refused("Only a person can ask.")
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.user.pk)


def _find(kind: OrganizationKind, identifier: str) -> Organization | None:
    return Organization.objects.filter(kind=kind, identifier=identifier).first()


def _pending(user: User, wanted: Wanted) -> RoleRequest | None:
    """The person's pending request there, also where CMS staff found the organization for it."""
    pending = RoleRequest.objects.filter(user=user, status=RoleRequestStatus.PENDING)
    given = {"kind": wanted.kind, "identifier": wanted.identifier}
    found = {f"organization__{name}": value for name, value in given.items()}
    return (pending.filter(**given) | pending.filter(**found)).order_by("asked_at").first()


def _refuse_what_they_have(user: User, wanted: Wanted) -> None:
    role = Role.objects.filter(
        user=user, organization__kind=wanted.kind, organization__identifier=wanted.identifier
    ).first()
    if role is None:
        return
    if role.name == wanted.role:
        raise Refused(about_roles.ALREADY_CONNECTED.format(role.get_name_display()))
    if role.name == RoleName.SECURITY_OFFICIAL:
        raise Refused(about_roles.ALREADY_MORE)


def _refuse_too_many(
    earlier: list[datetime], limit: Limit, words: str, received_at: datetime
) -> None:
    possible = possible_at(earlier, limit, received_at=received_at)
    if possible > received_at:
        raise Refused(words.format(show_day_and_time(possible)))
