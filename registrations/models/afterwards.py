"""What follows a registration: the notice that it changed, and what came of the sample."""

import uuid

from django.db import models
from django.db.models import Q

from registrations.enums import SamplingOutcome
from registrations.models.registrations import Enrollment, Registration


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
