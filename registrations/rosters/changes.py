"""How two rosters differ: read side by side by registration ID, in constant memory."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple


class Entry(NamedTuple):
    """A registration on a roster with its contacts: the cells of its rows in both files."""

    number: int
    cells: tuple[tuple[str, ...], ...]


class Change(Enum):
    """What became of a registration ID from one roster to the other."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


def changes(before: Iterable[Entry], after: Iterable[Entry]) -> Iterator[tuple[Change, int]]:
    """Each registration ID that differs, in order. Both are sorted by registration ID."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old or new:
        if new is None or (old and old.number < new.number):
            assert old is not None  # noqa: S101 - the loop has one of them
            yield Change.REMOVED, old.number
            old = next(olds, None)
        elif old is None or new.number < old.number:
            yield Change.ADDED, new.number
            new = next(news, None)
        else:
            if old.cells != new.cells:
                yield Change.CHANGED, new.number
            old, new = next(olds, None), next(news, None)
