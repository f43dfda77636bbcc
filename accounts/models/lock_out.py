"""What keeps passwords from being guessed: failures, and the browsers of people who were in."""

from django.db import models

from accounts.models.people import User
from qpp_registration import clock


class FailedPassword(models.Model):
    """A wrong password for a user ID, whether or not somebody has it.

    `user_key` is a keyed hash of the user ID, because people type passwords into the wrong field.
    `browser`: the digest of a known browser, which is counted by itself; empty for all others
    together.
    """

    id = models.BigAutoField(primary_key=True)
    user_key = models.CharField(max_length=64)
    browser = models.CharField(max_length=64, blank=True)
    source_address = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user_key", "-at"], name="failed_password_newest")]

    def __str__(self) -> str:
        return f"Wrong password {clock.show_to_the_second(self.at)}"


class KnownBrowser(models.Model):
    """A browser in which the person passed the second factor. It is no factor itself.

    `browser` is the digest of the random ID that the browser keeps in a cookie.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_browsers")
    browser = models.CharField(max_length=64)
    signed_in_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "browser"], name="known_browser_once_a_person")
        ]

    def __str__(self) -> str:
        return f"Known since {clock.show_to_the_second(self.signed_in_at)}"
