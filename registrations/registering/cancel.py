"""Cancel Registration: a status, so that history and registration ID stay (2022 guide, VII)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from registrations.cases.registration import mark_changed
from registrations.cases.year import YearCase, changing_year
from registrations.enums import EnrollmentStatus, Product
from registrations.errors import NotAllowed
from registrations.mails.notices import settle_changes, tell_ended
from registrations.policy.registration import Action, Refusal


def cancel_registration(
    *, organization_id: UUID, year: int, product: Product, actor: Actor, received_at: datetime
) -> None:
    """End the organization's registration for one offering of an explicit year.

    All contacts and the other Security Officials are told by mail at once. Size, information and
    contacts stay, for the other offering and for registering again, which keeps the registration
    ID. Cancelling what is cancelled writes nothing.

    Raises Organization.DoesNotExist, NotAllowed or WindowClosed.
    """
    try:
        with changing_year(
            Action.CANCEL,
            organization_id=organization_id,
            year=year,
            product=product,
            actor=actor,
            received_at=received_at,
        ) as case:
            settle_changes(case.begun, case.year, at=received_at)
            mark_changed(case.begun, actor=actor, received_at=received_at)
            cancel_within(case, [product], actor=actor, received_at=received_at)
    except NotAllowed as error:
        if error.refusal is not Refusal.NOT_REGISTERED:
            raise


def cancel_within(
    case: YearCase,
    products: Sequence[Product],
    *,
    actor: Actor,
    received_at: datetime,
    size: Sequence[str] = (),
) -> None:
    """End these registrations inside the transaction of a change, and tell of it in one mail.

    `size`: before and after, where a change of the size is what ends them.
    """
    details: dict[str, Any] = {"size": list(size)} if size else {}
    for product in products:
        enrollment = case.cases[product].registered
        enrollment.status = EnrollmentStatus.CANCELLED
        enrollment.cancelled_at = received_at
        enrollment.cancelled_by = actor.shown_user
        enrollment.save(update_fields=["status", "cancelled_at", "cancelled_by"])
        audit.record(
            AuditAction.REGISTRATION_CANCELLED,
            actor=actor,
            organization_id=case.organization.pk,
            object_id=case.begun.pk,
            offering=str(case.cases[product].offering),
            **details,
        )
    tell_ended(
        case.begun,
        [case.cases[product] for product in products],
        actor=actor,
        received_at=received_at,
        size=size,
    )
