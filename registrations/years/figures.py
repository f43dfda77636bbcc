"""How a season goes: the figures of a year's offerings, for CMS staff."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import TruncDate

from organizations.enums import OrganizationKind, OrganizationSize
from qpp_registration.clock import EASTERN
from registrations.enums import EnrollmentStatus, Origin
from registrations.models import Enrollment, Registration
from registrations.years.begun import begun_among

GOOD_FOR = 60  # seconds; counting a season of 100,000 takes half a second
OLDEST = 5


@dataclass(frozen=True, kw_only=True)
class OfferingFigures:
    """One offering's registrations: by status, and those that are registered in more detail.

    `by_status_and_origin` is about all of them.
    """

    by_status: Counter[EnrollmentStatus]
    by_status_and_origin: Counter[tuple[EnrollmentStatus, Origin]]
    by_origin: Counter[Origin]
    by_kind: Counter[OrganizationKind]
    by_size: Counter[str]
    by_day: dict[date, int]


@dataclass(frozen=True, kw_only=True)
class Oldest:
    """A registration that was begun long ago and was never registered."""

    key: UUID
    name: str
    started_at: datetime


@dataclass(frozen=True, kw_only=True)
class YearFigures:
    """All of a year's offerings as they were at a moment of the last minute."""

    taken_at: datetime
    offerings: dict[UUID, OfferingFigures]
    oldest: Sequence[Oldest]


def figures_of(year: int, *, at: datetime) -> YearFigures:
    """The year's figures, at most a minute old: no query, or six."""
    key = f"figures-of-{year}"
    known: YearFigures | None = cache.get(key)
    if known is None or not 0 <= (at - known.taken_at).total_seconds() < GOOD_FOR:
        known = count(year, at=at)
        cache.set(key, known, GOOD_FOR)
    return known


def count(year: int, *, at: datetime) -> YearFigures:
    """Count anew: two queries over the year's registrations, four for the oldest ones."""
    begun = Enrollment.objects.filter(offering__year=year).order_by()
    groups = begun.values_list(
        "offering_id",
        "status",
        "origin",
        "registration__organization__kind",
        "registration__size",
    ).annotate(number=Count("pk"))
    days = (
        begun.filter(status=EnrollmentStatus.COMPLETE)
        .annotate(day=TruncDate("completed_at", tzinfo=EASTERN))
        .values_list("offering_id", "day")
        .annotate(number=Count("pk"))
    )
    return YearFigures(
        taken_at=at, offerings=_by_offering(list(groups), list(days)), oldest=_oldest(year)
    )


def _by_offering(
    groups: Sequence[tuple[Any, ...]], days: Sequence[tuple[Any, ...]]
) -> dict[UUID, OfferingFigures]:
    figures: dict[UUID, OfferingFigures] = {}
    for offering, status, origin, kind, size, number in groups:
        of = figures.setdefault(offering, _nothing())
        of.by_status[EnrollmentStatus(status)] += number
        of.by_status_and_origin[EnrollmentStatus(status), Origin(origin)] += number
        if status == EnrollmentStatus.COMPLETE:
            of.by_origin[Origin(origin)] += number
            of.by_kind[OrganizationKind(kind)] += number
            of.by_size[OrganizationSize(size) if size else ""] += number
    for offering, day, number in days:
        figures[offering].by_day[day] = number
    return figures


def _nothing() -> OfferingFigures:
    return OfferingFigures(
        by_status=Counter(),
        by_status_and_origin=Counter(),
        by_origin=Counter(),
        by_kind=Counter(),
        by_size=Counter(),
        by_day={},
    )


NOTHING = _nothing()


def _oldest(year: int) -> list[Oldest]:
    keys = begun_among(Registration.objects.filter(year=year), most=OLDEST)
    rows = (
        Registration.objects.filter(pk__in=keys)
        .order_by("started_at", "pk")
        .values_list("pk", "organization__name", "started_at")[:OLDEST]
    )
    return [Oldest(key=key, name=name, started_at=at) for key, name, at in rows]
