"""A longer window for one organization: granted, moved and ended by CMS staff."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from organizations.models import Organization
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused
from registrations.models import Offering, WindowExtension
from registrations.staff.officials_told import tell_officials, told_of
from registrations.words.staff_letters import extended, extension_ended


def extend_window(
    *,
    organization_id: UUID,
    offering_id: UUID,
    until: datetime,
    actor: Actor,
    received_at: datetime,
) -> None:
    """Let the organization register and change for the offering until then.

    Also moves an extension. Its Security Officials are told by mail. The same end again writes
    nothing. Raises Organization.DoesNotExist, Offering.DoesNotExist, or Refused unless `until` is
    later than now and than the close of everybody.
    """
    with transaction.atomic():
        organization = _lock(organization_id)
        offering = Offering.objects.get(pk=offering_id)
        found = WindowExtension.objects.filter(organization=organization, offering=offering).first()
        if found and found.until == until:
            return
        _require_later(until, offering, received_at)
        before = found.until if found else None
        extension = found or WindowExtension(organization=organization, offering=offering)
        extension.until, extension.granted_at = until, received_at
        extension.reason, extension.granted_by = actor.reason, actor.name[:150]
        extension.save()
        _record(
            AuditAction.EXTENSION_CHANGED if found else AuditAction.EXTENSION_GRANTED,
            extension,
            actor,
            before=show_day_and_time(before) if before else "",
            after=show_day_and_time(until),
        )
        tell_officials(
            extended(told_of(organization, received_at), what=what(offering), until=until),
            organization_id=organization.pk,
            key=f"extended:{extension.pk}:{received_at.isoformat()}",
            received_at=received_at,
        )


def end_extension(
    *, organization_id: UUID, offering_id: UUID, actor: Actor, received_at: datetime
) -> None:
    """Give the organization the window of everybody again, and tell its Security Officials.

    What is registered stays. Ending none writes nothing. Raises Organization.DoesNotExist.
    """
    with transaction.atomic():
        organization = _lock(organization_id)
        extension = (
            WindowExtension.objects.select_related("offering")
            .filter(organization=organization, offering=offering_id)
            .first()
        )
        if extension is None:
            return
        offering, key = extension.offering, extension.pk
        _record(
            AuditAction.EXTENSION_ENDED,
            extension,
            actor,
            before=show_day_and_time(extension.until),
            after="",
        )
        letter = extension_ended(
            told_of(organization, received_at),
            what=what(offering),
            was=extension.until,
            closes_at=offering.closes_at,
        )
        extension.delete()
        tell_officials(
            letter,
            organization_id=organization.pk,
            key=f"extension-ended:{key}:{received_at.isoformat()}",
            received_at=received_at,
        )


def what(offering: Offering) -> str:
    """An offering in a sentence: *2023 CAHPS for MIPS Survey*."""
    return f"{offering.year_id} {offering.get_product_display()}"


def _lock(organization_id: UUID) -> Organization:
    return Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=organization_id)


def _require_later(until: datetime, offering: Offering, received_at: datetime) -> None:
    if until <= received_at:
        raise Refused(f"{show_day_and_time(until)} is over. Give a later time.")
    if until <= offering.closes_at:
        raise Refused(
            f"The window of everybody closes on {show_day_and_time(offering.closes_at)}. An "
            "extension ends later than that."
        )


def _record(
    action: AuditAction, extension: WindowExtension, actor: Actor, *, before: str, after: str
) -> None:
    audit.record(
        action,
        actor=actor,
        organization_id=extension.organization_id,
        object_id=extension.pk,
        offering=str(extension.offering),
        before=before,
        after=after,
    )
