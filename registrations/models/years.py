"""Performance years: everything in which one year differs from another is a row here."""

import uuid

from django.db import models
from django.db.models import F, Q

from organizations.enums import OrganizationSize
from organizations.models import Organization
from registrations.enums import Completion, LinkPurpose, Product


class PerformanceYear(models.Model):
    """A year and its rules. A later year is one more row.

    The minimum samples are the numbers of patients that CMS must be able to draw for each size.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    completion = models.CharField(max_length=10, choices=Completion)
    mails_contacts = models.BooleanField(
        default=False, help_text="Contacts are told of every registration, change and cancellation."
    )
    reminds_officials = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Security Officials of incomplete registrations are reminded of the close.",
    )
    omb_control_number = models.CharField("OMB control number", max_length=9, blank=True)
    burden_hours = models.DecimalField(
        "Hours per response", max_digits=4, decimal_places=2, null=True, blank=True
    )
    minimum_sample_small = models.PositiveIntegerField(
        "Minimum sample, 2-24", null=True, blank=True
    )
    minimum_sample_medium = models.PositiveIntegerField(
        "Minimum sample, 25-99", null=True, blank=True
    )
    minimum_sample_large = models.PositiveIntegerField(
        "Minimum sample, 100 or greater", null=True, blank=True
    )
    sampling_notices = models.CharField(
        max_length=60,
        blank=True,
        help_text="When organizations below the minimum sample are told: fall of 2023.",
    )
    notice = models.TextField(blank=True, help_text="Shown above the list and the front page.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(completion__in=Completion.values), name="year_completion_known"
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2017, year__lte=2100), name="year_plausible"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class ResourceLink(models.Model):
    """A document of a year; without one the pages name the document and don't link."""

    year = models.ForeignKey(PerformanceYear, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=30, choices=LinkPurpose)
    url = models.CharField("Address", max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "purpose"], name="link_once_a_year"),
            models.CheckConstraint(
                condition=Q(url__startswith="https://"),
                name="link_is_https",
                violation_error_message="The address must start with https://.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.year_id}"


class Offering(models.Model):
    """What can be registered in a year: a product with its window and its rules.

    The window is half-open: `closes_at` itself is closed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.ForeignKey(PerformanceYear, on_delete=models.PROTECT, related_name="offerings")
    product = models.CharField(max_length=20, choices=Product)
    minimum_size = models.CharField(max_length=10, choices=OrganizationSize)
    registers_shared_savings = models.BooleanField(
        "Shared Savings Program ACOs are registered automatically", default=True
    )
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "product"], name="offering_once_a_year"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="offering_closes_after_opening",
                violation_error_message="The window must close after it opens.",
            ),
            models.CheckConstraint(
                condition=Q(product__in=Product.values), name="offering_product_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_product_display()} {self.year_id}"


class WindowExtension(models.Model):
    """A later close for one organization; the effective close is the later of the two."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="window_extensions"
    )
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateTimeField()
    reason = models.CharField(max_length=300)
    granted_by = models.CharField(max_length=150)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "offering"], name="extension_one_of_an_organization"
            )
        ]
        indexes = [models.Index(fields=["-granted_at"], name="extension_newest")]

    def __str__(self) -> str:
        return f"{self.organization} until {self.until:%Y-%m-%d %H:%M}"
