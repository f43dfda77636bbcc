"""Links that are mailed, and that somebody asked for them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.enums import LinkPurpose
from accounts.models.people import User
from qpp_registration import clock


class AccountLink(models.Model):
    """A mailed link to set a password, to register, or to confirm a new e-mail. Works once.

    Of a person (or, to register, of an address) and purpose there is one: the newest. `digest` is
    of the token in the link, which isn't stored. `email` is where it went. The names and `phone`
    are what somebody who registers entered; there is no account before the link is used.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=10, choices=LinkPurpose)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="links"
    )
    email = models.EmailField()
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=10, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="User IDs that were tried and taken."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="link_expires_after_made"
            ),
            models.CheckConstraint(
                condition=Q(purpose=LinkPurpose.REGISTER, user=None)
                | (~Q(purpose=LinkPurpose.REGISTER) & Q(user__isnull=False)),
                name="link_has_a_person_unless_to_register",
            ),
        ]
        indexes = [
            models.Index(Lower("email"), name="link_of_email_in_any_case"),
            models.Index(fields=["expires_at"], name="link_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {clock.show_to_the_second(self.created_at)}"


class MailRequest(models.Model):
    """Somebody who isn't signed in asked for a mail: kept for a day, to count what was asked.

    `asked` is a keyed hash of the account, or of what was typed where there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked = models.CharField(max_length=64)
    source_address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["asked", "-at"], name="mail_request_of_account"),
            models.Index(fields=["source_address", "-at"], name="mail_request_of_address"),
            models.Index(fields=["at"], name="mail_request_age"),
        ]

    def __str__(self) -> str:
        return f"Asked {clock.show_to_the_second(self.at)}"
