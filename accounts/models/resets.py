"""Resetting the devices of a person who lost all of them."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.enums import ResetStatus
from accounts.models.people import User

OPEN = (ResetStatus.REQUESTED, ResetStatus.ASKED)
TAKEN_UP = (ResetStatus.ASKED, ResetStatus.APPROVED, ResetStatus.DENIED)


class DeviceReset(models.Model):
    """A reset that one member of staff asks for and another one approves.

    It may begin with the person, who then is `requested`: nobody has proved their identity yet.
    `phone`: ten digits where the person is reached. `reason` and `identity_proof` are the words of
    who asked: why, and how it was proved who the person is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="device_resets")
    status = models.CharField(max_length=10, choices=ResetStatus)
    phone = models.CharField(max_length=10, blank=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="From this moment on it can't be approved.")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    identity_proof = models.CharField("How the identity was proved", max_length=300, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "reset of all devices"
        verbose_name_plural = "resets of all devices"
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status__in=OPEN),
                name="device_reset_one_open_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=TAKEN_UP)
                | (Q(asked_by__isnull=False, asked_at__isnull=False) & ~Q(identity_proof="")),
                name="device_reset_asked_by_somebody",
                violation_error_message="A reset needs who asked, and how identity was proved.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(ResetStatus.APPROVED, ResetStatus.DENIED))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="device_reset_decided_by_somebody",
                violation_error_message="A decided reset needs who decided, and when.",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="device_reset_by_two_people",
                violation_error_message="Who asked for a reset can't decide on it.",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=models.F("person")) & ~Q(decided_by=models.F("person")),
                name="device_reset_by_others",
                violation_error_message="Nobody resets their own devices.",
            ),
        ]
        indexes = [models.Index(fields=["status", "-begun_at"], name="device_reset_newest")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_status_display()}"
