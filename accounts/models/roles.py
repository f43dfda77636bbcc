"""Roles of people on organizations."""

import uuid

from django.db import models
from django.db.models import Q

from accounts.enums import RoleName
from accounts.models.people import User
from organizations.models import Organization

GRANTED_BY = 150  # characters; the audit keeps longer names whole


class Role(models.Model):
    """A person's role on an organization; at most one of each person there (2023 guide, II)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="roles")
    name = models.CharField(max_length=20, choices=RoleName)
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=GRANTED_BY)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], name="role_one_of_a_person_on_an_organization"
            ),
            models.CheckConstraint(condition=Q(name__in=RoleName.values), name="role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} of {self.organization}"
