"""The rows of the list, drawn: a template for each look of a row, filled with the texts of many."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.safestring import SafeString

from qpp_registration.drawn import DrawnOnce
from registrations.enums import ListStatus
from registrations.lists.organizations import Row
from registrations.words.sampling import SamplingWords

LOOKS = 500  # that are kept; there are some twenty in a season
TEXTS = (
    *("organization_id", "name", "identifier", "number", "missing", "note"),
    *("url", "record_url", "start_url", "delete_url"),
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What the rows of one page have in common. `picks`: they can be selected."""

    register_label: str
    summary_label: str
    picks: bool


@dataclass(frozen=True, kw_only=True)
class Look:
    """What of a row isn't text: everything that its template decides by. `texts`: those it has."""

    texts: tuple[str, ...]
    status: ListStatus
    was_deleted: bool
    may_save: bool
    can_be_selected: bool
    sampling: SamplingWords | None
    words: Words


def draw_rows(rows: Iterable[Row], words: Words, *, csrf_token: str) -> list[SafeString]:
    """The HTML of each row."""
    return [_drawn(row, words, csrf_token) for row in rows]


def _drawn(row: Row, words: Words, csrf_token: str) -> SafeString:
    values = {name: getattr(row, name) for name in TEXTS}
    texts = {name: str(value) for name, value in values.items() if value}
    look = Look(
        texts=tuple(texts),
        status=row.status,
        was_deleted=row.was_deleted,
        may_save=row.may_save,
        can_be_selected=row.can_be_selected,
        sampling=row.sampling,
        words=words,
    )
    return _drawing(look).fill(csrf_token=csrf_token, **texts)


@lru_cache(maxsize=LOOKS)
def _drawing(look: Look) -> DrawnOnce:
    def context(blank: Callable[[str], str]) -> dict[str, Any]:
        texts = {name: blank(name) for name in look.texts}
        return {"row": vars(look) | texts, "csrf_token": blank("csrf_token"), **vars(look.words)}

    return DrawnOnce("registrations/lists/row.html", context)
