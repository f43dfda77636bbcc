"""The rule of locking, over all orders of failures."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.policy.lock_out import FAILURE_WINDOW, FAILURES_EVER, LOCK, is_locked, lock_of

START = datetime(2023, 5, 2, 14, tzinfo=UTC)
gaps = st.lists(st.integers(0, 3 * 60 * 60), max_size=120)


def look_at(tries: list[datetime]) -> list[datetime]:
    """The wrong passwords that are looked at when all of these are tried."""
    failures: list[datetime] = []
    for at in tries:
        if not is_locked(failures, of_address=[], received_at=at):
            failures.insert(0, at)
    return failures[::-1]


def moments(gaps: list[int]) -> list[datetime]:
    at, found = START, []
    for gap in gaps:
        at += timedelta(seconds=gap)
        found.append(at)
    return found


@given(gaps)
def test_after_five_failures_in_two_hours_nothing_is_looked_at_for_an_hour(gaps):
    looked_at = look_at(moments(gaps))
    for first, fifth, sixth in zip(looked_at, looked_at[4:], looked_at[5:], strict=False):
        if fifth - first < FAILURE_WINDOW:
            assert sixth >= fifth + LOCK


@given(gaps)
def test_lock_never_lasts_longer_than_an_hour_before_the_hundredth_failure(gaps):
    looked_at = look_at(moments(gaps))[: FAILURES_EVER - 1]
    newest_first = looked_at[::-1]
    if looked_at:
        assert not is_locked(newest_first, of_address=[], received_at=looked_at[-1] + LOCK)


def test_never_more_than_a_hundred():
    every_hour = [START + timedelta(hours=n) for n in range(300)]
    assert len(look_at(every_hour)) == FAILURES_EVER


minutes_ago = st.lists(st.integers(0, 60 * 24), max_size=120).map(sorted)


@given(failures=minutes_ago, others=minutes_ago)
def test_lock_that_is_told_to_staff_is_the_one_that_holds_and_ends_then(
    failures: list[int], others: list[int]
) -> None:
    own = [START - timedelta(minutes=ago) for ago in failures]
    at_address = own + [START - timedelta(minutes=ago) for ago in others]
    lock = lock_of(own, of_address=at_address, received_at=START)
    assert (lock is not None) == is_locked(own, of_address=at_address, received_at=START)
    if lock and lock.until:
        just_before = lock.until - timedelta(seconds=1)
        assert is_locked(own, of_address=at_address, received_at=just_before)
        assert not is_locked(own, of_address=at_address, received_at=lock.until)
