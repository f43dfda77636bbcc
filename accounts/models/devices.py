"""Devices that receive one-time codes, and the codes sent to them.

The authenticator app is django-otp's own TOTP device.
"""

import uuid

from django.db import models
from django.db.models import Q
from django_otp.models import Device

from accounts.enums import Channel
from accounts.models.people import User
from qpp_registration import clock


class ChannelDevice(Device):
    """A phone that receives one-time codes as text messages. E-mail is no second factor.

    `address` is the phone's ten digits; people see only the last four.
    """

    channel: models.CharField = models.CharField(
        max_length=10, choices=[(Channel.TEXT.value, Channel.TEXT.label)], default=Channel.TEXT
    )
    address: models.CharField = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "address"], name="channel_device_once_a_person"
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the device dropdown shows: `Text message to ***-***-8563` (2023 guide, III.4)."""
        return f"{self.get_channel_display()} to ***-***-{self.address[-4:]}"


class OneTimeCode(models.Model):
    """A code that was sent, kept as a keyed hash only, bound to one sign-in, used at most once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(ChannelDevice, on_delete=models.CASCADE, related_name="codes")
    sign_in = models.UUIDField(help_text="The sign-in that the code was asked for.")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    source_address = models.CharField(max_length=45, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("sent_at")), name="code_expires_after_sent"
            )
        ]
        indexes = [
            models.Index(fields=["device", "-sent_at"], name="code_newest_of_device"),
            models.Index(fields=["sign_in", "-sent_at"], name="code_newest_of_sign_in"),
            models.Index(fields=["source_address", "-sent_at"], name="code_newest_of_address"),
        ]

    def __str__(self) -> str:
        return f"Code sent {clock.show_to_the_second(self.sent_at)}"
