"""Reminding Security Officials of incomplete registrations before the close.

Only what was started and isn't complete: who didn't start has decided nothing yet. A mail for each
person and close, not for each organization. Extended organizations have their own close.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.urls import reverse

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction, RoleName
from accounts.messages.outbox import Email, queue_emails
from accounts.models import Message
from registrations.enums import Completion, EnrollmentStatus, Product
from registrations.models import Contact, Enrollment, Offering
from registrations.policy.registration import REMINDERS, is_busy, reminder_step
from registrations.querysets import COMPLETE_CONTACT
from registrations.words.reasons import what_is_missing
from registrations.words.reminder_mail import Listed, body_of, subject_of

LOT = 500  # people × closes
LISTED = 20  # organizations that a mail names
HORIZON = timedelta(days=max(REMINDERS) + 1)  # no reminder is due earlier than that

OFFICIALS = "registration__organization__roles"


@dataclass(kw_only=True)
class Reminded:
    """What a run did for an offering.

    `queued`: new mails for each step, `before`: mails of an earlier run, `busy`: people who wait
    because somebody changed one of their registrations within the last hour.
    """

    offering: Offering
    queued: Counter[int] = field(default_factory=Counter)
    before: int = 0
    busy: int = 0


def queue_reminders(
    *,
    actor: Actor,
    received_at: datetime,
    dry_run: bool = False,
    on_people: Callable[[int], object] = lambda _count: None,
) -> list[Reminded]:
    """Queue the reminders that are due, each once; repeated and parallel runs queue nothing twice.

    A step (14, 3, 1 days before the close) that was missed is not made up for once the next is
    due. A moved close is another close: people hear of it again, at its own steps. What isn't
    sent by the close isn't sent at all.

    Effects: messages, and an audit event in the transaction of each lot. Memory doesn't
    grow with people or organizations. `on_people` hears of each lot.
    """
    results = []
    for offering in offerings_that_remind(received_at):
        results.append(Reminded(offering=offering))
        for lot in _lots(_incomplete(offering, received_at)):
            _remind(lot, results[-1], actor, received_at, dry_run=dry_run)
            on_people(len(lot))
    return results


def offerings_that_remind(at: datetime) -> QuerySet[Offering]:
    """What has opened, of years that remind. Explicit years have no pages to complete it on."""
    return (
        Offering.objects.filter(
            year__reminds_officials=True, year__completion=Completion.AUTOMATIC, opens_at__lte=at
        )
        .select_related("year")
        .order_by("closes_at", "pk")
    )


def people_to_look_at(at: datetime) -> int:
    """How many people (× closes) have an incomplete registration that closes soon."""
    return sum(
        _incomplete(offering, at).values("person", "closes_at").distinct().count()
        for offering in offerings_that_remind(at)
    )


def _incomplete(offering: Offering, at: datetime) -> QuerySet[Any]:
    """Each incomplete registration that closes soon × each of its active Security Officials."""
    closes_at = Case(
        When(extension__until__gt=offering.closes_at, then=F("extension__until")),
        default=Value(offering.closes_at),
        output_field=DateTimeField(),
    )
    return (
        Enrollment.objects.filter(offering=offering, status=EnrollmentStatus.INCOMPLETE)
        .filter(
            **{
                f"{OFFICIALS}__name": RoleName.SECURITY_OFFICIAL,
                f"{OFFICIALS}__user__is_active": True,
            }
        )
        .annotate(
            person=F(f"{OFFICIALS}__user"),
            extension=FilteredRelation(
                "registration__organization__window_extensions",
                condition=Q(registration__organization__window_extensions__offering=offering),
            ),
        )
        .annotate(closes_at=closes_at)
        .filter(closes_at__gt=at, closes_at__lte=at + HORIZON)
        .order_by()
    )


def _lots(incomplete: QuerySet[Any]) -> Iterator[list[dict[str, Any]]]:
    """The people with the closes that concern them, a lot at a time, in the order of the lots."""
    people = (
        incomplete.values("person", "closes_at")
        .annotate(number=Count("pk"), changed_at=Max("registration__changed_at"))
        .order_by("person", "closes_at")
    )
    lot = list(people[:LOT])
    while lot:
        yield lot
        person, closes_at = lot[-1]["person"], lot[-1]["closes_at"]
        after = Q(person__gt=person) | Q(person=person, closes_at__gt=closes_at)
        lot = list(people.filter(after)[:LOT])


def _remind(
    lot: Sequence[dict[str, Any]], result: Reminded, actor: Actor, at: datetime, *, dry_run: bool
) -> None:
    due = _due(lot, result, at)
    if dry_run:
        result.queued.update(one["step"] for one in due.values())
    elif due:
        emails = _emails(due, result.offering, at)
        for step in [step for step in REMINDERS if emails[step]]:
            result.queued[step] += _queue(emails[step], step, result.offering, actor)


def _due(
    lot: Sequence[dict[str, Any]], result: Reminded, at: datetime
) -> dict[str, dict[str, Any]]:
    """Those of the lot who are to be told now, with the step, by dedupe key."""
    due = {}
    for one in lot:
        step = reminder_step(at, one["closes_at"])
        if step:
            due[_key(result.offering, step, one)] = one | {"step": step}
    known = set(Message.objects.filter(dedupe_key__in=due).values_list("dedupe_key", flat=True))
    busy = {key for key, one in due.items() if key not in known and is_busy(one["changed_at"], at)}
    result.before += len(known)
    result.busy += len(busy)
    return {key: one for key, one in due.items() if key not in known | busy}


def _emails(
    due: dict[str, dict[str, Any]], offering: Offering, at: datetime
) -> dict[int, list[Email]]:
    emails: dict[int, list[Email]] = {step: [] for step in REMINDERS}
    listed = _listed(list(due.values()), offering, at)
    for key, one in due.items():
        rows = listed.get((one["person"], one["closes_at"]))
        if rows:  # otherwise it was completed or deleted just now
            emails[one["step"]].append(_email(key, one["number"], rows, offering, at))
    return emails


def _queue(emails: list[Email], step: int, offering: Offering, actor: Actor) -> int:
    with transaction.atomic():
        queued = queue_emails(emails)
        if queued:
            audit.record(
                AuditAction.REMINDERS_QUEUED,
                actor=actor,
                object_id=offering.pk,
                offering=str(offering),
                days_before=step,
                people=queued,
            )
    return queued


def _listed(
    due: Sequence[dict[str, Any]], offering: Offering, at: datetime
) -> dict[tuple[UUID, datetime], list[dict[str, Any]]]:
    """The first organizations of each person and close that is due.

    A range of people, because databases look up a long list of them once for each registration.
    """
    wanted = {(one["person"], one["closes_at"]) for one in due}
    contacts = Contact.objects.filter(COMPLETE_CONTACT, registration=OuterRef("registration"))
    organization = "registration__organization"
    rows = (
        _incomplete(offering, at)
        .filter(person__range=(due[0]["person"], due[-1]["person"]))
        .annotate(
            kind=F(f"{organization}__kind"),
            name=F(f"{organization}__name"),
            number=F(f"{organization}__registration_number__number"),
            size=F("registration__size"),
            has_contact=Exists(contacts),
            first_name=F(f"{OFFICIALS}__user__first_name"),
            last_name=F(f"{OFFICIALS}__user__last_name"),
            email=F(f"{OFFICIALS}__user__email"),
            place=Window(
                RowNumber(),
                partition_by=[F("person"), F("closes_at")],
                order_by=[F("kind"), F(f"{organization}__search_name"), F("pk")],
            ),
        )
        .filter(place__lte=LISTED)
        .order_by("person", "closes_at", "place")
        .values()
    )
    return {
        key: list(group)
        for key, group in groupby(
            rows.iterator(chunk_size=LOT), key=itemgetter("person", "closes_at")
        )
        if key in wanted
    }


def _key(offering: Offering, step: int, one: dict[str, Any]) -> str:
    return f"reminder:{offering.pk}:{one['closes_at']:%Y%m%dT%H%M%S}:{step}:{one['person']}"


def _email(
    key: str, number: int, rows: list[dict[str, Any]], offering: Offering, at: datetime
) -> Email:
    first, product = rows[0], Product(offering.product)
    closes_at = first["closes_at"]
    return Email(
        to=first["email"],
        subject=subject_of(
            year=offering.year_id, product=product, number=number, closes_at=closes_at
        ),
        body=body_of(
            person=f"{first['first_name']} {first['last_name']}",
            year=offering.year_id,
            product=product,
            listed=[
                Listed(
                    name=row["name"],
                    number=row["number"],
                    missing=what_is_missing(size=row["size"], has_contact=row["has_contact"]),
                )
                for row in rows
            ],
            number=number,
            closes_at=closes_at,
            links=[_link(offering, kind) for kind in dict.fromkeys(row["kind"] for row in rows)],
        ),
        due_at=at,
        expires_at=closes_at,
        dedupe_key=key,
    )


def _link(offering: Offering, kind: str) -> str:
    """The list of the incomplete ones. Signing in comes back to it."""
    year, product = offering.year_id, offering.product
    path = reverse("list", kwargs={"year": year, "product": product, "kind": kind})
    return f"{settings.SITE_URL}{path}?status={EnrollmentStatus.INCOMPLETE}"
