"""What was asked and what was answered, and whether the database agrees.

The answers judge the system, not what it says of itself: what was answered with *ok* must be there,
what was refused must not be, and what got no clear answer may be either.
"""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from enum import StrEnum

from tests.server import Answer


class Verdict(StrEnum):
    """What the person was told."""

    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"


def verdict_of(answer: Answer | None) -> Verdict:
    """What an answer promises; None: there was none.

    503 promises nothing either: a connection may break between a commit and its confirmation.
    """
    if answer is None or answer.status >= 500:
        return Verdict.UNKNOWN
    return Verdict.OK if answer.status < 400 else Verdict.REFUSED


def tried(ask: Callable[[], Answer]) -> Answer | None:
    """The answer, or None where the connection broke or nobody listens."""
    try:
        return ask()
    except (OSError, http.client.HTTPException):
        return None


@dataclass(frozen=True)
class Judged:
    """Where the database and the answers disagree, and how many answers there were of each kind."""

    lost: list[Hashable]  # answered with ok, and not there
    risen: list[Hashable]  # refused, and there all the same
    broken: list[int]  # statuses that no page may have
    counts: Counter[Verdict]


@dataclass
class History:
    """Everything that was asked. Many threads may add to it."""

    entries: list[tuple[Hashable, Answer | None]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: Hashable, answer: Answer | None) -> Verdict:
        """Keep what was asked for and what came back."""
        with self._lock:
            self.entries.append((what, answer))
        return verdict_of(answer)

    def asked(self, verdict: Verdict) -> list[Hashable]:
        """What got such an answer."""
        return [what for what, answer in self.entries if verdict_of(answer) == verdict]

    def judge(self, found: Collection[Hashable]) -> Judged:
        """Compare with what is there."""
        statuses = [answer.status for _, answer in self.entries if answer]
        return Judged(
            lost=[what for what in self.asked(Verdict.OK) if what not in found],
            risen=[what for what in self.asked(Verdict.REFUSED) if what in found],
            broken=[status for status in statuses if status >= 500 and status != 503],
            counts=Counter(verdict_of(answer) for _, answer in self.entries),
        )
