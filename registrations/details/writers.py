"""Who wrote a field last, and from which page: what tells own words from another person's.

Kept beside the values, in the row's `writers`. An entry counts only while the value that it tells
of still stands: whoever writes the field without leaving an entry makes the old one void.
"""

from dataclasses import dataclass

from accounts.actors import Actor
from registrations.models import Contact, Registration
from registrations.policy.registration import SaveStamp


@dataclass(frozen=True, kw_only=True)
class Writer:
    """The last to write a field. `page` is empty where it wasn't saved automatically."""

    value: str
    name: str
    user: str
    page: str = ""
    count: int = 0


def writer_of(row: Registration | Contact, field: str) -> Writer:
    """Who wrote what the field holds. Of an unknown one, who changed the row last is known."""
    value, entry = getattr(row, field), row.writers.get(field)
    if entry and entry["value"] == value:
        return Writer(**entry)
    return Writer(value=value, name=row.changed_by, user="")


def stamp_of(writer: Writer, actor: Actor) -> SaveStamp | None:
    """The page and save that the person wrote it with; None if it was another, or no page."""
    if not writer.page or writer.user != actor.id:
        return None
    return SaveStamp(page=writer.page, count=writer.count)


def sign(row: Registration | Contact, field: str, *, actor: Actor, stamp: SaveStamp | None) -> None:
    """Note that the person stands behind what the field of the row holds now. Doesn't store it."""
    writer = Writer(
        value=getattr(row, field),
        name=actor.shown_name,
        user=actor.id,
        page=stamp.page if stamp else "",
        count=stamp.count if stamp else 0,
    )
    row.writers = {**row.writers, field: vars(writer).copy()}
