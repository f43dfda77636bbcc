"""Scoped reads: which registrations a person sees, and what the list says of each organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Lower

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


@dataclass(frozen=True, kw_only=True)
class OfferingFacts:
    """What of an offering decides how the lists ask about it; equal when it is the same."""

    pk: UUID
    year_id: int
    product: str
    registers_shared_savings: bool

    @classmethod
    def of(cls, offering: "Offering") -> Self:
        """As the offering stands."""
        return cls(
            pk=offering.pk,
            year_id=offering.year_id,
            product=offering.product,
            registers_shared_savings=offering.registers_shared_savings,
        )


def organizations_in_year(user: Any, year: int) -> QuerySet[Any]:
    """The person's organizations, each with `role`, and `registration` and `participation` of the
    year: where every list begins. `user`: a person, or the blank of a prepared query."""
    return Organization.objects.filter(roles__user=user).annotate(
        role=F("roles__name"),
        registration=FilteredRelation("registrations", condition=Q(registrations__year=year)),
        participation=FilteredRelation(
            "participations", condition=Q(participations__performance_year=year)
        ),
    )


def organizations_with_status(user: Any, offering: "Offering | OfferingFacts") -> QuerySet[Any]:
    """The person's organizations, each with where it stands with that offering.

    Joins beside those of the year: `enrollment`, `extension`; annotations: `shared_savings`,
    `list_status`.
    """
    return _with_status(organizations_in_year(user, offering.year_id), offering)


def organizations_with_statuses(
    user: Any, offerings: "Sequence[Offering | OfferingFacts]"
) -> QuerySet[Any]:
    """The same with several offerings of one year; the names end in `_` and the product."""
    found = organizations_in_year(user, offerings[0].year_id)
    for offering in offerings:
        found = _with_status(found, offering, f"_{offering.product}")
    return found


def _with_status(
    found: QuerySet[Any], offering: "Offering | OfferingFacts", ending: str = ""
) -> QuerySet[Any]:
    shared_savings = (
        Q(participation__shared_savings_program=True)
        if offering.registers_shared_savings
        else Q(pk__isnull=True)
    )
    return found.annotate(
        **{
            f"enrollment{ending}": FilteredRelation(
                "registration__enrollments",
                condition=Q(registration__enrollments__offering=offering.pk),
            ),
            f"extension{ending}": FilteredRelation(
                "window_extensions", condition=Q(window_extensions__offering=offering.pk)
            ),
            f"shared_savings{ending}": Case(
                When(shared_savings, then=Value(value=True)), default=Value(value=False)
            ),
        }
    ).annotate(**{f"list_status{ending}": _list_status(ending)})


def _list_status(ending: str) -> Case:
    """What `policy.registration.list_status` says, for filters and counts; a test holds both."""
    status = f"enrollment{ending}__status"
    automatic = Q(**{f"shared_savings{ending}": True, f"{status}__isnull": True})
    return Case(
        When(**{status: EnrollmentStatus.COMPLETE}, then=Value(ListStatus.COMPLETE)),
        When(**{status: EnrollmentStatus.INCOMPLETE}, then=Value(ListStatus.INCOMPLETE)),
        When(automatic, then=Value(ListStatus.AUTOMATIC)),
        When(
            Q(kind=OrganizationKind.VIRTUAL_GROUP)
            & (Q(participation__approved=False) | Q(participation__isnull=True)),
            then=Value(ListStatus.NOT_POSSIBLE),
        ),
        default=Value(ListStatus.NOT_STARTED),
        output_field=CharField(),
    )


def sampling_facts(offering: OfferingFacts) -> dict[str, Any]:
    """Annotations for what a sampling result means, beside those of `organizations_with_status`."""
    from registrations.models import Enrollment, Offering

    web_interface = Offering.objects.filter(year=offering.year_id, product=Product.WEB_INTERFACE)
    # By both keys, so that no database looks through all that are complete.
    registered = Enrollment.objects.filter(
        registration=OuterRef("registration__pk"),
        offering=Subquery(web_interface.values("pk")),
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

    def with_email(self, email: str) -> Self:
        """Those with that e-mail, in any case."""
        return self.alias(folded=Lower("email")).filter(folded=Lower(Value(email)))
