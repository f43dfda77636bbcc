"""Disabling and enabling a person's account. Roles stay, and do nothing while it is disabled."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction, RoleName, SessionEnd
from accounts.messages.outbox import queue_email
from accounts.models import Role, User
from accounts.sessions.live import end_sessions_of
from accounts.staff.reach import require_reach
from accounts.words import account_mail
from accounts.words.letter import Letter
from organizations.models import Organization
from qpp_registration.addresses import whole_address
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused


def left_without_official(user: User) -> QuerySet[Organization]:
    """The organizations whose only active Security Official is the person, by name."""
    others = Role.objects.filter(
        organization=OuterRef("pk"), name=RoleName.SECURITY_OFFICIAL, user__is_active=True
    ).exclude(user=user)
    return _acted_for(user).filter(~Exists(others)).order_by("search_name", "pk")


def disable_person(*, user: User, actor: Actor, received_at: datetime) -> list[Organization]:
    """Disable the account: all sessions end at once, and the person is told by mail.

    Gives the organizations that have nobody to act for them now. Disabling a disabled account
    writes nothing and gives none. Raises Refused for oneself, when no reason is given, and for
    staff with rights that the actor doesn't have.
    """
    _require(user, actor)
    with transaction.atomic():
        locked = _locked(user)
        require_reach(actor, locked)
        if not locked.is_active:
            return []
        # Roles on these can't change before the commit, so that what is told stays true.
        list(
            _acted_for(locked)
            .select_for_update(of=("self",), no_key=True)
            .order_by("pk")
            .values_list("pk")
        )
        left = list(left_without_official(locked))
        _set(locked, is_active=False)
        audit.record(
            AuditAction.USER_DISABLED,
            actor=actor,
            object_id=locked.pk,
            without_official=[str(organization.pk) for organization in left],
        )
        end_sessions_of(users=[locked], actor=actor, received_at=received_at, why=SessionEnd.CLOSED)
        letter = account_mail.disabled_by_cms(
            name=locked.full_name, when=show_day_and_time(received_at)
        )
        _tell(locked, letter, step="disabled", at=received_at)
    return left


def enable_person(*, user: User, actor: Actor, received_at: datetime) -> None:
    """Enable a disabled account, and tell the person; one that is enabled stays as it is.

    Raises what `disable_person` raises.
    """
    _require(user, actor)
    with transaction.atomic():
        locked = _locked(user)
        require_reach(actor, locked)
        if locked.is_active:
            return
        _set(locked, is_active=True)
        audit.record(AuditAction.USER_ENABLED, actor=actor, object_id=locked.pk)
        letter = account_mail.enabled_by_cms(
            name=locked.full_name,
            when=show_day_and_time(received_at),
            sign_in=whole_address("sign_in"),
            recover=whole_address("recover"),
        )
        _tell(locked, letter, step="enabled", at=received_at)


def _acted_for(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(
        pk__in=Role.objects.filter(user=user, name=RoleName.SECURITY_OFFICIAL).values(
            "organization"
        )
    )


def _require(user: User, actor: Actor) -> None:
    if actor.user == user:
        raise Refused("Nobody disables or enables themselves. Ask another Administrator.")
    if not actor.reason.strip():
        raise Refused("Give a reason.")


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _set(user: User, *, is_active: bool) -> None:
    user.is_active = is_active
    user.save(update_fields=["is_active"])


def _tell(user: User, letter: Letter, *, step: str, at: datetime) -> None:
    queue_email(
        to=user.email,
        subject=letter.subject,
        body=letter.body,
        due_at=at,
        dedupe_key=f"user.{step}:{user.pk}:{at.isoformat()}",
    )
