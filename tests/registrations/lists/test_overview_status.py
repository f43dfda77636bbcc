"""What the overview says in SQL and beside each organization is what the policy decides, in every
situation there can be, so that a button and the answer to its press can't disagree."""

from datetime import timedelta
from itertools import cycle, product
from typing import Any

import pytest

from accounts.actors import official
from accounts.models import User
from organizations.enums import OrganizationKind
from organizations.models import Organization, Participation
from registrations.cases.year import read_year_case
from registrations.enums import EnrollmentStatus, ListStatus, Product
from registrations.lists.overview import figures_by_kind, matching, page_of_rows
from registrations.lists.overview_rows import REGISTERED, Row
from registrations.lists.queries import PAGE_SIZE, Wanted
from registrations.models import Offering, WindowExtension
from registrations.policy.registration import Action, list_status
from registrations.querysets import organizations_with_statuses
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)
from tests.registrations.enrolled import begun, enroll

STATUSES = (None, EnrollmentStatus.COMPLETE, EnrollmentStatus.CANCELLED)
# Approved and in the Shared Savings Program; None: CMS told nothing of the organization.
PARTICIPATIONS = (None, *product((False, True), repeat=2))
TIMES = (
    DURING_2022 - timedelta(days=90),
    DURING_2022,
    CLOSES_2022 - timedelta(hours=1),
    CLOSES_2022,
)

World = tuple[User, list[Offering], dict[Any, dict[Product, ListStatus]]]


@pytest.fixture
def every_situation(db: None) -> World:
    """A person with one organization of each situation, and what the policy says of each.

    The Web Interface closes a week earlier; every seventh organization has an extension. Around
    each there is noise: a registration and a participation in another year.
    """
    offerings = explicit_year()
    web = offerings[Product.WEB_INTERFACE]
    web.closes_at = DURING_2022 - timedelta(days=7)
    web.save()
    other = OfferingFactory()
    user, expected, sizes = UserFactory(password="!"), {}, cycle(("", "2-24", "25-99", "100+"))
    for place, (kind, *statuses, participation) in enumerate(
        product(OrganizationKind, STATUSES, STATUSES, PARTICIPATIONS)
    ):
        organization = OrganizationFactory(kind=kind)
        RoleFactory(
            user=user,
            organization=organization,
            name="staff_user" if place % 11 == 0 else "security_official",
        )
        approved, shared_savings = participation or (False, False)
        for year in (2022, 2023) if participation else ():
            Participation.objects.create(
                organization=organization,
                performance_year=year,
                approved=approved if year == 2022 else not approved,
                shared_savings_program=shared_savings if year == 2022 else not shared_savings,
            )
        by_product = dict(zip(offerings, statuses, strict=True))
        stand(organization, offerings, by_product, size=next(sizes), place=place)
        enroll(organization, {Product.CAHPS: other}, [Product.CAHPS], contacts=())
        expected[organization.pk] = {
            found: list_status(
                kind=kind, status=status, approved=approved, shared_savings=shared_savings
            )
            for found, status in by_product.items()
        }
    return user, list(offerings.values()), expected


def stand(
    organization: Organization,
    offerings: dict[Product, Offering],
    statuses: dict[Product, EnrollmentStatus | None],
    *,
    size: str,
    place: int,
) -> None:
    """Bring the organization to where those statuses say."""
    if any(statuses.values()) or place % 2:
        registration = begun(organization, offerings, size=size, contacts=())
        for found, status in statuses.items():
            if status:
                registration.enrollments.create(
                    offering=offerings[found],
                    status=status,
                    origin="official",
                    completed_at=DURING_2022,
                    cancelled_at=DURING_2022 if status == "cancelled" else None,
                )
    if place % 7 == 0:
        WindowExtension.objects.create(
            organization=organization,
            offering=offerings[list(offerings)[place % 2]],
            until=CLOSES_2022 + timedelta(days=3),
            reason="Flood",
            granted_by="Operations",
            granted_at=DURING_2022,
        )


def all_rows(world: World, at: Any = DURING_2022) -> list[Row]:
    user, offerings, _ = world
    rows: list[Row] = []
    for kind in OrganizationKind:
        wanted = Wanted(kind=kind)
        total = matching(user, offerings, wanted).count()
        for number in range(1, -(-total // PAGE_SIZE) + 1):
            rows += page_of_rows(
                user, offerings, wanted, number=number, total=total, received_at=at
            )[1]
    return rows


def test_sql_says_what_the_policy_says(every_situation: World) -> None:
    user, offerings, expected = every_situation
    said = {
        row.pk: {found: getattr(row, f"list_status_{found}") for found in Product}
        for row in organizations_with_statuses(user, offerings)
    }
    assert said == expected
    assert len(said) == 3 * 3 * 3 * 5


@pytest.mark.parametrize("at", TIMES)
def test_buttons_are_there_where_the_press_is_not_refused(every_situation: World, at: Any) -> None:
    user, _, expected = every_situation
    rows = all_rows(every_situation, at)
    assert {row.organization_id for row in rows} == set(expected)
    offered = 0
    for row in rows:
        case = read_year_case(organization_id=row.organization_id, year=2022, actor=official(user))
        assert row.may_change == (case.shared(at).refusal(Action.CHANGE, at) is None)
        shown = {found.product: found for found in row.offered}
        for found, of_offering in case.cases.items():
            may_register = of_offering.refusal(Action.REGISTER, at) is None
            may_cancel = of_offering.refusal(Action.CANCEL, at) is None
            is_registered = found in case.registered
            offered += may_register and not is_registered
            if found not in shown:
                assert not is_registered
                assert not may_register, "an offering that can be registered is hidden"
                continue
            assert shown[found].may_register == (may_register and not is_registered)
            assert shown[found].may_cancel == may_cancel
            assert shown[found].status == expected[row.organization_id][found]
    assert bool(offered) == (at != TIMES[0])


def test_figures_and_filters_say_the_same(every_situation: World) -> None:
    user, offerings, expected = every_situation
    for kind, figures in figures_by_kind(user, offerings).items():
        everything = set(matching(user, offerings, Wanted(kind=kind)).values_list("pk", flat=True))
        assert figures.total == len(everything)
        registered = {}
        for found in Product:
            registered[found] = {pk for pk in everything if expected[pk][found] in REGISTERED}
            filtered = matching(user, offerings, Wanted(kind=kind, status=found))
            assert set(filtered.values_list("pk", flat=True)) == registered[found]
            assert figures.registered[found] == len(registered[found]) > 0
        none = everything - set().union(*registered.values())
        filtered = matching(user, offerings, Wanted(kind=kind, status="not_registered"))
        assert set(filtered.values_list("pk", flat=True)) == none
        assert figures.not_registered == len(none) > 0
