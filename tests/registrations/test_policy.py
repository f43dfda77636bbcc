"""Decisions about registering, as tables that can be read beside the guide."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations.enums import Missing, WindowState
from registrations.policy.registration import (
    CONTACT_FIELDS,
    Merge,
    SaveStamp,
    commits_in_time,
    effective_close,
    is_complete_contact,
    may_delete_contact,
    merge,
    missing_items,
    window_state,
)
from registrations.words.reasons import time_left

OPENS = datetime(2023, 4, 3, 14, tzinfo=UTC)
CLOSES = datetime(2023, 7, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
COMPLETE = {
    "first_name": "Jane",
    "last_name": "Doe",
    "email": "jane@example.org",
    "phone": "2025550123",
    "extension": "",
}


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - SECOND, WindowState.NOT_OPEN),
        (OPENS, WindowState.OPEN),
        (CLOSES - timedelta(hours=24) - SECOND, WindowState.OPEN),
        (CLOSES - timedelta(hours=24), WindowState.LAST_DAY),
        (CLOSES - timedelta(microseconds=1), WindowState.LAST_DAY),
        (CLOSES, WindowState.CLOSED),
        (CLOSES + SECOND, WindowState.CLOSED),
    ],
)
def test_window_is_half_open(at: datetime, state: WindowState) -> None:
    assert window_state(at, opens_at=OPENS, closes_at=CLOSES) == state


def test_effective_close_is_the_later_of_close_and_extension() -> None:
    assert effective_close(CLOSES, None) == CLOSES
    assert effective_close(CLOSES, CLOSES + SECOND) == CLOSES + SECOND
    assert effective_close(CLOSES, CLOSES - SECOND) == CLOSES


@pytest.mark.parametrize(
    ("received", "committed", "in_time"),
    [
        (CLOSES - SECOND, CLOSES - SECOND, True),
        (CLOSES - SECOND, CLOSES + timedelta(seconds=30), True),
        (CLOSES - SECOND, CLOSES + timedelta(seconds=31), False),
        (CLOSES, CLOSES, False),
    ],
)
def test_what_was_received_in_time_may_commit_for_30_seconds(
    received: datetime, committed: datetime, in_time: bool
) -> None:
    assert (
        commits_in_time(received_at=received, committed_at=committed, closes_at=CLOSES) is in_time
    )


def test_complete_needs_size_and_one_complete_contact() -> None:
    half = {**COMPLETE, "phone": ""}
    assert missing_items(size="", contacts=[]) == [Missing.SIZE, Missing.CONTACT]
    assert missing_items(size="2-24", contacts=[half]) == [Missing.CONTACT]
    assert missing_items(size="", contacts=[COMPLETE]) == [Missing.SIZE]
    assert missing_items(size="2-24", contacts=[half, COMPLETE]) == []


@pytest.mark.parametrize("field", CONTACT_FIELDS)
def test_contact_is_complete_without_an_extension_only(field: str) -> None:
    assert is_complete_contact({**COMPLETE, field: ""}) is (field == "extension")


def test_last_complete_contact_stays() -> None:
    half = {**COMPLETE, "email": ""}
    assert not may_delete_contact(COMPLETE, [])
    assert not may_delete_contact(COMPLETE, [half])
    assert may_delete_contact(COMPLETE, [half, COMPLETE])
    assert may_delete_contact(half, [])


@given(was=st.none() | st.text(max_size=3), typed=st.text(max_size=3), current=st.text(max_size=3))
def test_merge_never_overwrites_what_the_page_did_not_show(
    was: str | None, typed: str, current: str
) -> None:
    answer = merge(was=was, typed=typed, current=current)
    if answer is Merge.STORE:
        assert was == current != typed
    if answer is Merge.KEEP:
        assert typed in {was, current}
    if answer is Merge.CONFLICT:
        assert typed not in {was, current}


def stamp(text: str) -> SaveStamp | None:
    """`a3` is the third save of page a; `-` is none."""
    return None if text == "-" else SaveStamp(page=text[0], count=int(text[1:]))


@pytest.mark.parametrize(
    ("was", "typed", "current", "sent", "written", "answer"),
    [
        # Without a page that saves by itself: by what the page showed.
        ("A", "B", "A", "-", "-", Merge.STORE),
        ("A", "B", "C", "-", "-", Merge.CONFLICT),
        # Somebody else's page wrote the value, or nobody knows which.
        ("A", "B", "A", "a1", "b9", Merge.STORE),
        ("A", "B", "C", "a9", "b1", Merge.CONFLICT),
        ("A", "B", "C", "a9", "-", Merge.CONFLICT),
        ("A", "A", "C", "a9", "b1", Merge.KEEP),
        (None, "B", "C", "a9", "b1", Merge.CONFLICT),
        # This page wrote it and never heard of it: the later save wins.
        ("A", "C", "B", "a2", "a1", Merge.STORE),
        ("A", "A", "B", "a2", "a1", Merge.STORE),
        (None, "C", "B", "a2", "a1", Merge.STORE),
        ("A", "B", "B", "a2", "a1", Merge.KEEP),
        # A repeat, and a save that was overtaken.
        ("A", "B", "B", "a1", "a1", Merge.KEEP),
        ("A", "C", "B", "a1", "a1", Merge.KEEP),
        ("A", "B", "C", "a1", "a2", Merge.KEEP),
        ("A", "B", "A", "a1", "a2", Merge.KEEP),
    ],
)
def test_merge_of_a_page_with_its_own_words(
    was: str | None, typed: str, current: str, sent: str, written: str, answer: Merge
) -> None:
    found = merge(was=was, typed=typed, current=current, sent=stamp(sent), written=stamp(written))
    assert found is answer


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=12, hours=3), "12 days left"),
        (timedelta(days=1), "1 day left"),
        (timedelta(hours=23, minutes=59), "23 hours 59 minutes left"),
        (timedelta(hours=3, minutes=12, seconds=59), "3 hours 12 minutes left"),
        (timedelta(hours=2), "2 hours left"),
        (timedelta(hours=1, minutes=1), "1 hour 1 minute left"),
        (timedelta(minutes=59), "59 minutes left"),
        (timedelta(seconds=5), "1 minute left"),
        (timedelta(milliseconds=5), "1 minute left"),
        (timedelta(0), ""),
    ],
)
def test_time_left_in_days_then_in_hours_and_minutes(left: timedelta, text: str) -> None:
    assert time_left(CLOSES - left, CLOSES) == text
