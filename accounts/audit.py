"""Writing the audit: in the transaction of the change, so neither is there without the other."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.models import AuditEvent
from qpp_registration import tracing
from qpp_registration.prepared import Insert

_EVENT = Insert(AuditEvent)


def record(
    action: AuditAction,
    *,
    actor: Actor,
    organization_id: UUID | None = None,
    object_id: UUID | None = None,
    about: UUID | None = None,
    **details: Any,
) -> None:
    """Insert one event. Call it inside the transaction of the change that it tells of.

    `about`: what the object is part of, such as the registration of a contact. `details` are plain
    JSON values; mask personal data before (`masked`).
    """
    _EVENT.save(
        event(
            action,
            actor=actor,
            organization_id=organization_id,
            object_id=object_id,
            about=about,
            **details,
        )
    )


def record_all(events: Iterable[AuditEvent]) -> None:
    """Insert many events at once, as `record` does."""
    AuditEvent.objects.bulk_create(events)


def event(
    action: AuditAction,
    *,
    actor: Actor,
    organization_id: UUID | None = None,
    object_id: UUID | None = None,
    about: UUID | None = None,
    **details: Any,
) -> AuditEvent:
    """An event for `record_all`, with what `record` takes."""
    return AuditEvent(
        action=action,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        reason=actor.reason,
        organization_id=str(organization_id or ""),
        object_id=str(object_id or ""),
        about=str(about or object_id or ""),
        details=details,
        request_id=tracing.request_id.get(),
        source_address=tracing.source_address.get(),
        session=tracing.session.get(),
    )


def masked(field: str, value: str) -> str:
    """A value as the audit keeps it: of a phone the last four digits, of a mail the domain."""
    if field == "phone":
        return f"***-***-{value[-4:]}" if value else ""
    if field == "email":
        return f"***@{value.rpartition('@')[2]}" if value else ""
    return value
