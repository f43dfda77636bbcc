"""Registration sheets: uploaded, checked row by row, and applied by a worker once confirmed."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.models import User
from organizations.models import Organization
from registrations.enums import RowState, SheetStatus
from registrations.models.years import Offering


class SheetUpload(models.Model):
    """A sheet that a person uploaded for an offering. Nobody else sees it.

    `rows`, `planned`, `nothing` and `errors` count what checking found. Rows are applied as
    received at `confirmed_at`. A worker takes the sheet for a while by moving `lease_until`.
    `submission`: the form that it was sent with, so that the same form sent again is recognised.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sheets")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="sheets")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    submission = models.UUIDField(null=True, editable=False)
    status = models.CharField(
        max_length=10, choices=SheetStatus, default=SheetStatus.CHECKING, editable=False
    )
    uploaded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    rows = models.PositiveIntegerField(default=0, editable=False)
    planned = models.PositiveIntegerField(default=0, editable=False)
    nothing = models.PositiveIntegerField(default=0, editable=False)
    errors = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    status__in=[SheetStatus.CHECKING, SheetStatus.CHECKED],
                    confirmed_at__isnull=True,
                    finished_at__isnull=True,
                )
                | Q(
                    status=SheetStatus.APPLYING,
                    confirmed_at__isnull=False,
                    finished_at__isnull=True,
                )
                | Q(
                    status=SheetStatus.DONE,
                    confirmed_at__isnull=False,
                    finished_at__isnull=False,
                ),
                name="sheet_status_has_its_times",
                violation_error_message=(
                    "A sheet that is being applied has a time of confirming, a done one also a "
                    "time of finishing."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-uploaded_at"], name="sheet_newest_of_user"),
            models.Index(fields=["-uploaded_at"], name="sheet_newest"),
            models.Index(
                fields=["confirmed_at"],
                condition=Q(status=SheetStatus.APPLYING),
                name="sheet_to_apply",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class SheetRow(models.Model):
    """A row of a sheet: the plan until it is applied, then only what came of it.

    `plan` is a `sheet_plan.Plan`; it holds people's names and addresses, and goes when the row is
    applied. `problems` are `sheet_plan.Problem`s, each a list of column, value and reason.
    """

    upload = models.ForeignKey(SheetUpload, on_delete=models.CASCADE, related_name="sheet_rows")
    line = models.PositiveIntegerField()
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    identifier = models.CharField(max_length=80, help_text="As the sheet has it.")
    state = models.CharField(max_length=10, choices=RowState)
    plan = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "line"], name="sheet_line_once"),
            models.CheckConstraint(
                condition=Q(state__in=RowState.values), name="sheet_row_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["upload", "state", "line"], name="sheet_rows_by_state"),
        ]

    def __str__(self) -> str:
        return f"Line {self.line}"
