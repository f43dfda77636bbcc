"""The directory of organizations that can be registered."""

import uuid

from django.db import models
from django.db.models import Q

from organizations.enums import OrganizationKind, OrganizationSize
from organizations.policy import show_identifier
from qpp_registration import clock


class Organization(models.Model):
    """A group, virtual group or APM Entity. Comes from directory files, never from its officials.

    `search_name` is the name case-folded, because databases differ in how they fold case. It sorts
    by code point in both, so that its indexes find beginnings as well (migration 0002).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=OrganizationKind)
    identifier = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, editable=False)
    address1 = models.CharField(max_length=100, blank=True)
    address2 = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "identifier"], name="organization_kind_identifier_unique"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OrganizationKind.values), name="organization_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["search_name"], name="organization_search_name"),
            models.Index(fields=["state", "search_name", "id"], name="organization_by_state"),
            models.Index(fields=["kind", "search_name", "id"], name="organization_by_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_identifier(self) -> str:
        """The identifier as the guides show it."""
        return show_identifier(self.kind, self.identifier)


class Participation(models.Model):
    """What CMS knows of an organization in one performance year.

    The size is the directory's hint; what an official chooses is kept with the registration.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="participations"
    )
    performance_year = models.PositiveSmallIntegerField()
    approved = models.BooleanField(default=False, help_text="CMS-approved virtual group.")
    shared_savings_program = models.BooleanField(default=False)
    size = models.CharField(max_length=10, blank=True, choices=OrganizationSize)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "performance_year"], name="participation_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(size__in=["", *OrganizationSize.values]),
                name="participation_size_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} in {self.performance_year}"


class DirectoryImport(models.Model):
    """The record that a load of the directory leaves: which file, when, by whom, what it did."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    performance_year = models.PositiveSmallIntegerField()
    loaded_by = models.CharField(max_length=150)
    loaded_at = models.DateTimeField()
    created = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-loaded_at"], name="directory_import_newest")]

    def __str__(self) -> str:
        return f"{self.file_name} for {self.performance_year}"
