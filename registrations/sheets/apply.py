"""Applying a confirmed sheet, row by row. Any number of workers may do so at once.

Each row is a transaction of its own, made by the services of the register page. What a worker that
died left of its sheet another one goes on with.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Max, Q

from accounts import audit
from accounts.actors import Actor, official
from accounts.enums import AuditAction
from accounts.models import User
from organizations.models import Organization
from qpp_registration import tracing
from registrations.details.edits import ContactEdit, FieldEdit, Saved
from registrations.details.save import save
from registrations.enums import Product, RowState, SheetStatus, WindowState
from registrations.errors import RegistrationError, WindowClosed
from registrations.models import (
    Enrollment,
    Registration,
    RegistrationNumber,
    SheetRow,
    SheetUpload,
    WindowExtension,
)
from registrations.policy.registration import Refusal, effective_close, window_state
from registrations.policy.sheet_plan import Plan
from registrations.registering.start import start_registration
from registrations.words.reasons import explain
from registrations.words.sheets import NO_ROLE, outcome_of, overtaken

LEASE = timedelta(minutes=2)  # longer than a batch takes
BATCH = 25  # rows that are applied before the sheet is given back
SOURCE = "registration sheet"
FAULT = "A fault in the system: nothing of this row was stored. Upload the row again."
MISSING = (Organization.DoesNotExist, Enrollment.DoesNotExist, Registration.DoesNotExist)

log = logging.getLogger(__name__)


def confirm_sheet(*, upload_id: UUID, user: User, received_at: datetime) -> SheetUpload:
    """Have the rows without errors applied, as received now. Leaves one audit event.

    Confirming again returns the upload and writes nothing. Raises SheetUpload.DoesNotExist when it
    isn't the person's, WindowClosed when the window is closed for every organization of the sheet.
    """
    with transaction.atomic():
        upload = (
            SheetUpload.objects.select_for_update(of=("self",), no_key=True)
            .select_related("offering")
            .exclude(status=SheetStatus.CHECKING)
            .get(pk=upload_id, user=user)
        )
        if upload.status != SheetStatus.CHECKED or not upload.planned:
            return upload
        if reason := why_closed(upload, received_at):
            raise WindowClosed(Refusal.CLOSED, reason)
        upload.status = SheetStatus.APPLYING
        upload.confirmed_at = received_at
        upload.save(update_fields=["status", "confirmed_at"])
        audit.record(
            AuditAction.SHEET_CONFIRMED,
            actor=official(user),
            object_id=upload.pk,
            sha256=upload.sha256,
            offering=str(upload.offering),
            rows=upload.planned,
        )
    return upload


def why_closed(upload: SheetUpload, at: datetime) -> str:
    """Why no organization of the sheet can be changed at that moment; empty when one can."""
    offering = upload.offering
    if offering.opens_at <= at < offering.closes_at:
        return ""
    extended = WindowExtension.objects.filter(
        offering=offering,
        organization__in=upload.sheet_rows.filter(state=RowState.PLANNED).values("organization"),
    ).aggregate(latest=Max("until"))["latest"]
    closes_at = effective_close(offering.closes_at, extended)
    state = window_state(at, opens_at=offering.opens_at, closes_at=closes_at)
    if state in {WindowState.OPEN, WindowState.LAST_DAY}:
        return ""
    return explain(
        Refusal.CLOSED if state == WindowState.CLOSED else Refusal.NOT_OPEN,
        product=Product(offering.product),
        year=offering.year_id,
        opens_at=offering.opens_at,
        closes_at=closes_at,
    )


def claim(*, at: datetime) -> SheetUpload | None:
    """Take the confirmed sheet that waits longest, for the time of the lease; None for none."""
    with transaction.atomic():
        upload = (
            SheetUpload.objects.select_for_update(
                of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked
            )
            .select_related("offering__year")
            .filter(status=SheetStatus.APPLYING)
            .filter(Q(lease_until=None) | Q(lease_until__lte=at))
            .order_by("confirmed_at")
            .first()
        )
        if upload:
            upload.lease_until = at + LEASE
            upload.save(update_fields=["lease_until"])
    return upload


def release(upload: SheetUpload, *, at: datetime) -> None:
    """Give the sheet back: done when no row is left to apply, else for the next one to go on."""
    with transaction.atomic():
        mine = SheetUpload.objects.filter(
            pk=upload.pk, status=SheetStatus.APPLYING, lease_until=upload.lease_until
        )
        if upload.sheet_rows.filter(state=RowState.PLANNED).exists():
            mine.update(lease_until=None)
        else:
            mine.update(lease_until=None, status=SheetStatus.DONE, finished_at=at)


def next_rows(upload: SheetUpload) -> list[int]:
    """The keys of the rows to apply next, at most a batch, in the order of the sheet."""
    rows = upload.sheet_rows.filter(state=RowState.PLANNED).order_by("line")
    return list(rows.values_list("pk", flat=True)[:BATCH])


def apply_row(upload: SheetUpload, row_id: int) -> RowState | None:
    """Do what the row's plan says, and keep what came of it; None when it has been done already.

    One transaction. The row counts as received when the sheet was confirmed, role and window are
    checked anew, and either all of the row is stored or nothing.
    """
    tracing.request_id.set(upload.pk.hex)
    tracing.source_address.set(SOURCE)
    with transaction.atomic():
        row = (
            SheetRow.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk=row_id, state=RowState.PLANNED)
            .first()
        )
        if row is None:
            return None
        try:
            with transaction.atomic():
                row.outcome = _carry_out(upload, row)
                row.state = RowState.APPLIED
        except OperationalError:
            raise  # the database is away: the row stays for later
        except Exception as error:  # noqa: BLE001 - one row's failure never stops the next one
            row.outcome = _why_not(row, error)
            row.state = RowState.REFUSED
        row.plan = {}
        row.save(update_fields=["state", "outcome", "plan"])
    return RowState(row.state)


def _carry_out(upload: SheetUpload, row: SheetRow) -> str:
    plan, number = Plan.from_json(row.plan), None
    user = User.objects.filter(pk=upload.user_id, is_active=True).first()
    organization_id, received_at = row.organization_id, upload.confirmed_at
    if user is None or organization_id is None or received_at is None:
        raise Organization.DoesNotExist
    actor = official(user)
    if plan.start:
        registration = start_registration(
            organization_id=organization_id,
            offering=upload.offering,
            actor=actor,
            received_at=received_at,
        )
        number = RegistrationNumber.objects.get(organization=organization_id).number
    else:
        registration = Registration.objects.get(
            organization=organization_id, year=upload.offering.year_id
        )
    saved = _save(plan, registration.pk, Product(upload.offering.product), actor, received_at)
    return outcome_of(plan, number=number, changed=saved.changed, completed=saved.completed)


def _save(
    plan: Plan, registration_id: UUID, product: Product, actor: Actor, received_at: datetime
) -> Saved:
    if plan.size is None and not plan.contacts:
        return Saved()
    saved = save(
        registration_id=registration_id,
        product=product,
        size=FieldEdit(was=plan.size[0], now=plan.size[1]) if plan.size else None,
        contacts={
            UUID(change.id): ContactEdit(
                is_new=change.is_new,
                fields={
                    name: FieldEdit(was=was, now=now) for name, (was, now) in change.fields.items()
                },
            )
            for change in plan.contacts
        },
        actor=actor,
        received_at=received_at,
    )
    if not saved.is_clean:
        raise RegistrationError(overtaken(report.field for report in saved.conflicts))
    return saved


def _why_not(row: SheetRow, error: Exception) -> str:
    if isinstance(error, RegistrationError):
        return str(error)[:300]
    if isinstance(error, MISSING):
        return NO_ROLE
    log.exception("Line %s of sheet %s", row.line, row.upload_id)
    return FAULT
