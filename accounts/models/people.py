"""People and what they agreed to."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

from qpp_registration import clock
from qpp_registration.last_four import LastFour


class UserManager(BaseUserManager["User"]):
    """Finds people by user ID and e-mail, without regard to case.

    As the constraints compare them that keep both unique, so that their indexes are used.
    """

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with that user ID. Raises User.DoesNotExist."""
        return self.with_user_id(username or "").get()

    def with_user_id(self, user_id: str) -> models.QuerySet["User"]:
        """The person with that user ID, or nobody."""
        return self.alias(folded=Lower("user_id")).filter(folded=Lower(models.Value(user_id)))

    def with_email(self, email: str) -> models.QuerySet["User"]:
        """The person with that e-mail, or nobody."""
        return self.alias(folded=Lower("email")).filter(folded=Lower(models.Value(email)))

    def create_user(self, user_id: str, email: str, password: str | None, **more: Any) -> "User":
        """Store a person. Without a password nobody can sign in until one is set by link."""
        user = self.model(user_id=user_id, email=self.normalize_email(email), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """A person with a HARP-style account (2023 guide, II).

    `phone` (ten digits) is how the person can be reached; codes go to devices. `password_set_at` is
    when the person last set or changed the password.

    `code_failures` counts wrong one-time codes in a row over all devices and sign-ins;
    `codes_locked_until` is when the next code will be looked at.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.CharField(
        "User ID",
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._@+-]{4,63}$")],
    )
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    email = models.EmailField("E-mail", unique=True)
    phone = models.CharField(max_length=10, blank=True, db_default="")
    password_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_active = models.BooleanField("active", default=True)
    is_staff = models.BooleanField("CMS staff", default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    code_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    codes_locked_until = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "user_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "first_name", "last_name"]

    class Meta:
        verbose_name, verbose_name_plural = "person", "people"
        constraints = [
            models.UniqueConstraint(
                Lower("user_id"),
                name="user_id_unique_in_any_case",
                violation_error_message="This user ID is taken.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_in_any_case",
                violation_error_message="An account with this e-mail exists.",
            ),
        ]
        indexes = [
            models.Index(LastFour("phone"), name="person_phone_end"),
            models.Index(Lower("last_name"), name="person_last_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def last_used_at(self) -> datetime:
        """When the account was last used: signed in, its password set, or made."""
        moments = (self.created_at, self.password_set_at, self.last_login)
        return max(moment for moment in moments if moment)


class FormerPassword(models.Model):
    """The hash of a password that the person had or has, so that it isn't taken again soon."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Set {clock.show_to_the_second(self.set_at)}"


class StatementAcceptance(models.Model):
    """One *Yes, I agree* to the Statement of Truth (2023 guide, III.3)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acceptances")
    accepted_at = models.DateTimeField()
    text_version = models.CharField(max_length=20)

    class Meta:
        indexes = [models.Index(fields=["user", "-accepted_at"], name="acceptance_newest_of_user")]

    def __str__(self) -> str:
        return f"{self.user}, version {self.text_version}"
