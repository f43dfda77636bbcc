"""Granting, changing and ending roles on organizations."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction, RoleName
from accounts.models import Role, User
from accounts.models.roles import GRANTED_BY
from accounts.policy.roles import leaves_no_official, may_change_roles
from accounts.roles.access import security_officials_of
from accounts.roles.notices import tell_role_changed
from accounts.words import about_roles
from organizations.models import Organization
from organizations.policy import normalize_identifier, parse_kind
from qpp_registration.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What granting did. `before` is None where the person had no role.

    `leaves_no_official`: nobody can register the organization any more.
    """

    before: RoleName | None
    after: RoleName
    leaves_no_official: bool = False

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return self.before != self.after


def grant_role(
    *,
    user: User,
    organization: Organization,
    name: RoleName,
    actor: Actor,
    received_at: datetime,
) -> Grant:
    """Give the person this role on the organization, instead of another one they had there.

    Granting what the person has already writes nothing.
    """
    with transaction.atomic():
        # The lock makes two grants of the same role one after the other.
        Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization.pk)
        role = Role.objects.filter(user=user, organization=organization).first()
        before = RoleName(role.name) if role else None
        if before == name:
            return Grant(before=before, after=name)
        Role.objects.update_or_create(
            user=user,
            organization=organization,
            defaults={
                "name": name,
                "granted_at": received_at,
                "granted_by": actor.name[:GRANTED_BY],
            },
        )
        audit.record(
            AuditAction.ROLE_GRANTED,
            actor=actor,
            organization_id=organization.pk,
            object_id=user.pk,
            user_id=user.user_id,
            before=before or "",
            role=name,
        )
        no_official = (
            before == RoleName.SECURITY_OFFICIAL
            and not security_officials_of(organization.pk).exists()
        )
    return Grant(before=before, after=name, leaves_no_official=no_official)


def change_role(*, role_id: UUID, name: RoleName, actor: Actor, received_at: datetime) -> Role:
    """Give a connected person another role; the one they have already changes nothing.

    Tells them and the other Security Officials. Raises Role.DoesNotExist where the actor may not,
    and Refused when the organization would lose its last active Security Official.
    """
    with transaction.atomic():
        role, me = _locked(role_id, actor, after=name)
        if role.name == name:
            return role
        _refuse_to_leave_nobody(role, after=name)
        before = role.get_name_display()
        grant_role(
            user=role.user,
            organization=role.organization,
            name=name,
            actor=actor,
            received_at=received_at,
        )
        tell_role_changed(
            role.user,
            role.organization,
            before=before,
            after=name.label,
            by=me,
            at=received_at,
        )
        role.refresh_from_db()
    return role


def end_role(*, role_id: UUID, actor: Actor, received_at: datetime) -> Role:
    """End a person's role; gives it as it was. One's own too: that is leaving.

    Tells the person and the other Security Officials. Takes effect with the person's next request.
    Raises what `change_role` raises.
    """
    with transaction.atomic():
        role, me = _locked(role_id, actor, after=None)
        _refuse_to_leave_nobody(role, after=None)
        _end(role, actor)
        tell_role_changed(
            role.user,
            role.organization,
            before=role.get_name_display(),
            after="",
            by=me,
            at=received_at,
        )
    return role


def hand_over(
    *, role_id: UUID, to_role_id: UUID, stays: bool, actor: Actor, received_at: datetime
) -> Role:
    """Make another connected person Security Official in one's own place; gives their role.

    `role_id` is the actor's own. `stays`: the actor becomes Staff User; otherwise they leave.
    Raises Role.DoesNotExist unless both are roles on one organization and the other person can
    sign in.
    """
    official, staff_user = RoleName.SECURITY_OFFICIAL, RoleName.STAFF_USER
    with transaction.atomic():
        mine, me = _locked(role_id, actor, after=official)
        if mine.user_id != me.pk or to_role_id == role_id:
            raise Role.DoesNotExist
        heir = Role.objects.select_related("user").get(
            pk=to_role_id, organization=mine.organization_id, user__is_active=True
        )
        organization = mine.organization
        if heir.name != official:
            before = heir.get_name_display()
            grant_role(
                user=heir.user,
                organization=organization,
                name=official,
                actor=actor,
                received_at=received_at,
            )
            tell_role_changed(
                heir.user,
                organization,
                before=before,
                after=official.label,
                by=me,
                at=received_at,
            )
        if stays:
            grant_role(
                user=me,
                organization=organization,
                name=staff_user,
                actor=actor,
                received_at=received_at,
            )
        else:
            _end(mine, actor)
        tell_role_changed(
            me,
            organization,
            before=official.label,
            after=staff_user.label if stays else "",
            by=me,
            at=received_at,
        )
        heir.refresh_from_db()
    return heir


def is_last_official(role: Role, *, after: RoleName | None) -> bool:
    """Whether the change would leave the organization without an active Security Official."""
    return role.user.is_active and leaves_no_official(
        held=RoleName(role.name),
        officials=security_officials_of(role.organization_id).count(),
        after=after,
    )


def _locked(role_id: UUID, actor: Actor, *, after: RoleName | None) -> tuple[Role, User]:
    """Lock the role's organization, then read the role and who acts.

    All who change roles lock it, so what is read stays as it is. Raises Role.DoesNotExist where
    there is no such role, or the actor may not change it so.
    """
    if actor.user is None:
        raise Role.DoesNotExist
    found = Role.objects.only("organization_id").get(pk=role_id)
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=found.organization_id)
    role = Role.objects.select_related("user", "organization").get(pk=role_id)
    own = Role.objects.filter(
        user=actor.user, organization=role.organization_id, user__is_active=True
    ).first()
    if not may_change_roles(
        role=RoleName(own.name) if own else None,
        is_own=role.user_id == actor.user.pk,
        after=after,
    ):
        raise Role.DoesNotExist
    return role, actor.user


def _refuse_to_leave_nobody(role: Role, *, after: RoleName | None) -> None:
    if is_last_official(role, after=after):
        raise Refused(about_roles.LAST_OFFICIAL)


def _end(role: Role, actor: Actor) -> None:
    Role.objects.filter(pk=role.pk).delete()
    audit.record(
        AuditAction.ROLE_ENDED,
        actor=actor,
        organization_id=role.organization_id,
        object_id=role.user_id,
        user_id=role.user.user_id,
        before=role.name,
    )


def find_organization(reference: str) -> Organization:
    """The organization written as `group:00-0765630`. Raises Refused."""
    kind_text, separator, identifier_text = reference.partition(":")
    if not separator:
        raise Refused(f'"{reference}" is not written as KIND:IDENTIFIER, like group:00-0765630.')
    try:
        kind = parse_kind(kind_text)
        identifier = normalize_identifier(kind, identifier_text)
    except ValueError as error:
        raise Refused(str(error)) from None
    organization = Organization.objects.filter(kind=kind, identifier=identifier).first()
    if organization is None:
        raise Refused(f"There is no {kind.label} {identifier_text}.")
    return organization
