"""When passwords are no longer looked at, as a function of plain values.

ARS AC-7: five failures in 120 minutes lock for an hour. NIST SP 800-63B, 3.2.2: never more than 100
failures in a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES_LOCK = 5
FAILURE_WINDOW = timedelta(minutes=120)
LOCK = timedelta(minutes=60)
FAILURES_OF_ADDRESS = 50  # for one user ID, over all browsers there
ADDRESS_WINDOW = timedelta(hours=12)
FAILURES_EVER = 100  # then only a new password helps
BROWSER_IS_KNOWN = timedelta(days=400)  # after the last sign-in; browsers keep no cookie longer


def is_locked(
    failures: Sequence[datetime], *, of_address: Sequence[datetime], received_at: datetime
) -> bool:
    """Whether a password isn't looked at.

    `failures`: those in a row that count for this browser, newest first. `of_address`: all for this
    user ID from this address, in any order. What is tried while locked is no failure, so the lock
    ends an hour after it began. The window slides: the next failure after a lock locks again.
    """
    if len(failures) >= FAILURES_EVER:
        return True
    recent = [at for at in of_address if at > received_at - ADDRESS_WINDOW]
    if len(recent) >= FAILURES_OF_ADDRESS:
        return True
    if len(failures) < FAILURES_LOCK:
        return False
    newest, fifth = failures[0], failures[FAILURES_LOCK - 1]
    return newest - fifth < FAILURE_WINDOW and received_at < newest + LOCK


@dataclass(frozen=True, kw_only=True)
class Lock:
    """A lock of passwords. `until` is None where only a new password ends it."""

    until: datetime | None


def lock_of(
    failures: Sequence[datetime], *, of_address: Sequence[datetime], received_at: datetime
) -> Lock | None:
    """The lock that `is_locked` finds, and when it ends; None when there is none."""
    if not is_locked(failures, of_address=of_address, received_at=received_at):
        return None
    if len(failures) >= FAILURES_EVER:
        return Lock(until=None)
    newest_first = sorted(of_address, reverse=True)
    ends = []
    if len(newest_first) >= FAILURES_OF_ADDRESS:
        ends.append(newest_first[FAILURES_OF_ADDRESS - 1] + ADDRESS_WINDOW)
    if (
        len(failures) >= FAILURES_LOCK
        and failures[0] - failures[FAILURES_LOCK - 1] < FAILURE_WINDOW
    ):
        ends.append(failures[0] + LOCK)
    return Lock(until=max(ends))
