"""Scoped reads: which registrations a person sees, and what the list says of each organization."""

from typing import TYPE_CHECKING, Any, Self

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from organizations.enums import OrganizationKind
from organizations.models import Organization
from registrations.enums import EnrollmentStatus, ListStatus, Product

if TYPE_CHECKING:
    from accounts.models import User
    from registrations.models.registrations import (  # noqa: F401 - quoted in base classes
        Contact,
        Enrollment,
    )
    from registrations.models.years import Offering

COMPLETE_CONTACT = ~(Q(first_name="") | Q(last_name="") | Q(email="") | Q(phone=""))

# What still needs doing comes first.
LIST_RANK = Case(
    When(list_status=ListStatus.INCOMPLETE, then=Value(0)),
    When(list_status=ListStatus.NOT_STARTED, then=Value(1)),
    default=Value(2),
)

# What `policy.list_status` says, for filters and counts; a test holds the two together.
_LIST_STATUS = Case(
    When(enrollment__status=EnrollmentStatus.COMPLETE, then=Value(ListStatus.COMPLETE)),
    When(enrollment__status=EnrollmentStatus.INCOMPLETE, then=Value(ListStatus.INCOMPLETE)),
    When(Q(shared_savings=True, enrollment__status__isnull=True), then=Value(ListStatus.AUTOMATIC)),
    When(
        Q(kind=OrganizationKind.VIRTUAL_GROUP)
        & (Q(participation__approved=False) | Q(participation__isnull=True)),
        then=Value(ListStatus.NOT_POSSIBLE),
    ),
    default=Value(ListStatus.NOT_STARTED),
    output_field=CharField(),
)


def organizations_with_status(user: "User", offering: "Offering") -> QuerySet[Any]:
    """The person's organizations, each with role, registration, enrollment and list status.

    Joins: `role`, `registration`, `enrollment`, `participation`, `extension`; annotations:
    `shared_savings`, `list_status`.
    """
    shared_savings = (
        Q(participation__shared_savings_program=True)
        if offering.registers_shared_savings
        else Q(pk__isnull=True)
    )
    return (
        Organization.objects.filter(roles__user=user)
        .annotate(
            role=F("roles__name"),
            registration=FilteredRelation(
                "registrations", condition=Q(registrations__year=offering.year_id)
            ),
            enrollment=FilteredRelation(
                "registration__enrollments",
                condition=Q(registration__enrollments__offering=offering),
            ),
            participation=FilteredRelation(
                "participations", condition=Q(participations__performance_year=offering.year_id)
            ),
            extension=FilteredRelation(
                "window_extensions", condition=Q(window_extensions__offering=offering)
            ),
        )
        .annotate(
            shared_savings=Case(
                When(shared_savings, then=Value(value=True)), default=Value(value=False)
            )
        )
        .annotate(list_status=_LIST_STATUS)
    )


def sampling_facts(offering: "Offering") -> dict[str, Any]:
    """Annotations for what a sampling result means, beside those of `organizations_with_status`."""
    from registrations.models import Enrollment, Offering

    web_interface = Offering.objects.filter(year=offering.year_id, product=Product.WEB_INTERFACE)
    registered = Enrollment.objects.filter(
        registration=OuterRef("registration__pk"),
        offering__product=Product.WEB_INTERFACE,
        status=EnrollmentStatus.COMPLETE,
    )
    return {
        "outcome": F("enrollment__sampling_result__outcome"),
        "with_web_interface": Exists(web_interface),
        "web_interface": Exists(registered),
    }


class EnrollmentQuerySet(QuerySet["Enrollment"]):
    """Enrollments, with everything that decides about them."""

    def visible_to(self, user: "User") -> Self:
        """Those of organizations that the person has a role on; `role` says which."""
        return self.filter(registration__organization__roles__user=user).annotate(
            role=F("registration__organization__roles__name")
        )

    def with_circumstances(self) -> Self:
        """With organization, registration ID and year, and with `approved`, `shared_savings` and
        `extended_until` of the organization in that year."""
        return self.select_related(
            "registration__organization__registration_number",
            "offering__year",
            "sampling_result",
        ).annotate(
            participation=FilteredRelation(
                "registration__organization__participations",
                condition=Q(
                    registration__organization__participations__performance_year=F(
                        "registration__year"
                    )
                ),
            ),
            extension=FilteredRelation(
                "registration__organization__window_extensions",
                condition=Q(registration__organization__window_extensions__offering=F("offering")),
            ),
            approved=F("participation__approved"),
            in_shared_savings_program=F("participation__shared_savings_program"),
            extended_until=F("extension__until"),
        )


class ContactQuerySet(QuerySet["Contact"]):
    """Contacts of registrations."""

    def complete(self) -> Self:
        """Those with first name, last name, e-mail and phone (2023 guide, II)."""
        return self.filter(COMPLETE_CONTACT)
