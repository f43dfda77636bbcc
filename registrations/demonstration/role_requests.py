"""The demonstration's role requests: somebody asks, and somebody can decide."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from accounts.actors import official
from accounts.enums import MessageStatus, RoleName
from accounts.models import Message, RoleRequest, User
from accounts.roles.requests import Wanted, ask_for_role
from organizations.enums import OrganizationKind


class _Asked(NamedTuple):
    """Who asks for what, how many days ago."""

    user_id: str
    identifier: str
    role: RoleName
    job_title: str
    note: str
    days_ago: int


# Jane Doe decides the first one; CMS staff the others, whose practice has no Security Official or
# whose TIN nobody has.
ASKED = (
    _Asked("new.user", "000765630", RoleName.STAFF_USER, "Billing Clerk", "I am new here.", 1),
    _Asked("staff.user", "002013438", RoleName.SECURITY_OFFICIAL, "Practice Manager", "", 2),
    _Asked("new.user", "009999999", RoleName.SECURITY_OFFICIAL, "Billing Clerk", "", 4),
)


def load_role_requests(now: datetime) -> None:
    """Ask, where nobody asked for anything yet. The mails to who asks aren't sent now."""
    if RoleRequest.objects.exists():
        return
    with transaction.atomic():
        for one in ASKED:
            request = ask_for_role(
                wanted=Wanted(
                    kind=OrganizationKind.GROUP,
                    identifier=one.identifier,
                    role=one.role,
                    job_title=one.job_title,
                    work_phone="2025550156",
                    note=one.note,
                ),
                actor=official(User.objects.get(user_id=one.user_id)),
                received_at=now - timedelta(days=one.days_ago),
            )
            request.told_at = now
            request.save(update_fields=["told_at"])
            about = Message.objects.filter(
                dedupe_key__startswith=f"role_request.asked:{request.pk}"
            )
            about.update(status=MessageStatus.SENT, sent_at=now)
