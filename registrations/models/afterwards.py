"""What follows: notices of changes and of moved windows, and what came of the sample."""

import uuid

from django.db import models
from django.db.models import Q

from registrations.enums import SamplingOutcome
from registrations.models.registrations import Enrollment, Registration
from registrations.models.years import Offering


class ChangeNotice(models.Model):
    """A change of a registration that its contacts are still to be told of.

    Made with the first change; what changes until `due_at` goes into the same mail. `before` holds
    the registration as it was (size, information, contacts), and who changed it (`by`), so that
    whoever is removed or readdressed is told as well. Gone when the mails are queued.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.OneToOneField(
        Registration, on_delete=models.CASCADE, related_name="change_notice"
    )
    before = models.JSONField()
    by = models.JSONField(default=list)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.registration} changed {self.began_at:%Y-%m-%d %H:%M}"


class WindowMove(models.Model):
    """The move of a window for everybody, of which Security Officials are still to be told.

    `told_up_to`: the person who was told last, in the order of their keys. Gone when all mails are
    queued.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offering = models.ForeignKey(Offering, on_delete=models.CASCADE, related_name="moves")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    moved_at = models.DateTimeField(db_index=True)
    told_up_to = models.UUIDField(null=True, editable=False)

    def __str__(self) -> str:
        return f"{self.offering} moved {self.moved_at:%Y-%m-%d %H:%M}"


class SamplingResult(models.Model):
    """What CMS found when it drew the sample for a registered organization (both guides, I)."""

    enrollment = models.OneToOneField(
        Enrollment, on_delete=models.PROTECT, primary_key=True, related_name="sampling_result"
    )
    outcome = models.CharField(max_length=20, choices=SamplingOutcome)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=SamplingOutcome.values), name="sampling_outcome_known"
            )
        ]
        indexes = [models.Index(fields=["outcome"], name="sampling_by_outcome")]

    def __str__(self) -> str:
        return f"{self.enrollment}: {self.get_outcome_display()}"
