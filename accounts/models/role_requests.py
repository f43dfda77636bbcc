"""What people ask an organization for: a role, or an answer."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from accounts.enums import RoleName, RoleRequestStatus
from accounts.models.people import User
from organizations.enums import OrganizationKind
from organizations.models import Organization
from organizations.policy import show_identifier
from qpp_registration.clock import Moment, moment

PENDING = Q(status=RoleRequestStatus.PENDING)
DECIDED_BY_A_PERSON = (RoleRequestStatus.APPROVED, RoleRequestStatus.DENIED)


class IsSettled(models.Func):
    """Whether a status isn't pending. Without a parameter, as an index has it (`LastFour`)."""

    template = "(%(expressions)s <> 'pending')"
    output_field = models.BooleanField()


# Since when the organization could decide a request: `RoleRequest.waits_since` in the database.
WAITS_SINCE = Coalesce("matched_at", "asked_at")


class RoleRequest(models.Model):
    """One *Connect to Organization* (2023 guide, II): who asks for which role where.

    `kind` and `identifier` are what the person gave. `organization` is the one that has it, or that
    CMS staff found instead at `matched_at`; None while there is none. `told_at`, `chased_at`: when
    those who decide were told and reminded. `decided_by` is None where nobody in person ended it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_requests")
    kind = models.CharField(max_length=20, choices=OrganizationKind)
    identifier = models.CharField(max_length=20)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="role_requests"
    )
    role = models.CharField(max_length=20, choices=RoleName)
    job_title = models.CharField(max_length=100)
    work_phone = models.CharField(max_length=10)
    note = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    matched_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(
        max_length=10, choices=RoleRequestStatus, default=RoleRequestStatus.PENDING
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by_name = models.CharField(max_length=201, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"],
                condition=PENDING & Q(organization__isnull=False),
                name="role_request_one_pending_of_a_person_on_an_organization",
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "identifier"],
                condition=PENDING,
                name="role_request_one_pending_of_a_person_for_an_identifier",
            ),
            models.CheckConstraint(
                condition=PENDING
                & Q(decided_at__isnull=True, decided_by__isnull=True, decided_by_name="")
                | ~PENDING & Q(decided_at__isnull=False) & ~Q(decided_by_name=""),
                name="role_request_decided_by_whom_and_when",
                violation_error_message="A request says when and by whom exactly when it ended.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=DECIDED_BY_A_PERSON)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("user")),
                name="role_request_not_decided_by_who_asks",
                violation_error_message="Nobody decides their own request.",
            ),
            models.CheckConstraint(
                condition=~Q(status=RoleRequestStatus.APPROVED) | Q(organization__isnull=False),
                name="role_request_approved_for_an_organization",
            ),
            models.CheckConstraint(
                condition=~Q(status=RoleRequestStatus.DENIED) | ~Q(reason=""),
                name="role_request_denied_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(role__in=RoleName.values, status__in=RoleRequestStatus.values),
                name="role_request_known",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-asked_at"], name="role_request_newest_of_user"),
            models.Index(
                fields=["organization", "asked_at"], condition=PENDING, name="role_request_pending"
            ),
            models.Index(fields=["asked_at"], condition=PENDING, name="role_request_longest"),
            models.Index(IsSettled("status"), WAITS_SINCE, "id", name="role_request_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def given_identifier(self) -> str:
        """The identifier that the person gave, as the guides show it."""
        return show_identifier(self.kind, self.identifier)

    @property
    def identifier_label(self) -> str:
        """What an identifier of this kind is called."""
        return OrganizationKind(self.kind).identifier_label

    @property
    def kind_label(self) -> str:
        """The kind, as its tab calls one organization."""
        return OrganizationKind(self.kind).in_tab

    @property
    def asked_moment(self) -> Moment:
        """When it was asked, for a page."""
        return moment(self.asked_at)

    @property
    def decided_moment(self) -> Moment | None:
        """When it ended, for a page."""
        return moment(self.decided_at) if self.decided_at else None

    @property
    def waits_since(self) -> datetime:
        """Since when the organization's Security Officials could decide it."""
        return self.matched_at or self.asked_at


class OfficialsQuestion(models.Model):
    """A question to an organization's Security Officials, from somebody who doesn't know them.

    Kept so that tries can be limited. The text is gone once it was passed on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField(max_length=1000, blank=True)
    asked_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(passed_at__isnull=True) | Q(text=""),
                name="officials_question_forgotten_when_passed_on",
            )
        ]
        indexes = [
            models.Index(fields=["user", "-asked_at"], name="officials_question_newest"),
            models.Index(
                fields=["asked_at"],
                condition=Q(passed_at__isnull=True),
                name="officials_question_to_pass_on",
            ),
        ]

    def __str__(self) -> str:
        return f"Question of {self.user}"
