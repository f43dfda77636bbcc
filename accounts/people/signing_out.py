"""CMS staff signs somebody out everywhere."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.models import User
from accounts.sessions.live import end_sessions_of
from accounts.staff.reach import require_reach
from qpp_registration.errors import Refused


def sign_out_everywhere(*, user: User, actor: Actor, received_at: datetime) -> None:
    """End all sessions of the person: an event with their number, and one of each session.

    Also where the person isn't signed in: that it was made sure of is worth an event. Raises
    Refused when no reason is given, and for staff with rights that the actor doesn't have.
    """
    if not actor.reason.strip():
        raise Refused("Give a reason.")
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        require_reach(actor, locked)
        number = end_sessions_of(users=[locked], actor=actor, received_at=received_at)
        audit.record(AuditAction.USER_SIGNED_OUT, actor=actor, object_id=locked.pk, sessions=number)
