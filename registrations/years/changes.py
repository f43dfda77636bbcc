"""Adding performance years and moving their windows: a later year is one more row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from organizations.enums import OrganizationSize
from qpp_registration.errors import Refused
from registrations.enums import Completion, LinkPurpose, Product
from registrations.models import Offering, PerformanceYear, ResourceLink, WindowMove

LONGEST_REASON = 300


@dataclass(frozen=True, kw_only=True)
class OfferingRules:
    """What can be registered: for whom, and in which half-open window."""

    product: Product
    minimum_size: OrganizationSize
    opens_at: datetime
    closes_at: datetime
    registers_shared_savings: bool = True


@dataclass(frozen=True, kw_only=True)
class YearRules:
    """Everything in which one year differs from another.

    `minimum_samples` are numbers of patients for each size; a missing one isn't told to anybody.
    """

    year: int
    completion: Completion
    offerings: Sequence[OfferingRules]
    mails_contacts: bool = False
    reminds_officials: bool = True
    omb_control_number: str = ""
    burden_hours: Decimal | None = None
    minimum_samples: Mapping[OrganizationSize, int] = field(default_factory=dict)
    sampling_notices: str = ""
    notice: str = ""
    links: Mapping[LinkPurpose, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WindowChange:
    """A window before and after; the same when nothing had to be written."""

    opened_at: datetime
    closed_at: datetime
    opens_at: datetime
    closes_at: datetime

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return (self.opened_at, self.closed_at) != (self.opens_at, self.closes_at)


def add_year(rules: YearRules, *, actor: Actor, copied_from: int | None = None) -> PerformanceYear:
    """Store a performance year with its offerings and links. `copied_from`: for the audit.

    Raises Refused for a year that exists or has no offering, ValidationError for values that
    aren't right.
    """
    if not rules.offerings:
        raise Refused("Name at least one offering of the year.")
    samples = rules.minimum_samples
    year = PerformanceYear(
        year=rules.year,
        completion=rules.completion,
        mails_contacts=rules.mails_contacts,
        reminds_officials=rules.reminds_officials,
        omb_control_number=rules.omb_control_number,
        burden_hours=rules.burden_hours,
        minimum_sample_small=samples.get(OrganizationSize.SMALL),
        minimum_sample_medium=samples.get(OrganizationSize.MEDIUM),
        minimum_sample_large=samples.get(OrganizationSize.LARGE),
        sampling_notices=rules.sampling_notices,
        notice=rules.notice,
    )
    with transaction.atomic():
        if PerformanceYear.objects.filter(year=rules.year).exists():
            raise Refused(f"The performance year {rules.year} exists already.")
        year.full_clean()
        try:
            year.save(force_insert=True)
        except IntegrityError:
            raise Refused(f"The performance year {rules.year} exists already.") from None
        for offering_rules in rules.offerings:
            _add_offering(year, offering_rules)
        for purpose, url in rules.links.items():
            link = ResourceLink(year=year, purpose=purpose, url=url)
            link.full_clean()
            link.save(force_insert=True)
        audit.record(
            AuditAction.YEAR_ADDED,
            actor=actor,
            year=year.year,
            completion=year.completion,
            offerings=[_described(offering) for offering in rules.offerings],
            copied_from=copied_from,
        )
    return year


def offering_of(year: int, product: Product) -> Offering:
    """What can be registered in a year. Raises Refused when there is no such offering."""
    offering = Offering.objects.filter(year=year, product=product).first()
    if offering is None:
        raise Refused(f"There is no {product.label} in {year}.")
    return offering


def change_window(
    *,
    year: int,
    product: Product,
    opens_at: datetime | None,
    closes_at: datetime | None,
    actor: Actor,
    received_at: datetime,
    tells: bool = True,
) -> WindowChange:
    """Move the opening, the close, or both, of a year's offering. None leaves it as it is.

    `tells`: Security Officials of organizations that are registered, have begun, or have an
    extension there hear of it by mail, which the sender composes. The same window again writes
    nothing.

    Needs the actor's reason. Raises Refused when there is no such offering, when a reason is
    missing, or when the window would not close after it opens.
    """
    if not actor.reason.strip() or len(actor.reason) > LONGEST_REASON:
        raise Refused(f"Give a reason of at most {LONGEST_REASON} characters.")
    with transaction.atomic():
        offering = (
            Offering.objects.select_for_update(of=("self",), no_key=True)
            .filter(year=year, product=product)
            .first()
        )
        if offering is None:
            raise Refused(f"There is no {product.label} in {year}.")
        change = WindowChange(
            opened_at=offering.opens_at,
            closed_at=offering.closes_at,
            opens_at=opens_at or offering.opens_at,
            closes_at=closes_at or offering.closes_at,
        )
        _require_order(change.opens_at, change.closes_at)
        if change.changed:
            offering.opens_at, offering.closes_at = change.opens_at, change.closes_at
            offering.save(update_fields=["opens_at", "closes_at"])
            audit.record(
                AuditAction.WINDOW_CHANGED,
                actor=actor,
                object_id=offering.pk,
                offering=str(offering),
                before=[change.opened_at.isoformat(), change.closed_at.isoformat()],
                after=[change.opens_at.isoformat(), change.closes_at.isoformat()],
            )
            if tells:
                WindowMove.objects.create(
                    offering=offering,
                    opened_at=change.opened_at,
                    closed_at=change.closed_at,
                    opens_at=change.opens_at,
                    closes_at=change.closes_at,
                    moved_at=received_at,
                )
    return change


def _add_offering(year: PerformanceYear, rules: OfferingRules) -> None:
    _require_order(rules.opens_at, rules.closes_at)
    offering = Offering(
        year=year,
        product=rules.product,
        minimum_size=rules.minimum_size,
        registers_shared_savings=rules.registers_shared_savings,
        opens_at=rules.opens_at,
        closes_at=rules.closes_at,
    )
    offering.full_clean()
    offering.save(force_insert=True)


def _require_order(opens_at: datetime, closes_at: datetime) -> None:
    if closes_at <= opens_at:
        raise Refused("The window must close after it opens.")


def _described(rules: OfferingRules) -> dict[str, str]:
    return {
        "product": rules.product,
        "minimum_size": rules.minimum_size,
        "opens_at": rules.opens_at.isoformat(),
        "closes_at": rules.closes_at.isoformat(),
    }
