"""Who may decide on roles, and when, as plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.enums import ActorKind, RoleName, RoleRequestStatus
from accounts.policy.roles import (
    Undecidable,
    business_days_later,
    leaves_no_official,
    may_change_roles,
    possible_at,
    staff_may_decide_at,
    why_not_approved,
    why_not_decided,
)
from qpp_registration.clock import EASTERN, from_eastern_wall_time

OFFICIAL, STAFF_USER = RoleName.SECURITY_OFFICIAL, RoleName.STAFF_USER
FRIDAY = from_eastern_wall_time("2023-06-02 14:31")
MINUTE = timedelta(minutes=1)


def why(**more: object) -> Undecidable | None:
    """Why a Security Official can't decide what a stranger asked on Friday; `more` is different."""
    given_: dict = {
        "kind": ActorKind.OFFICIAL,
        "is_official": True,
        "is_own": False,
        "status": RoleRequestStatus.PENDING,
        "is_matched": True,
        "officials": 1,
        "asked_at": FRIDAY,
        "waits_since": FRIDAY,
        "received_at": FRIDAY + MINUTE,
    }
    return why_not_decided(**(given_ | more))


def test_official_of_the_organization_decides() -> None:
    assert why() is None
    assert why(is_official=False) is Undecidable.NOT_THEIRS
    assert why(is_matched=False) is Undecidable.NOT_THEIRS


@pytest.mark.parametrize("kind", [ActorKind.OFFICIAL, ActorKind.STAFF])
@pytest.mark.parametrize("status", RoleRequestStatus)
@pytest.mark.parametrize("is_matched", [True, False])
def test_nobody_decides_their_own(
    kind: ActorKind, status: RoleRequestStatus, is_matched: bool
) -> None:
    refused = why(kind=kind, is_own=True, status=status, is_matched=is_matched, officials=0)
    assert refused is Undecidable.OWN


@pytest.mark.parametrize("kind", [ActorKind.OFFICIAL, ActorKind.STAFF])
def test_what_ended_is_decided_by_nobody(kind: ActorKind) -> None:
    for status in set(RoleRequestStatus) - {RoleRequestStatus.PENDING}:
        assert why(kind=kind, status=status, officials=0) is Undecidable.DECIDED
    month = timedelta(days=30)
    late = {"kind": kind, "officials": 0}
    assert why(received_at=FRIDAY + month, **late) is Undecidable.EXPIRED
    assert why(received_at=FRIDAY + month - timedelta(seconds=1), **late) is None


def test_staff_decides_the_first_official_the_unmatched_and_what_nobody_touched() -> None:
    staff = {"kind": ActorKind.STAFF, "is_official": False}
    assert why(**staff) is Undecidable.WITH_OFFICIALS
    assert why(**staff, officials=0) is None
    assert why(**staff, is_matched=False) is None
    wednesday = from_eastern_wall_time("2023-06-07 14:31")
    assert staff_may_decide_at(FRIDAY) == wednesday
    assert why(**staff, received_at=wednesday) is None
    assert why(**staff, received_at=wednesday - MINUTE) is Undecidable.WITH_OFFICIALS
    assert (
        why(**staff, received_at=wednesday, waits_since=FRIDAY + MINUTE)
        is Undecidable.WITH_OFFICIALS
    )


def test_approving_needs_an_organization_and_takes_nothing_away() -> None:
    assert why_not_approved(is_active=True, is_matched=True, held=None, asked=OFFICIAL) is None
    assert (
        why_not_approved(is_active=True, is_matched=True, held=STAFF_USER, asked=OFFICIAL) is None
    )
    assert why_not_approved(is_active=True, is_matched=True, held=OFFICIAL, asked=OFFICIAL) is None
    unmatched = why_not_approved(is_active=True, is_matched=False, held=None, asked=OFFICIAL)
    assert unmatched is Undecidable.UNMATCHED
    disabled = why_not_approved(is_active=False, is_matched=True, held=None, asked=OFFICIAL)
    assert disabled is Undecidable.DISABLED
    more = why_not_approved(is_active=True, is_matched=True, held=OFFICIAL, asked=STAFF_USER)
    assert more is Undecidable.HAS_MORE


@pytest.mark.parametrize(
    ("asked", "later"),
    [
        ("2023-06-05 09:00", "2023-06-08 09:00"),  # Monday: Thursday
        ("2023-06-07 09:00", "2023-06-12 09:00"),  # Wednesday: over the weekend to Monday
        ("2023-06-02 23:59", "2023-06-07 23:59"),  # Friday, one minute before the weekend
        ("2023-06-03 00:00", "2023-06-08 00:00"),  # Saturday counts as Monday's beginning
        ("2023-06-04 23:59", "2023-06-08 00:00"),  # Sunday as well
        ("2023-03-10 09:00", "2023-03-15 09:00"),  # the clocks change in between
    ],
)
def test_business_days_are_eastern_and_leave_out_weekends(asked: str, later: str) -> None:
    given_, expected = (from_eastern_wall_time(text) for text in (asked, later))
    assert business_days_later(given_, 3) == expected


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 10))
def test_business_days_end_on_one_and_never_come_sooner(naive: datetime, days: int) -> None:
    moment = naive.replace(tzinfo=UTC)
    later = business_days_later(moment, days)
    assert later.astimezone(EASTERN).weekday() < 5
    assert later >= moment
    assert business_days_later(moment + timedelta(hours=30), days) >= later


def test_limit_counts_what_lies_in_its_window() -> None:
    hour = timedelta(hours=1)
    tries = [FRIDAY + MINUTE * place for place in range(3)]
    now = FRIDAY + MINUTE * 5
    assert possible_at(tries[:2], (3, hour), received_at=now) == now
    assert possible_at(tries, (3, hour), received_at=now) == FRIDAY + hour
    assert possible_at(tries[::-1], (2, hour), received_at=now) == tries[1] + hour
    assert possible_at(tries, (3, hour), received_at=FRIDAY + hour) == FRIDAY + hour


def test_only_the_last_official_has_to_stay_one() -> None:
    assert leaves_no_official(held=OFFICIAL, officials=1)
    assert leaves_no_official(held=OFFICIAL, officials=1, after=STAFF_USER)
    assert not leaves_no_official(held=OFFICIAL, officials=1, after=OFFICIAL)
    assert not leaves_no_official(held=OFFICIAL, officials=2)
    assert not leaves_no_official(held=STAFF_USER, officials=1)
    assert not leaves_no_official(held=STAFF_USER, officials=0)


def test_officials_change_roles_and_everybody_may_leave() -> None:
    for after in (None, OFFICIAL, STAFF_USER):
        for is_own in (True, False):
            assert may_change_roles(role=OFFICIAL, is_own=is_own, after=after)
            assert not may_change_roles(role=None, is_own=is_own, after=after)
    assert may_change_roles(role=STAFF_USER, is_own=True, after=None)
    assert not may_change_roles(role=STAFF_USER, is_own=False, after=None)
    assert not may_change_roles(role=STAFF_USER, is_own=True, after=OFFICIAL)
    assert not may_change_roles(role=STAFF_USER, is_own=True, after=STAFF_USER)
