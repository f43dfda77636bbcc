"""Granting roles on organizations."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.access import security_officials_of
from accounts.actors import Actor
from accounts.enums import AuditAction, RoleName
from accounts.models import Role, User
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
            defaults={"name": name, "granted_at": received_at, "granted_by": actor.name},
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
