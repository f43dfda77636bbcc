"""The groups of rights of CMS staff: kept as the code says, and given to people."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.models import User
from accounts.policy.rights import Right, StaffGroup, rights_of
from accounts.sessions.live import end_sessions_of
from qpp_registration.errors import Refused


def has_right(user: User | AnonymousUser, right: Right) -> bool:
    """Whether the person is active CMS staff in a group with that right."""
    return bool(user.is_active and user.is_staff and user.has_perm(f"accounts.{right}"))


def staff_group_of(user: User) -> StaffGroup | None:
    """The group that the person's rights come from; None for staff without rights and others."""
    names = set(user.groups.values_list("name", flat=True)) if user.is_staff else set()
    return next((group for group in reversed(StaffGroup) if group.label in names), None)


def sync_groups(*, actor: Actor) -> list[str]:
    """Make the groups in the database what the code says. Gives what was changed, in words."""
    with transaction.atomic():
        changes = make_groups()
        if changes:
            audit.record(AuditAction.RIGHTS_SYNCED, actor=actor, changes=changes)
    return changes


def make_groups() -> list[str]:
    """Make and set what differs from the code; gives it in words. The caller audits."""
    permissions = _permissions()
    changes = []
    for group in StaffGroup:
        found, is_new = Group.objects.get_or_create(name=group.label)
        wanted = {permissions[right] for right in rights_of(group)}
        if is_new or set(found.permissions.all()) != wanted:
            found.permissions.set(wanted)
            changes.append(f"{group.label}: {'made' if is_new else 'rights set anew'}")
    return changes


def put_into(user: User, group: StaffGroup | None) -> None:
    """Put the stored person into that group and no other; None takes all staff rights away.

    Call it in the transaction of what is audited.
    """
    user.is_staff = group is not None
    user.save(update_fields=["is_staff"])
    make_groups()
    user.groups.set(Group.objects.filter(name=group.label) if group else [])


def give_rights(
    *, user: User, group: StaffGroup | None, actor: Actor, received_at: datetime
) -> None:
    """Give the person the rights of a group; None takes all staff rights away.

    The person's sessions end, so that nothing goes on under other rights. Giving what the person
    has writes nothing. Raises Refused for one's own rights, and when no reason is given.
    """
    if actor.user == user:
        raise Refused("Nobody changes their own rights. Ask another Administrator.")
    if not actor.reason.strip():
        raise Refused("Give a reason.")
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        before = staff_group_of(locked)
        if before == group and locked.is_staff == (group is not None):
            return
        sync_groups(actor=actor)
        put_into(locked, group)
        audit.record(
            AuditAction.RIGHTS_GIVEN,
            actor=actor,
            object_id=locked.pk,
            before=before.label if before else "",
            after=group.label if group else "",
        )
        end_sessions_of(users=[locked], actor=actor, received_at=received_at)


def _permissions() -> dict[Right, Permission]:
    """The permission of each right, made here: rights need no migration."""
    of_people = ContentType.objects.get_for_model(User)
    Permission.objects.bulk_create(
        [
            Permission(content_type=of_people, codename=right.value, name=right.label)
            for right in Right
        ],
        update_conflicts=True,
        unique_fields=["content_type", "codename"],
        update_fields=["name"],
    )
    found = Permission.objects.filter(content_type=of_people, codename__in=Right.values)
    return {Right(permission.codename): permission for permission in found}
