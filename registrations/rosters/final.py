"""Final rosters: numbered, with a fingerprint, from a minute after an offering's last close on."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.exports.files import CSV, Export, record_export
from qpp_registration.clock import show_to_the_second
from qpp_registration.errors import Refused
from registrations.enums import RosterTable
from registrations.exports.contents import SCHEMA_VERSION
from registrations.models import FinalRoster, Offering
from registrations.rosters.changes import Change, changes
from registrations.rosters.files import (
    Composed,
    Draft,
    composed,
    entries_in,
    store,
    stored_pieces,
)
from registrations.rosters.rows import roster_is_final_from, statuses_beside


def make_final_roster(*, offering_id: UUID, actor: Actor, received_at: datetime) -> FinalRoster:
    """Keep the roster as it is now, under the next number; the last one where nothing changed.

    Raises Refused earlier than a minute after the last close of the offering.
    """
    with transaction.atomic():
        offering = Offering.objects.select_for_update(of=("self",), no_key=True).get(pk=offering_id)
        if why := why_not_final(offering, received_at=received_at):
            raise Refused(why)
        last = latest(offering)
        with composed(offering) as roster:
            if last and _holds(last, roster.drafts):
                return last
            return _keep(offering, roster, last, actor=actor, received_at=received_at)


def why_not_final(offering: Offering, *, received_at: datetime) -> str:
    """Why no final roster can be made at the moment; empty when it can."""
    final_from = roster_is_final_from(offering)
    if received_at >= final_from:
        return ""
    return (
        f"There is no final roster of the {offering} before {show_to_the_second(final_from)}: a "
        "minute after its last close."
    )


def take_file(*, roster: FinalRoster, table: str, actor: Actor) -> Export:
    """A file of the roster as it was made, for whoever gives a reason."""
    file = roster.files.get(table=table)
    offering = roster.offering
    name = f"final-roster-{offering.year_id}-{offering.product}-{roster.number}-{file.table}.csv"
    record_export(
        name=name,
        schema_version=str(roster.schema_version),
        rows=file.rows,
        filters=[],
        actor=actor,
        sha256=file.sha256,
    )
    return Export(name=name, content_type=CSV, content=stored_pieces(file))


def latest(offering: Offering) -> FinalRoster | None:
    """The roster of the offering with the highest number."""
    return offering.final_rosters.order_by("-number").first()


def _holds(roster: FinalRoster, drafts: Sequence[Draft]) -> bool:
    kept = dict(roster.files.values_list("table", "sha256"))
    return all(kept.get(draft.table) == draft.sha256 for draft in drafts)


def _keep(
    offering: Offering,
    composed: Composed,
    last: FinalRoster | None,
    *,
    actor: Actor,
    received_at: datetime,
) -> FinalRoster:
    drafts = composed.drafts
    differ = _differences(last, drafts) if last else Counter[Change]()
    roster = FinalRoster.objects.create(
        offering=offering,
        number=last.number + 1 if last else 1,
        made_at=received_at,
        made_by=actor.name,
        schema_version=int(SCHEMA_VERSION),
        counts={**composed.counts, "status": statuses_beside(offering, drafts[0].rows)},
        added=differ[Change.ADDED],
        removed=differ[Change.REMOVED],
        changed=differ[Change.CHANGED],
    )
    for draft in drafts:
        store(roster, draft)
    audit.record(
        AuditAction.ROSTER_MADE,
        actor=actor,
        object_id=roster.pk,
        about=offering.pk,
        offering=str(offering),
        number=roster.number,
        rows={draft.table: draft.rows for draft in drafts},
        sha256={draft.table: draft.sha256 for draft in drafts},
    )
    return roster


def _differences(last: FinalRoster, drafts: Sequence[Draft]) -> Counter[Change]:
    files = {file.table: file for file in last.files.all()}
    before = entries_in(*(stored_pieces(files[table]) for table in RosterTable))
    after = entries_in(*(draft.pieces() for draft in drafts))
    return Counter(change for change, _number in changes(before, after))
