"""Copying a performance year, and changing the settings of one that has begun."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from organizations.enums import OrganizationSize
from qpp_registration.clock import EASTERN
from qpp_registration.errors import Refused
from registrations.enums import Completion, LinkPurpose, Product
from registrations.errors import ChangedMeanwhile
from registrations.models import PerformanceYear, Registration, ResourceLink
from registrations.years.changes import OfferingRules, YearRules

FROZEN = "The year has registrations: how they complete can’t be changed any more."
SAMPLES = {
    OrganizationSize.SMALL: "minimum_sample_small",
    OrganizationSize.MEDIUM: "minimum_sample_medium",
    OrganizationSize.LARGE: "minimum_sample_large",
}
SETTINGS = (
    *("completion", "mails_contacts", "reminds_officials", "omb_control_number", "burden_hours"),
    *(*SAMPLES.values(), "sampling_notices", "notice"),
)


def rules_of(year: PerformanceYear) -> YearRules:
    """All that the year decides, with its offerings, Web Interface first, and links."""
    return YearRules(
        year=year.year,
        completion=Completion(year.completion),
        offerings=[
            OfferingRules(
                product=Product(offering.product),
                minimum_size=OrganizationSize(offering.minimum_size),
                opens_at=offering.opens_at,
                closes_at=offering.closes_at,
                registers_shared_savings=offering.registers_shared_savings,
            )
            for offering in year.offerings.order_by("-product")
        ],
        mails_contacts=year.mails_contacts,
        reminds_officials=year.reminds_officials,
        omb_control_number=year.omb_control_number,
        burden_hours=year.burden_hours,
        minimum_samples={
            size: number
            for size, name in SAMPLES.items()
            if (number := getattr(year, name)) is not None
        },
        sampling_notices=year.sampling_notices,
        notice=year.notice,
        links={LinkPurpose(link.purpose): link.url for link in year.links.order_by("purpose")},
    )


def proposed(at: datetime, *, years: int) -> str:
    """The same Eastern wall time so many years later, as text to be looked at and changed."""
    eastern = at.astimezone(EASTERN).replace(tzinfo=None)
    day = 28 if (eastern.month, eastern.day) == (2, 29) else eastern.day
    return f"{eastern.replace(year=eastern.year + years, day=day):%Y-%m-%d %H:%M}"


def fingerprint(rules: YearRules) -> str:
    """What tells one state of a year's settings from another; windows don't count."""
    values = repr(_values(replace(rules, offerings=[])))
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def is_frozen(year: int) -> bool:
    """Whether the year has a registration, so that how it completes stands."""
    return Registration.objects.filter(year=year).exists()


def change_settings(rules: YearRules, *, seen: str, actor: Actor) -> None:
    """Change the year's settings and links to these; offerings and windows stay.

    `seen`: the `fingerprint` of the settings that staff looked at. What stands already writes
    nothing. Raises Refused for an unknown year and for another completion once something was begun,
    ChangedMeanwhile, ValidationError for values that aren't right.
    """
    with transaction.atomic():
        # Not `no_key`: a first registration has to wait, since the completion may change.
        year = PerformanceYear.objects.select_for_update(of=("self",)).filter(pk=rules.year).first()
        if year is None:
            raise Refused(f"There is no performance year {rules.year}.")
        stored = rules_of(year)
        before, after = _values(stored), _values(rules)
        changes: dict[str, Any] = {
            name: [str(before[name]), str(after[name])]
            for name in before
            if before[name] != after[name]
        }
        if not changes:
            return
        if fingerprint(stored) != seen:
            raise ChangedMeanwhile("Somebody changed the settings meanwhile. Look at them again.")
        if rules.completion != stored.completion and is_frozen(rules.year):
            raise Refused(FROZEN)
        for name in SETTINGS:
            setattr(year, name, after[name])
        year.full_clean()
        year.save(update_fields=SETTINGS)
        if stored.links != rules.links:
            _replace_links(year, rules)
        audit.record(AuditAction.YEAR_CHANGED, actor=actor, year=rules.year, **changes)


def _values(rules: YearRules) -> dict[str, Any]:
    """The settings by the names of the model's fields, and the links."""
    return dict(_named(rules))


def _named(rules: YearRules) -> Iterator[tuple[str, Any]]:
    for name in SETTINGS:
        if name not in SAMPLES.values():
            yield name, getattr(rules, name)
    for size, name in SAMPLES.items():
        yield name, rules.minimum_samples.get(size)
    yield "links", {str(purpose): url for purpose, url in sorted(rules.links.items())}


def _replace_links(year: PerformanceYear, rules: YearRules) -> None:
    year.links.all().delete()
    for purpose, url in rules.links.items():
        link = ResourceLink(year=year, purpose=purpose, url=url)
        link.full_clean()
        link.save(force_insert=True)
