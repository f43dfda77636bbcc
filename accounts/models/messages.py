"""The outbox: what people are told."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.enums import Channel, MessageStatus
from organizations.models import Organization
from qpp_registration import clock

ERASED = {"body": "", "html": ""}  # what becomes of a secret text
LOST = (MessageStatus.FAILED, MessageStatus.BOUNCED)  # what never arrives
GONE_OUT = (MessageStatus.SENT, MessageStatus.BOUNCED)  # what the channel took


class Message(models.Model):
    """A message to one address, written in the transaction of the change that it tells of.

    `about`: the key of what it tells of, so that a page about that can say what was sent. `html`
    says the same as `body`; only e-mail has it. `secret`: it holds a link or code that opens
    something, so its text is erased as soon as it is out or given up.

    Sent by `manage.py send_messages`. A worker takes a message by moving `lease_until`; what it
    doesn't finish by then another one takes. What comes back later, `manage.py record_bounce`
    marks as bounced.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=10, choices=Channel)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    html = models.TextField(blank=True, db_default="")
    secret = models.BooleanField(default=False, db_default=False, editable=False)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    about = models.UUIDField(null=True, blank=True, editable=False)
    dedupe_key = models.CharField(max_length=200, unique=True)
    status = models.CharField(
        max_length=10, choices=MessageStatus, default=MessageStatus.QUEUED, editable=False
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(help_text="Not sent before this moment.")
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="Not sent from this moment on."
    )
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=GONE_OUT, sent_at__isnull=False)
                | (~Q(status__in=GONE_OUT) & Q(sent_at__isnull=True)),
                name="message_sent_has_its_time",
                violation_error_message="A message has a time of sending exactly when it went out.",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status=MessageStatus.QUEUED),
                name="message_due",
            ),
            models.Index(
                fields=["about", "-created_at"],
                condition=Q(about__isnull=False),
                name="message_about",
            ),
            models.Index(fields=["created_at"], name="message_newest"),
            # Not of all: the sender would look for what is due in it, and sort it.
            models.Index(
                fields=["status", "created_at"],
                condition=Q(status__in=LOST),
                name="message_lost",
            ),
            models.Index(fields=["to", "created_at"], name="message_newest_to"),
        ]

    def __str__(self) -> str:
        return self.subject
