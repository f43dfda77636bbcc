"""Telling contacts of what was registered, changed and cancelled (2022 guide, II and IV.8).

Register and cancel go at once. Changes wait ten minutes and go together; the registration as it
was is compared with what it became, so that whoever was removed or readdressed is told as well, and
nobody is written to at an address that was only half typed. What waits when something is told at
once is told at once as well, before it.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor, operations
from accounts.messages.outbox import queue_emails
from accounts.roles.access import security_officials_of
from registrations.cases.registration import Case, case_of, lock
from registrations.enums import Completion, EnrollmentStatus
from registrations.mails.recipients import Recipient, letters_to
from registrations.models import (
    ChangeNotice,
    Contact,
    Enrollment,
    PerformanceYear,
    Registration,
)
from registrations.policy.registration import CHANGES_MERGE, is_complete_contact
from registrations.words import letters
from registrations.words.letters import Letter, Told

LOT = 100  # notices that a sender composes before it delivers

log = logging.getLogger(__name__)


def snapshot(registration: Registration, contacts: Iterable[Contact]) -> dict[str, Any]:
    """A registration as it stands, to compare with what it becomes: plain JSON values."""
    return {
        "size": registration.size,
        **registration.information(),
        "contacts": {str(contact.pk): contact.values() for contact in contacts},
    }


def note_change(
    registration: Registration, *, before: dict[str, Any], actor: Actor, received_at: datetime
) -> None:
    """Have the contacts told of a change, together with all that changes in the next ten minutes.

    An empty `before`: it was just completed by itself. Call it in the transaction of the change,
    with the registration locked.
    """
    notice, is_new = ChangeNotice.objects.get_or_create(
        registration=registration,
        defaults={
            "before": before,
            "by": [actor.shown_name],
            "began_at": received_at,
            "due_at": received_at + CHANGES_MERGE,
        },
    )
    if not is_new and actor.shown_name not in notice.by:
        notice.by = [*notice.by, actor.shown_name]
        notice.save(update_fields=["by"])


def settle_changes(registration: Registration, year: PerformanceYear, *, at: datetime) -> None:
    """Tell what waits for its ten minutes now, because what comes next is told at once.

    Otherwise the changes before a cancellation would never be told, and those before a *Register*
    after it. Call it in the transaction of what comes next, before anything is written. What nobody
    knows yet to be registered goes on waiting.
    """
    if not year.mails_contacts:
        return
    notice = ChangeNotice.objects.filter(registration=registration).exclude(before={}).first()
    if notice is None:
        return
    try:
        with transaction.atomic():
            _tell(notice, registration, at)
    except Exception:  # what comes next is not to fail for it; the sender tries again
        log.exception("The change of registration %s can't be told.", registration.pk)


def tell_registered(
    registration: Registration,
    cases: Sequence[Case],
    *,
    actor: Actor,
    received_at: datetime,
    write: Callable[[Told], Letter] = letters.registered,
) -> None:
    """Queue mail to all contacts of the organization, if the year has them told."""
    if cases[0].offering.year.mails_contacts:
        told = _told(cases, registration, by=[actor.shown_name], received_at=received_at)
        _queue(
            write(told),
            _complete(registration.contacts.all()),
            key=f"registered:{registration.pk}:{registration.version}",
            registration=registration,
            due_at=received_at,
        )


def tell_ended(
    registration: Registration,
    cases: Sequence[Case],
    *,
    actor: Actor,
    received_at: datetime,
    size: Sequence[str] = (),
) -> None:
    """Queue mail of what was cancelled or deleted.

    To all contacts, if the year has them told and they know that it was registered, and to the
    other Security Officials in every year. `size`: before and after, where a change of the size
    ended it.
    """
    year = cases[0].offering.year
    told = _told(cases, registration, by=[actor.shown_name], received_at=received_at)
    letter = (
        letters.cancelled(told, size)
        if year.completion == Completion.EXPLICIT
        else letters.deleted(told)
    )
    others = security_officials_of(registration.organization_id)
    if actor.shown_user:
        others = others.exclude(pk=actor.shown_user.pk)
    know_of_it = (
        year.mails_contacts
        and all(case.registered.completed_at for case in cases)
        and not _was_not_told_yet(registration)
    )
    contacts = _complete(registration.contacts.all()) if know_of_it else []
    _queue(
        letter,
        [*contacts, *others.values_list("email", flat=True)],
        key=f"ended:{registration.pk}:{registration.version}",
        registration=registration,
        due_at=received_at,
    )


def compose_due(*, at: datetime) -> int:
    """Queue the mails of the change notices that are due; gives how many notices those were.

    Any number of senders may do so at once: each notice is composed under the lock of its
    registration, by whoever comes first. One that can't be composed stops no other, and is tried
    again ten minutes later.
    """
    due = ChangeNotice.objects.filter(due_at__lte=at).order_by("due_at")
    composed = 0
    for registration_id in list(due.values_list("registration_id", flat=True)[:LOT]):
        try:
            composed += _compose(registration_id, at)
        except Exception:  # the others are to be told all the same
            log.exception("The change of registration %s can't be told.", registration_id)
            due.filter(registration=registration_id).update(due_at=at + CHANGES_MERGE)
    return composed


def _compose(registration_id: UUID, at: datetime) -> bool:
    with transaction.atomic():
        lock(registration_id)
        notice = (
            ChangeNotice.objects.filter(registration=registration_id, due_at__lte=at)
            .select_related("registration")
            .first()
        )
        if notice is None:
            return False
        _tell(notice, notice.registration, at)
    return True


def _tell(notice: ChangeNotice, registration: Registration, at: datetime) -> None:
    """Queue the mails of a notice, if something differs from what was, and forget it."""
    contacts = list(registration.contacts.order_by("position"))
    now = snapshot(registration, contacts)
    before = notice.before or {**now, "contacts": {}}
    changes = letters.changes_between(before, now)
    cases = _cases(registration)
    if changes and cases and cases[0].offering.year.mails_contacts:
        told = _told(cases, registration, by=notice.by, received_at=notice.began_at)
        _queue(
            letters.changed(told, changes) if notice.before else letters.registered(told),
            [*_complete_of(before), *_complete(contacts)],
            key=f"changed:{notice.pk}",
            registration=registration,
            due_at=at,
        )
    notice.delete()


def _cases(registration: Registration) -> list[Case]:
    """The cases of what it is registered for; none when that ended meanwhile."""
    enrollments = Enrollment.objects.with_circumstances().filter(
        registration=registration, status=EnrollmentStatus.COMPLETE
    )
    return [case_of(enrollment, operations()) for enrollment in enrollments]


def _was_not_told_yet(registration: Registration) -> bool:
    """Whether contacts don't know yet that it was registered. Then they needn't hear it ended."""
    deleted, _ = ChangeNotice.objects.filter(registration=registration, before={}).delete()
    return bool(deleted)


def _told(
    cases: Sequence[Case],
    registration: Registration,
    *,
    by: Sequence[str],
    received_at: datetime,
) -> Told:
    year = cases[0].offering.year
    return Told(
        organization=registration.name,
        year=year.year,
        products=[case.product for case in cases],
        number=cases[0].organization.registration_number.number,
        by=by,
        received_at=received_at,
        closes_at=max(case.closes_at for case in cases),
        site=settings.SITE_URL,
        asks_size=year.completion == Completion.AUTOMATIC,
    )


def _complete(contacts: Iterable[Contact]) -> list[str]:
    """The addresses of contacts that count."""
    return [contact.email for contact in contacts if contact.is_complete]


def _complete_of(snapshot: Mapping[str, Any]) -> list[str]:
    contacts = snapshot["contacts"].values()
    return [contact["email"] for contact in contacts if is_complete_contact(contact)]


def _queue(
    letter: Letter,
    addresses: Iterable[str],
    *,
    key: str,
    registration: Registration,
    due_at: datetime,
) -> None:
    """One mail to each address, whatever its letters' case and however often it comes."""
    once = {address.casefold(): address for address in reversed(list(addresses))}
    to = [Recipient(address, is_official=False) for address in once.values()]
    queue_emails(
        letters_to(to, lambda _: letter, registration=registration, due_at=due_at, key=key)
    )
