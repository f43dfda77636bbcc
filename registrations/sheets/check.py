"""Checking an uploaded sheet: every row is planned, nothing is registered yet."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction
from accounts.models import User
from organizations.policy import show_identifier
from registrations.enums import RowState, SheetStatus
from registrations.models import Offering, SheetRow, SheetUpload
from registrations.policy.registration import Action
from registrations.policy.sheet_plan import Line, Plan, Problem, make_plan
from registrations.sheets.standing import Found, find
from registrations.words.sheets import NOT_YOURS

BATCH = 250  # rows that are read, planned and stored at once
KEPT_UNCONFIRMED = timedelta(days=7)
KEPT_DONE = timedelta(days=30)


def check_sheet(
    *,
    user: User,
    offering: Offering,
    file_name: str,
    sha256: str,
    submission: UUID,
    lines: Iterable[Line],
    received_at: datetime,
) -> SheetUpload:
    """Plan every row of the sheet and keep the plans until the person confirms.

    Replaces what the same person uploaded for the offering before and didn't confirm. Stored in
    batches, so that a long sheet keeps nobody waiting; an upload that isn't read to its end is
    shown to nobody. Leaves one audit event.

    `submission`: the key of the form. The same file sent with the same form again gives the upload
    that it made the first time, and leaves nothing.
    """
    upload = SheetUpload.objects.create(
        user=user,
        offering=offering,
        file_name=file_name,
        sha256=sha256,
        uploaded_at=received_at,
    )
    counts = dict.fromkeys(RowState, 0)
    for batch in _batches(lines):
        rows = _rows_of(upload, batch, received_at)
        SheetRow.objects.bulk_create(rows)
        for row in rows:
            counts[RowState(row.state)] += 1
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        first = SheetUpload.objects.filter(user=user, submission=submission, sha256=sha256).first()
        if first:
            _forget([upload.pk])
            return first
        _forget(
            SheetUpload.objects.filter(
                user=user, offering=offering, status=SheetStatus.CHECKED
            ).values_list("pk", flat=True)
        )
        upload.status = SheetStatus.CHECKED
        upload.submission = submission
        upload.planned = counts[RowState.PLANNED]
        upload.nothing = counts[RowState.NOTHING]
        upload.errors = counts[RowState.ERROR]
        upload.rows = sum(counts.values())
        upload.save()
        audit.record(
            AuditAction.SHEET_UPLOADED,
            actor=official(user),
            object_id=upload.pk,
            sha256=sha256,
            offering=str(offering),
            rows=upload.rows,
            errors=upload.errors,
        )
    return upload


def purge(*, at: datetime) -> int:
    """Forget sheets that weren't confirmed within 7 days, and done ones after 30. How many."""
    old = [
        *SheetUpload.objects.filter(
            status__in=[SheetStatus.CHECKING, SheetStatus.CHECKED],
            uploaded_at__lt=at - KEPT_UNCONFIRMED,
        ).values_list("pk", flat=True),
        *SheetUpload.objects.filter(
            status=SheetStatus.DONE, finished_at__lt=at - KEPT_DONE
        ).values_list("pk", flat=True),
    ]
    _forget(old)
    return len(old)


def _forget(uploads: Iterable[UUID]) -> None:
    keys = list(uploads)
    if keys:
        SheetRow.objects.filter(upload__in=keys).delete()
        SheetUpload.objects.filter(pk__in=keys).delete()


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while batch := list(itertools.islice(rest, BATCH)):
        yield batch


def _rows_of(upload: SheetUpload, lines: Sequence[Line], at: datetime) -> list[SheetRow]:
    keys = [(line.kind, line.identifier) for line in lines if line.kind and _names_one(line)]
    found = find(upload.user, upload.offering, keys, at)
    return [_row_of(upload, line, found.get((line.kind or "", line.identifier))) for line in lines]


def _row_of(upload: SheetUpload, line: Line, found: Found | None) -> SheetRow:
    plan, problems = Plan(), list(line.problems)
    if found:
        plan, more = plan_for(line, found, upload.offering)
        problems += more
    elif line.kind and _names_one(line):
        problems.insert(0, Problem("identifier", _shown(line), NOT_YOURS))
    planned = RowState.PLANNED if plan.changes else RowState.NOTHING
    state = RowState.ERROR if problems else planned
    return SheetRow(
        upload=upload,
        line=line.number,
        organization_id=found.organization_id if found else None,
        identifier=_shown(line),
        state=state,
        plan=plan.as_json() if state == RowState.PLANNED else {},
        problems=problems,
    )


def plan_for(line: Line, found: Found, offering: Offering) -> tuple[Plan, list[Problem]]:
    """The row's plan, and why it can't be done: what is wrong in the row, else why not now."""
    if line.problems:
        return Plan(), []
    plan, problems = make_plan(line, found.standing, new_key=lambda: str(uuid4()))
    if plan.changes or problems:
        refusal = found.refusal(Action.START if plan.start else Action.SAVE, offering)
        if refusal:
            return plan, [Problem("", "", refusal)]
    return plan, problems


def _names_one(line: Line) -> bool:
    """Whether the row says which organization it is; that it stands twice is another matter."""
    return not any(problem.column == "identifier" and problem.value for problem in line.problems)


def _shown(line: Line) -> str:
    if line.kind and _names_one(line):
        return show_identifier(line.kind, line.identifier)
    return line.identifier
