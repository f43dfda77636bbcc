"""Devices that people are verified with, and the codes sent to them.

The authenticator app is django-otp's own TOTP device, the passkey is django-otp-webauthn's.
"""

import uuid

from django.db import models
from django.db.models import Q
from django_otp.models import Device, TimestampMixin

from accounts.enums import Channel
from accounts.models.people import User
from qpp_registration import clock
from qpp_registration.last_four import LastFour


class ChannelDevice(TimestampMixin, Device):
    """A phone that receives one-time codes, as text messages or calls. E-mail is no second factor.

    `address` is the phone's ten digits; people see only the last four. `wrong_codes` counts wrong
    codes in a row.
    """

    channel: models.CharField = models.CharField(
        max_length=10,
        choices=[(channel.value, channel.label) for channel in (Channel.TEXT, Channel.VOICE)],
        default=Channel.TEXT,
    )
    address: models.CharField = models.CharField(max_length=10)
    wrong_codes: models.PositiveSmallIntegerField = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "address"], name="channel_device_once_a_person"
            )
        ]
        indexes = [models.Index(LastFour("address"), name="channel_device_phone_end")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What the device dropdown shows: `Text message to ***-***-8563` (2023 guide, III.4)."""
        return f"{self.get_channel_display()} to ***-***-{self.address[-4:]}"


class OneTimeCode(models.Model):
    """A code that was sent, kept as a keyed hash only, bound to one sign-in, used at most once.

    It outlives its device, so that removing and adding a phone doesn't begin the count of codes
    anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(
        ChannelDevice, null=True, on_delete=models.SET_NULL, related_name="codes"
    )
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
            models.Index(fields=["user", "-sent_at"], name="code_newest_of_user"),
            models.Index(fields=["source_address", "-sent_at"], name="code_newest_of_address"),
        ]

    def __str__(self) -> str:
        return f"Code sent {clock.show_to_the_second(self.sent_at)}"


class RecoveryCodes(Device):
    """A person's set of recovery codes. No device that counts: it is paper for a lost one.

    Making new codes replaces those of the set; the set stays, with the sessions that began by it.
    """

    made_at: models.DateTimeField = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], name="recovery_codes_one_set_a_person")
        ]


class RecoveryCode(models.Model):
    """One recovery code, kept as a keyed hash only, used at most once."""

    codes = models.ForeignKey(RecoveryCodes, on_delete=models.CASCADE, related_name="all")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["codes", "digest"], name="recovery_code_once_in_a_set")
        ]

    def __str__(self) -> str:
        return "Used" if self.used_at else "Not used"


class PasskeyChallenge(models.Model):
    """What a passkey is to sign, once: bound to one sign-in, or to one adding of a device."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    sign_in = models.UUIDField(unique=True)
    challenge = models.CharField(max_length=200)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Challenge until {clock.show_to_the_second(self.expires_at)}"
