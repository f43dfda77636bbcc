"""What is registered."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import User
from organizations.enums import OrganizationSize
from organizations.models import Organization
from qpp_registration.last_four import LastFour
from qpp_registration.phones import show_phone
from registrations.enums import EnrollmentStatus, Origin
from registrations.models.years import Offering, PerformanceYear
from registrations.policy.registration import (
    CONTACT_FIELDS,
    ORGANIZATION_FIELDS,
    is_complete_contact,
)
from registrations.querysets import ContactQuerySet, EnrollmentQuerySet


class RegistrationNumber(models.Model):
    """The registration ID of an organization: given once, never changed, never used again."""

    organization = models.OneToOneField(
        Organization,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="registration_number",
    )
    number = models.PositiveIntegerField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=100_000, number__lte=9_999_999),
                name="registration_number_six_or_seven_digits",
            )
        ]

    def __str__(self) -> str:
        return str(self.number)


class Registration(models.Model):
    """An organization's record in a year: size, its own copy of name and address, contacts.

    `version` rises with every write to the registration or what belongs to it. `writers` says who
    wrote size, name and address last (see `registrations.details.writers`). `carried_from`: the
    year whose details an automatic registration took over; an official confirms them
    (`confirmed_at`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="registrations"
    )
    year = models.ForeignKey(
        PerformanceYear, on_delete=models.PROTECT, related_name="registrations"
    )
    size = models.CharField(max_length=10, blank=True, choices=OrganizationSize)
    name = models.CharField(max_length=200)
    address1 = models.CharField(max_length=100, blank=True)
    address2 = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    started_at = models.DateTimeField(editable=False)
    changed_at = models.DateTimeField(editable=False)
    changed_by = models.CharField(max_length=201, editable=False)
    writers = models.JSONField(default=dict, db_default={}, editable=False)
    carried_from = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.CharField(max_length=201, blank=True, db_default="", editable=False)

    class Meta:
        # As staff finds them; what somebody registered for are `Enrollment`s.
        verbose_name = "begun registration"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"], name="registration_one_a_year"
            ),
            models.CheckConstraint(
                condition=Q(size__in=["", *OrganizationSize.values]),
                name="registration_size_known",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="registration_confirmed_by_somebody",
                violation_error_message="Confirmed needs a time and a name, unconfirmed neither.",
            ),
        ]
        indexes = [
            models.Index(fields=["-changed_at"], name="registration_changed_last"),
            models.Index(fields=["size"], name="registration_by_size"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.year_id}"

    def information(self) -> dict[str, str]:
        """Name and mailing address, as plain values for `policy`."""
        return {name: getattr(self, name) for name in ORGANIZATION_FIELDS}


class Enrollment(models.Model):
    """A registration for one offering, with its status. Deleting is a status: the row stays.

    The last four are no columns: `EnrollmentQuerySet` reads them along.
    """

    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="enrollments"
    )
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="enrollments")
    status = models.CharField(max_length=10, choices=EnrollmentStatus)
    origin = models.CharField(max_length=10, choices=Origin)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    role: str
    approved: bool | None
    in_shared_savings_program: bool | None
    extended_until: datetime | None

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = "registration"
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "offering"], name="enrollment_one_an_offering"
            ),
            models.CheckConstraint(
                condition=Q(
                    status=EnrollmentStatus.INCOMPLETE,
                    completed_at__isnull=True,
                    cancelled_at__isnull=True,
                )
                | Q(
                    status=EnrollmentStatus.COMPLETE,
                    completed_at__isnull=False,
                    cancelled_at__isnull=True,
                )
                | Q(status=EnrollmentStatus.CANCELLED, cancelled_at__isnull=False),
                name="enrollment_status_has_its_times",
                violation_error_message=(
                    "Complete needs a time of completion, cancelled a time of cancellation, "
                    "incomplete neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(origin__in=Origin.values)
                & ~Q(origin=Origin.AUTOMATIC, status=EnrollmentStatus.INCOMPLETE),
                name="enrollment_automatic_is_complete",
                violation_error_message="An automatic registration is never incomplete.",
            ),
        ]
        indexes = [
            models.Index(fields=["offering", "status"], name="enrollment_by_status"),
            # Newest first, as the staff's list has them.
            models.Index(fields=["status", "-id"], name="enrollment_newest_of_status"),
            models.Index(fields=["origin", "-id"], name="enrollment_newest_of_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.get_status_display()}"


class Contact(models.Model):
    """A person who gets updates about a registration. Counted and mailed only when complete.

    `writers` says who wrote each field last (see `registrations.details.writers`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="contacts"
    )
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    email = models.EmailField("E-mail", blank=True)
    phone = models.CharField(max_length=10, blank=True)
    extension = models.CharField(max_length=10, blank=True)
    position = models.PositiveSmallIntegerField(editable=False)
    changed_by = models.CharField(max_length=201, editable=False)
    writers = models.JSONField(default=dict, db_default={}, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "position"], name="contact_position_once"
            )
        ]
        indexes = [
            models.Index(LastFour("phone"), name="contact_phone_end"),
            models.Index(Lower("email"), name="contact_email_in_any_case"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def values(self) -> dict[str, str]:
        """The fields that people fill in, as plain values for `policy`."""
        return {name: getattr(self, name) for name in CONTACT_FIELDS}

    @property
    def is_complete(self) -> bool:
        """Whether the contact counts and gets updates."""
        return is_complete_contact(self.values())

    @property
    def shown_phone(self) -> str:
        """The phone number with its extension, as people read it."""
        phone = show_phone(self.phone)
        return f"{phone}, ext. {self.extension}" if self.extension else phone
