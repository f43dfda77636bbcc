"""Telling an organization's Security Officials at once what CMS staff did (every year)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from accounts.messages.outbox import Email, queue_emails
from accounts.models import Message
from accounts.roles.access import security_officials_of
from organizations.models import Organization
from registrations.cases.registration import lock_year
from registrations.enums import EnrollmentStatus, Product
from registrations.mails.notices import snapshot
from registrations.models import Enrollment, Registration, RegistrationNumber
from registrations.words.letters import Letter, sentences
from registrations.words.staff_letters import StaffTold, changed_by_staff

STATUS_WORDS = {
    EnrollmentStatus.INCOMPLETE: "started, incomplete",
    EnrollmentStatus.COMPLETE: "registered",
}


@contextmanager
def telling_officials(*, organization_id: UUID, year: int, received_at: datetime) -> Iterator[None]:
    """One transaction around what staff changes of a registration, and one mail for it.

    Whatever differs afterwards is told, whichever services were called; nothing differs, nothing
    is told. Who was written to about the same moment already isn't told twice.
    """
    with transaction.atomic():
        lock_year([organization_id], year)
        before = _standing(organization_id, year)
        yield
        after = _standing(organization_id, year)
        changes = _changes(before, after)
        if changes and after.registration:
            _tell(after.registration, year, changes, received_at)


def tell_officials(
    letter: Letter, *, organization_id: UUID, key: str, received_at: datetime, about: Any = None
) -> int:
    """Queue the letter to each Security Official, in the transaction of what it tells of.

    `key` begins the dedupe key. Whoever has mail `about` the same registration from the same moment
    is left out.
    """
    written = set()
    if about:
        # What was changed before and waited is another matter, though it goes out now as well.
        queued = Message.objects.filter(about=about, due_at=received_at).exclude(
            dedupe_key__startswith="changed:"
        )
        written = {address.casefold() for address in queued.values_list("to", flat=True)}
    html = render_to_string("mail/letter.html", {"letter": letter})
    text = letter.as_text()
    return queue_emails(
        Email(
            to=official.email,
            subject=letter.subject,
            body=text,
            html=html,
            due_at=received_at,
            dedupe_key=f"{key}:{official.pk}",
            organization_id=organization_id,
            about=about,
        )
        for official in security_officials_of(organization_id)
        if official.email.casefold() not in written
    )


def told_of(organization: Organization, received_at: datetime) -> StaffTold:
    """What every letter about the organization begins with."""
    number = RegistrationNumber.objects.filter(organization=organization).first()
    return StaffTold(
        organization=organization.name,
        number=number.number if number else None,
        received_at=received_at,
        site=settings.SITE_URL,
    )


@dataclass(frozen=True, kw_only=True)
class _Standing:
    registration: Registration | None
    details: Mapping[str, Any]
    statuses: Mapping[Product, EnrollmentStatus]


def _standing(organization_id: UUID, year: int) -> _Standing:
    registration = (
        Registration.objects.select_related("organization")
        .filter(organization=organization_id, year=year)
        .first()
    )
    if registration is None:
        return _Standing(registration=None, details={}, statuses={})
    enrollments = Enrollment.objects.filter(registration=registration)
    return _Standing(
        registration=registration,
        details=snapshot(registration, registration.contacts.order_by("position")),
        statuses={
            Product(product): EnrollmentStatus(status)
            for product, status in enrollments.values_list("offering__product", "status")
        },
    )


def _changes(before: _Standing, after: _Standing) -> list[str]:
    """What differs, in sentences. Name and address that a registration begins with are no news."""
    statuses = [
        f"{product.label}: {_word(was)}, now {_word(now)}"
        for product, now in after.statuses.items()
        if _word(was := before.statuses.get(product)) != _word(now)
    ]
    if after.registration is None:
        return statuses
    first = {**after.details, "size": "", "contacts": {}}
    return [*statuses, *sentences(before.details or first, after.details)]


def _word(status: EnrollmentStatus | None) -> str:
    return STATUS_WORDS.get(status, "not registered") if status else "not registered"


def _tell(registration: Registration, year: int, changes: list[str], received_at: datetime) -> None:
    told = told_of(registration.organization, received_at)
    tell_officials(
        changed_by_staff(told, year, changes),
        organization_id=registration.organization_id,
        key=f"staff:{registration.pk}:{registration.version}",
        received_at=received_at,
        about=registration.pk,
    )
