"""The history of a registration and of an organization, read from the audit.

A page takes as many queries however many events there are. Source addresses, request IDs and user
IDs are never read; staff act as CMS staff, and are named to CMS staff only (`to_staff`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from accounts.enums import ActorKind
from accounts.models import AuditEvent, User
from qpp_registration.clock import Moment, moment
from registrations.models import Registration
from registrations.words import about_history

PAGE_SIZE = 100  # events
PAUSE = timedelta(minutes=10)  # with less between two saves, they are one burst
SOMEBODY = "a person who has no account any more"
_COLUMNS = (
    *("at", "action", "actor_kind", "actor_id", "actor_name", "reason"),
    *("object_id", "about", "details"),
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One event in words."""

    when: Moment
    text: str
    changes: Sequence[about_history.Change]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the history: one step, or a burst of saves with its steps, newest first.

    `year`: of the registration, on the page of an organization; None for what belongs to no year.
    `reason`: what staff gave is told to CMS staff only.
    """

    who: str
    is_me: bool
    when: Moment
    text: str
    reason: str
    year: int | None
    steps: Sequence[Step]

    @property
    def is_burst(self) -> bool:
        """Whether it stands for several saves."""
        return len(self.steps) > 1


def history_of_registration(
    registration: Registration, viewer: User, *, number: str | None, to_staff: bool = False
) -> tuple[Page[Any], list[Entry]]:
    """A page of what was done to the registration, newest first. Two queries."""
    page, rows = _page(
        AuditEvent.objects.filter(
            about=str(registration.pk), action__in=about_history.OF_REGISTRATIONS
        ),
        number,
    )
    return page, _entries(rows, viewer, years={}, people={}, to_staff=to_staff)


def history_of_organization(
    organization_id: UUID, viewer: User, *, number: str | None, to_staff: bool = False
) -> tuple[Page[Any], list[Entry]]:
    """A page of what was done to the organization, its registrations and roles. Four queries."""
    page, rows = _page(
        AuditEvent.objects.filter(
            organization_id=str(organization_id), action__in=about_history.OF_ORGANIZATIONS
        ),
        number,
    )
    years = {
        str(key): year
        for key, year in Registration.objects.filter(organization=organization_id).values_list(
            "pk", "year_id"
        )
    }
    keys = {row["object_id"] for row in rows if row["action"] in about_history.OF_ROLES}
    people = {str(user.pk): user.full_name for user in User.objects.filter(pk__in=keys)}
    return page, _entries(rows, viewer, years=years, people=people, to_staff=to_staff)


def _page(
    found: QuerySet[AuditEvent], number: str | None
) -> tuple[Page[Any], list[Mapping[str, Any]]]:
    page = Paginator(found.order_by("-at", "-id").values(*_COLUMNS), PAGE_SIZE).get_page(number)
    return page, list(page.object_list)


def _entries(
    rows: Sequence[Mapping[str, Any]],
    viewer: User,
    *,
    years: Mapping[str, int],
    people: Mapping[str, str],
    to_staff: bool,
) -> list[Entry]:
    return [_entry(group, viewer, years, people, to_staff=to_staff) for group in bursts(rows)]


def bursts(rows: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Rows, newest first, with saves of one person to one registration put together."""
    group: list[Mapping[str, Any]] = []
    for row in rows:
        if group and _belongs(row, group[-1]):
            group.append(row)
            continue
        if group:
            yield group
        group = [row]
    if group:
        yield group


def _belongs(row: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    return (
        {row["action"], later["action"]} <= about_history.SAVES
        and all(row[name] == later[name] for name in ("actor_kind", "actor_id", "about", "reason"))
        and later["at"] - row["at"] < PAUSE
    )


def _entry(
    group: Sequence[Mapping[str, Any]],
    viewer: User,
    years: Mapping[str, int],
    people: Mapping[str, str],
    *,
    to_staff: bool,
) -> Entry:
    newest = group[0]
    by_staff = newest["actor_kind"] == ActorKind.STAFF
    steps = [_step(row, people) for row in group]
    text = steps[0].text
    if len(steps) > 1:
        labels = dict.fromkeys(change.label for step in reversed(steps) for change in step.changes)
        text = about_history.burst(len(steps), list(labels))
    return Entry(
        who=_named(newest) if to_staff else _who(newest),
        is_me=newest["actor_kind"] == ActorKind.OFFICIAL and newest["actor_id"] == str(viewer.pk),
        when=steps[0].when,
        text=text,
        reason=newest["reason"] if to_staff or not by_staff else "",
        year=years.get(newest["about"]),
        steps=steps,
    )


def _step(row: Mapping[str, Any], people: Mapping[str, str]) -> Step:
    action, details = row["action"], row["details"]
    person = people.get(row["object_id"], SOMEBODY)
    return Step(
        when=moment(row["at"]),
        text=about_history.sentence(action, details, person=person),
        changes=about_history.changes(action, details),
    )


def _who(row: Mapping[str, Any]) -> str:
    match row["actor_kind"]:
        case ActorKind.OFFICIAL:
            return str(row["actor_name"])
        case ActorKind.STAFF:
            return "CMS staff"
    return "CMS"


def _named(row: Mapping[str, Any]) -> str:
    """Who it was, as CMS staff read it."""
    if row["actor_kind"] == ActorKind.OFFICIAL:
        return str(row["actor_name"])
    return f"{row['actor_name']} ({ActorKind(row['actor_kind']).label})"
