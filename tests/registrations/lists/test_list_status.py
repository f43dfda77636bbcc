"""What the list says in SQL is what the policy says in Python, in every situation there can be."""

from itertools import product
from typing import Any
from uuid import UUID

import pytest

from accounts.models import User
from organizations.enums import OrganizationKind
from organizations.models import Organization, Participation
from registrations.enums import EnrollmentStatus, ListStatus, Product
from registrations.lists.organizations import FILTERS, Row, figures_by_kind, how_many, page_of_rows
from registrations.lists.queries import PAGE_SIZE, Wanted, matching
from registrations.models import Enrollment, Offering, Registration, RegistrationNumber
from registrations.policy.registration import list_status
from registrations.querysets import organizations_with_status
from tests.factories import (
    DURING,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)

STATUSES = (None, *EnrollmentStatus)
# Approved and in the Shared Savings Program; None: CMS told nothing of the organization.
PARTICIPATIONS = (None, *product((False, True), repeat=2))


@pytest.fixture(params=[True, False], ids=["registers ACOs", "doesn't register ACOs"])
def every_situation(db: None, request: Any) -> tuple[Any, Offering, dict[Any, ListStatus]]:
    """A person with one organization of each situation, and what the policy says of each.

    Around each there is noise: another year with another status and the opposite participation.
    """
    offering = OfferingFactory(registers_shared_savings=request.param)
    other = OfferingFactory(year=YearFactory(year=2024))
    sibling = OfferingFactory(product=Product.WEB_INTERFACE)
    user, expected = UserFactory(password="!"), {}
    for kind, status, participation in product(OrganizationKind, STATUSES, PARTICIPATIONS):
        organization = OrganizationFactory(kind=kind)
        RoleFactory(user=user, organization=organization)
        RoleFactory(organization=organization, user=UserFactory(password="!"))
        approved, shared_savings = participation or (False, False)
        if participation:
            Participation.objects.create(
                organization=organization,
                performance_year=2023,
                approved=approved,
                shared_savings_program=shared_savings,
            )
        Participation.objects.create(
            organization=organization,
            performance_year=2024,
            approved=not approved,
            shared_savings_program=not shared_savings,
        )
        if status:
            enroll(organization, offering, status)
            enroll(organization, sibling, EnrollmentStatus.COMPLETE)
        if status != EnrollmentStatus.COMPLETE:
            enroll(organization, other, EnrollmentStatus.COMPLETE)
        expected[organization.pk] = list_status(
            kind=kind,
            status=status,
            approved=approved,
            shared_savings=shared_savings and request.param,
        )
    return user, offering, expected


def enroll(organization: Any, offering: Offering, status: EnrollmentStatus) -> None:
    registration, _ = Registration.objects.get_or_create(
        organization=organization,
        year=offering.year,
        defaults={"name": "x", "started_at": DURING, "changed_at": DURING},
    )
    RegistrationNumber.objects.get_or_create(
        organization=organization,
        defaults={"number": 100_000 + RegistrationNumber.objects.count()},
    )
    Enrollment.objects.create(
        registration=registration,
        offering=offering,
        status=status,
        origin="official",
        completed_at=DURING if status == EnrollmentStatus.COMPLETE else None,
        cancelled_at=DURING if status == EnrollmentStatus.CANCELLED else None,
    )


def keys(user: User, offering: Offering, wanted: Wanted) -> list[UUID]:
    """What is selected and what is downloaded, in the order of the list."""
    return list(matching(user, offering, wanted).values_list("pk", flat=True))


def all_rows(user: User, offering: Offering, wanted: Wanted) -> list[Row]:
    """Those of all pages."""
    total, _ = how_many(user, offering, DURING, wanted)
    rows: list[Row] = []
    for number in range(1, -(-total // PAGE_SIZE) + 1):
        rows += page_of_rows(
            user, offering, wanted, number=number, total=total, received_at=DURING
        )[1]
    return rows


def test_sql_says_what_the_policy_says(every_situation: Any) -> None:
    user, offering, expected = every_situation
    said = organizations_with_status(user, offering).values_list("pk", "list_status")
    assert dict(said) == expected
    assert len(said) == len(expected) == 3 * 4 * 5, "each organization once"


def test_rows_say_what_the_policy_says(every_situation: Any) -> None:
    user, offering, expected = every_situation
    said = {}
    for kind in OrganizationKind:
        rows = all_rows(user, offering, Wanted(kind=kind))
        said |= {row.organization_id: row.status for row in rows}
    assert said == expected


def test_figures_add_up_to_what_the_policy_says(every_situation: Any) -> None:
    user, offering, expected = every_situation
    for kind, figures in figures_by_kind(user, offering, DURING).items():
        said = [expected[pk] for pk in keys(user, offering, Wanted(kind=kind))]
        assert figures.total == len(said)
        assert figures.not_started == said.count(ListStatus.NOT_STARTED)
        assert figures.incomplete == said.count(ListStatus.INCOMPLETE)
        assert figures.complete == said.count(ListStatus.COMPLETE) + said.count(
            ListStatus.AUTOMATIC
        )
        others = said.count(ListStatus.NOT_POSSIBLE)
        shown = figures.not_started + figures.incomplete + figures.complete
        assert shown + others == figures.total


def test_figures_count_the_rows_that_can_be_selected(every_situation: Any) -> None:
    user, offering, _ = every_situation
    for kind, figures in figures_by_kind(user, offering, DURING).items():
        wanted = Wanted(kind=kind)
        rows = all_rows(user, offering, wanted)
        assert len(rows) == figures.total
        assert figures.registerable == sum(row.can_be_selected for row in rows) > 0
        assert how_many(user, offering, DURING, wanted) == (figures.total, figures.registerable)


def test_filters_split_the_list_without_rest_and_without_overlap(every_situation: Any) -> None:
    user, offering, expected = every_situation
    for kind in OrganizationKind:
        parts = [
            set(keys(user, offering, Wanted(kind=kind, status=status)))
            for status in (ListStatus.NOT_STARTED, ListStatus.INCOMPLETE, ListStatus.COMPLETE)
        ]
        together = set().union(*parts)
        assert sum(map(len, parts)) == len(together)
        rest = set(keys(user, offering, Wanted(kind=kind))) - together
        assert {expected[pk] for pk in rest} <= {ListStatus.NOT_POSSIBLE}


def test_pages_show_what_is_selected_and_downloaded(every_situation: Any) -> None:
    user, offering, _ = every_situation
    for place, found in enumerate(Organization.objects.order_by("identifier")):
        found.name = r"Ål 50% a_b c\d" if place % 2 else "Other"
        found.search_name = found.name.casefold()
        found.save()
    incomplete = Registration.objects.filter(enrollments__status=EnrollmentStatus.INCOMPLETE)
    incomplete.update(name="Its Own")
    for kind, name, status in product(
        OrganizationKind, ("", "åL", "%", "_", "\\", "own"), ("", *FILTERS)
    ):
        wanted = Wanted(kind=kind, name=name, status=status)
        shown = [row.organization_id for row in all_rows(user, offering, wanted)]
        assert shown == keys(user, offering, wanted)
        has_own = status in {"", ListStatus.INCOMPLETE}
        assert bool(shown) == (name != "own" or has_own)
        one = Wanted(kind=kind, organization_id=shown[0] if shown else user.pk)
        assert [row.organization_id for row in all_rows(user, offering, one)] == shown[:1]
