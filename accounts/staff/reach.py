"""Whose accounts a member of CMS staff decides about: nobody's with rights that they don't have."""

from accounts.actors import Actor
from accounts.enums import ActorKind
from accounts.models import User
from accounts.policy import rights
from accounts.policy.rights import Right
from accounts.staff.rights import has_right, staff_group_of
from qpp_registration.errors import Refused


def why_out_of_reach(by: User, person: User) -> str:
    """Why this member of staff decides nothing about the account; an empty text when they may.

    A disabled person counts with the rights that come back. One query about staff, none about
    others.
    """
    own = {right for right in Right if has_right(by, right)}
    return rights.why_out_of_reach(own=own, group=staff_group_of(person))


def require_reach(actor: Actor, person: User) -> None:
    """Raise Refused when the actor is staff and the person out of their reach.

    Call it with the person's row locked: whose rights change, their row is locked as well.
    """
    if actor.kind != ActorKind.STAFF or actor.user is None:
        return
    if why := why_out_of_reach(actor.user, person):
        raise Refused(why)
