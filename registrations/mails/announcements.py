"""Writing to the contacts of a list: each address once, whatever registrations it belongs to.

Queued in lots, each in a transaction of its own: half a million mails in one would keep everybody
else from writing. The keys of the mails follow from the announcement, so whoever was interrupted
presses again, and nothing is queued twice.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.messages.outbox import Email, queue_emails
from accounts.models import AuditEvent
from qpp_registration.errors import Refused
from registrations.mails.recipients import Recipient
from registrations.models import Contact, Enrollment
from registrations.words.announcement_mail import LISTED, Listed, body_of

LOT = 500


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What is written. `drawn` comes with the page it is written on."""

    drawn: UUID
    subject: str
    text: str

    @property
    def id(self) -> UUID:
        """The same page with the same words is the same announcement, which is queued once."""
        return uuid5(self.drawn, f"{self.subject}\n{self.text}")


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How many mails go to the contacts of how many organizations; one of them as an example.

    `unreached`: registrations on the list without a complete contact.
    """

    mails: int
    organizations: int
    unreached: int
    example: Email | None


@dataclass(frozen=True, kw_only=True)
class Written:
    """How many mails are new, and how many registrations on the list nobody gets mail about."""

    queued: int
    unreached: int


@dataclass(frozen=True, kw_only=True)
class _Addressee:
    address: str
    organization_id: UUID
    registration_id: UUID
    listed: Sequence[Listed]
    total: int


def reach_of(
    found: QuerySet[Enrollment], announcement: Announcement, *, received_at: datetime
) -> Reach:
    """Whom the announcement would reach."""
    contacts = _contacts(found)
    counted = contacts.aggregate(
        mails=Count(Lower("email"), distinct=True),
        organizations=Count("registration__organization", distinct=True),
    )
    reached = Contact.objects.complete().filter(registration=OuterRef("registration"))
    first = next(_addressees(contacts), None)
    return Reach(
        **counted,
        unreached=found.order_by().filter(~Exists(reached)).count(),
        example=_mail(announcement, first, received_at) if first else None,
    )


def write_to_contacts(
    *,
    found: QuerySet[Enrollment],
    announcement: Announcement,
    filters: Sequence[str],
    actor: Actor,
    received_at: datetime,
) -> Written:
    """Queue the announcement to all complete contacts of the list.

    Raises Refused without a reason, and where nobody would be reached.
    """
    if not actor.reason.strip():
        raise Refused("Give a reason.")
    reach = reach_of(found, announcement, received_at=received_at)
    if not reach.mails:
        raise Refused("No registration on the list has a complete contact.")
    addressees = _addressees(_contacts(found))
    queued = 0
    while lot := list(itertools.islice(addressees, LOT)):
        with transaction.atomic():
            new = queue_emails([_mail(announcement, to, received_at) for to in lot])
            if new and not queued:
                _record(announcement, reach, filters, actor)
        queued += new
    return Written(queued=queued, unreached=reach.unreached)


def _record(announcement: Announcement, reach: Reach, filters: Sequence[str], actor: Actor) -> None:
    """Once for each announcement, also where somebody went on after an interruption."""
    action = AuditAction.CONTACTS_WRITTEN_TO
    if not AuditEvent.objects.filter(object_id=str(announcement.id), action=action).exists():
        audit.record(
            action,
            actor=actor,
            object_id=announcement.id,
            subject=announcement.subject,
            mails=reach.mails,
            organizations=reach.organizations,
            filters=list(filters),
        )


def _contacts(found: QuerySet[Enrollment]) -> QuerySet[Contact]:
    registrations = found.order_by().values("registration")
    return Contact.objects.complete().filter(registration__in=registrations)


def _addressees(contacts: QuerySet[Contact]) -> Iterator[_Addressee]:
    rows = contacts.order_by(
        Lower("email"), "-registration__year", "registration__name"
    ).values_list(
        *("email", "registration__organization", "registration", "registration__name"),
        *("registration__organization__registration_number__number", "registration__year"),
    )
    for _address, of_one in groupby(rows.iterator(chunk_size=2_000), lambda row: row[0].casefold()):
        yield _addressee(of_one)


def _addressee(rows: Iterator[Any]) -> _Addressee:
    first = next(rows)
    listed, total = {first[2]: Listed(*first[3:])}, {first[2]}
    for row in rows:
        total.add(row[2])
        if len(listed) < LISTED:
            listed.setdefault(row[2], Listed(*row[3:]))
    return _Addressee(
        address=first[0],
        organization_id=first[1],
        registration_id=first[2],
        listed=list(listed.values()),
        total=len(total),
    )


def _mail(announcement: Announcement, to: _Addressee, received_at: datetime) -> Email:
    key = Recipient(to.address, is_official=False).key
    return Email(
        to=to.address,
        subject=announcement.subject,
        body=body_of(announcement.text, to.listed, to.total),
        due_at=received_at,
        dedupe_key=f"announcement:{announcement.id}:{key}",
        organization_id=to.organization_id,
        about=to.registration_id,
    )
