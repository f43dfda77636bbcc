"""What was done, by whom: written with each change, never changed afterwards."""

from django.db import models
from django.db.models import Q

from accounts.enums import ActorKind, AuditAction, Outcome
from qpp_registration import clock


class AuditEvent(models.Model):
    """One thing that somebody did or tried. The database refuses UPDATE and DELETE by trigger.

    Holds text instead of foreign keys, so that the log never stands in the way of live data.
    `action` is an `AuditAction`, not as choices of the field: a new one changes no table.
    `details` holds before and after of the changed fields, personal data masked. `about`: what the
    object is part of, such as the registration of a contact; else the object itself. `session`: the
    short name of the browser's session (`Session.handle`).
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=clock.now)
    action = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_id = models.CharField(max_length=36, blank=True)
    actor_name = models.CharField(max_length=201, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    organization_id = models.CharField(max_length=36, blank=True)
    object_id = models.CharField(max_length=36, blank=True)
    about = models.CharField(max_length=36, blank=True, db_default="")
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)
    source_address = models.CharField(max_length=45, blank=True)
    session = models.CharField(max_length=16, blank=True, db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["organization_id", "-at"], name="audit_newest_of_organization"),
            models.Index(fields=["object_id"], name="audit_object"),
            models.Index(fields=["about", "-at"], name="audit_newest_about"),
            models.Index(fields=["actor_id", "-at"], name="audit_newest_of_actor"),
            # Ascending: most events come last, and so no page of the index is left half full.
            models.Index(fields=["action", "at", "id"], name="audit_of_action_by_time"),
            models.Index(fields=["at", "id"], name="audit_by_time"),
            # Officials' events are most of all, and found without one.
            models.Index(
                fields=["actor_kind", "at", "id"],
                condition=Q(actor_kind__in=[ActorKind.STAFF, ActorKind.SYSTEM]),
                name="audit_of_cms_by_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{AuditAction(self.action).label} {clock.show_to_the_second(self.at)}"

    @property
    def outcome(self) -> Outcome:
        """How it came out."""
        return AuditAction(self.action).outcome


class AuditSeal(models.Model):
    """A batch of audit events under lock: a link of a chain that shows any change of them.

    `rows`: key and digest of each event, in order (`seals.digest.packed`). `digest` stands for
    them, for the rest of this row, and through `previous` for all seals before it. Append-only as
    the events are.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    last_event = models.BigIntegerField()
    events = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    rows = models.BinaryField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Seal {self.number}"
