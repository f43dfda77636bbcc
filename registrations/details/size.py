"""Organization Size in explicit years: it decides what can be registered (2022 guide, IV.1, V)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from organizations.enums import OrganizationSize
from registrations.cases.registration import require_timely_commit
from registrations.cases.year import YearCase, changing_year
from registrations.details.edits import Edits, FieldEdit
from registrations.enums import Product
from registrations.errors import CancelsRegistrations, ChangedMeanwhile
from registrations.mails.notices import settle_changes
from registrations.policy.registration import Action, cancelled_by_size
from registrations.registering.begin import begin_registration
from registrations.registering.cancel import cancel_within
from registrations.words.reasons import changed_sentence


@dataclass(frozen=True, kw_only=True)
class SizeChange:
    """A size before (empty: none was chosen) and after, and the registrations that it ended."""

    before: str
    after: OrganizationSize
    cancelled: list[Product]


def change_size(
    *,
    organization_id: UUID,
    year: int,
    was: str,
    size: OrganizationSize,
    accepts: Collection[Product],
    actor: Actor,
    received_at: datetime,
) -> SizeChange:
    """Choose or change the organization's size in an explicit year.

    `was`: the size that the page showed. `accepts`: the products of which the person was told that
    this size cancels their registration. The first choice begins the year's registration; the size
    and the cancellations are one transaction, and one mail (2022 guide, V). Choosing what stands
    already writes nothing.

    Raises Organization.DoesNotExist, NotAllowed or WindowClosed (also for an offering that the
    size would cancel), CancelsRegistrations when the size ends something that isn't in `accepts`,
    ChangedMeanwhile when somebody else changed the size; then nothing is written.
    """
    with changing_year(
        Action.CHANGE,
        organization_id=organization_id,
        year=year,
        actor=actor,
        received_at=received_at,
    ) as case:
        before = case.registration.size if case.registration else ""
        ended = ends(case, size)
        for product in ended:
            case.cases[product].require(Action.CANCEL, received_at)
        if not set(ended) <= set(accepts):
            raise CancelsRegistrations(ended)
        registration = case.registration or begin_registration(
            case.organization, year, actor=actor, received_at=received_at
        )
        if ended:
            settle_changes(registration, case.year, at=received_at)
        edits = Edits(
            registration,
            is_complete=bool(case.registered),
            tells_contacts=case.year.mails_contacts and not ended,
            actor=actor,
            received_at=received_at,
        )
        # Choosing what the page showed is a choice too, when something else stands there by now.
        shown = None if was == size else was
        edits.save_fields({"size": FieldEdit(was=shown, now=size)})
        saved = edits.finish()
        for report in saved.conflicts:
            stored = OrganizationSize(report.stored).label if report.stored else ""
            text = changed_sentence(report.by, stored, is_own=report.is_own)
            raise ChangedMeanwhile(f"The size was not changed: {text}")
        if ended:
            labels = [OrganizationSize(before).label if before else "not chosen", size.label]
            cancel_within(case, ended, actor=actor, received_at=received_at, size=labels)
        for product in ended:
            require_timely_commit(case.cases[product], received_at)
    return SizeChange(before=before, after=size, cancelled=ended)


def ends(case: YearCase, size: str) -> list[Product]:
    """Which of the organization's registrations end with a change to that size."""
    registered = {
        product: found.offering.minimum_size for product, found in case.registered.items()
    }
    ended = cancelled_by_size(size, registered)
    return [product for product in registered if product in ended]
