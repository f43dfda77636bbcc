"""The columns of the lists about people, messages and the audit.

Never the texts of messages, and nothing that opens something: passwords, codes, links, sessions.
E-mails, phones, user IDs and what was written about people have the right that pages ask for.
"""

import json
from typing import Any

from accounts.enums import (
    ActorKind,
    AuditAction,
    Channel,
    MessageStatus,
    ResetStatus,
    RoleName,
    RoleRequestStatus,
)
from accounts.exports.columns import column, full_name, label_of, times
from accounts.policy.rights import Right
from organizations.policy import show_identifier
from qpp_registration.phones import show_phone


def _details(details: Any) -> str:
    return json.dumps(details, ensure_ascii=False) if details else ""


PEOPLE = (
    column("user_id", right=Right.SEE_CONTACTS),
    column("first_name"),
    column("last_name"),
    column("email", right=Right.SEE_CONTACTS),
    column("phone", cell=show_phone, right=Right.SEE_CONTACTS),
    column("active", "is_active"),
    column("cms_staff", "is_staff"),
    *times("made", "created_at"),
    *times("last_sign_in", "last_login"),
)
ROLE_REQUESTS = (
    column("user_id", "user__user_id", right=Right.SEE_CONTACTS),
    column("first_name", "user__first_name"),
    column("last_name", "user__last_name"),
    column("email", "user__email", right=Right.SEE_CONTACTS),
    column("job_title"),
    column("work_phone", cell=show_phone, right=Right.SEE_CONTACTS),
    column("role", cell=label_of(RoleName)),
    column("organization_kind", "kind"),
    column("identifier", "kind", "identifier", cell=show_identifier),
    column("organization", "organization__name"),
    column("note", right=Right.SEE_CONTACTS),
    *times("requested", "asked_at"),
    column("status", cell=label_of(RoleRequestStatus)),
    *times("decided", "decided_at"),
    column("decided_by", "decided_by_name"),
    column("reason", right=Right.SEE_CONTACTS),
)
DEVICE_RESETS = (
    column("user_id", "person__user_id", right=Right.SEE_CONTACTS),
    column("first_name", "person__first_name"),
    column("last_name", "person__last_name"),
    column("email", "person__email", right=Right.SEE_CONTACTS),
    column("phone", cell=show_phone, right=Right.SEE_CONTACTS),
    column("status", cell=label_of(ResetStatus)),
    *times("begun", "begun_at"),
    *times("expires", "expires_at"),
    column("asked_by", "asked_by__first_name", "asked_by__last_name", cell=full_name),
    *times("asked", "asked_at"),
    column("reason", right=Right.SEE_CONTACTS),
    column("identity_proof", right=Right.SEE_CONTACTS),
    column("decided_by", "decided_by__first_name", "decided_by__last_name", cell=full_name),
    *times("decided", "decided_at"),
    column("decision_reason", right=Right.SEE_CONTACTS),
)
MESSAGES = (
    column("subject"),
    column("channel", cell=label_of(Channel)),
    column("to", right=Right.SEE_CONTACTS),
    column("organization", "organization__name"),
    column("status", cell=label_of(MessageStatus)),
    *times("queued", "created_at"),
    *times("sent", "sent_at"),
    column("tries", "attempts"),
    column("error", "last_error", right=Right.SEE_CONTACTS),
)
AUDIT = (
    column("number", "id"),
    *times("at", "at"),
    column("action"),
    column("what", "action", cell=label_of(AuditAction)),
    column("outcome", "action", cell=lambda action: str(AuditAction(action).outcome.label)),
    column("who", "actor_name"),
    column("who_key", "actor_id"),
    column("as", "actor_kind", cell=label_of(ActorKind)),
    column("reason"),
    column("organization_key", "organization_id"),
    column("object_key", "object_id"),
    column("part_of_key", "about"),
    column("details", cell=_details),
    column("from", "source_address"),
    column("request", "request_id"),
)
