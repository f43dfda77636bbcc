"""Registering organizations automatically: Shared Savings Program ACOs, and groups and virtual
groups that submitted through the CMS Web Interface the year before (2022 guide, I).

A batch of organizations is one transaction, so that a run that was stopped leaves whole batches,
and the next one does the rest. What exists is left as it is, above all what an official ended.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.actors import Actor
from accounts.enums import ActorKind, AuditAction
from accounts.messages.outbox import Email, queue_emails
from accounts.models import AuditEvent
from organizations.models import Participation
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused
from registrations.automatic.members import Member, read_members
from registrations.cases.presentation import organization_link
from registrations.cases.registration import lock_year, mark_changed
from registrations.enums import Completion, EnrollmentStatus, Missing, Origin, Product
from registrations.mails.recipients import letters_to, recipients
from registrations.models import Contact, Enrollment, Offering, Registration
from registrations.policy.registration import (
    Action,
    Refusal,
    Situation,
    missing_items,
    missing_to_register,
    refusal,
    window_state,
)
from registrations.registering.begin import first_values
from registrations.registering.numbers import numbers_of
from registrations.words.automatic_mail import AutomaticRegistration, automatically_registered

BATCH = 100  # organizations in one transaction
LISTED = 1_000  # organizations that are named because they can't be registered
TOLD = (Refusal.NOT_APPROVED, Refusal.TOO_SMALL, Refusal.WAS_ENDED)


@dataclass(kw_only=True)
class AutomaticResult:
    """What a run did, or in a dry run would do.

    `passed`: how many were not registered for an offering, and why. `named`: the first of those
    that somebody may want to look after, in words.
    """

    offerings: Sequence[Offering]
    registered: Counter[Product] = field(default_factory=Counter)
    passed: Counter[tuple[Product, Refusal]] = field(default_factory=Counter)
    named: list[tuple[Product, Refusal, str]] = field(default_factory=list)
    mails: int = 0


def register_automatically(
    *,
    year: int,
    prior_submitters: Sequence[UUID],
    actor: Actor,
    received_at: datetime,
    dry_run: bool = False,
    on_organizations: Callable[[int], object] = lambda _count: None,
) -> AutomaticResult:
    """Register the year's Shared Savings Program ACOs for each offering that the year marks, and
    `prior_submitters` (keys of groups and virtual groups) for the CMS Web Interface.

    A registration is complete whatever is missing. Where none was begun, explicit years take over
    size, name, address and complete contacts of the year before, to be confirmed; in years that
    complete by themselves officials take them over. Gives a registration ID to who has none.

    Effects, for each batch in one transaction: registrations, an audit event for each, and one
    mail to every complete contact and Security Official. Running it again changes nothing, and no
    more does a dry run.

    Raises Refused when the year has no offerings, or none that fits, and after the last close.
    """
    offerings = _offerings(year, received_at)
    result = AutomaticResult(offerings=list(offerings.values()))
    if prior_submitters and Product.WEB_INTERFACE not in offerings:
        raise Refused(f"There is no CMS Web Interface to register for in {year}.")
    for offered, shared_savings, batches in _work(year, offerings, prior_submitters):
        run = _Run(
            result=result,
            offerings=offered,
            shared_savings=shared_savings,
            actor=actor,
            received_at=received_at,
        )
        for batch in batches:
            with transaction.atomic():
                run.register(batch)
                transaction.set_rollback(dry_run)
            on_organizations(len(batch))
    return result


def acos_to_look_at(year: int) -> int:
    """How many Shared Savings Program ACOs the year has."""
    return _participations(year).count()


def _participations(year: int) -> QuerySet[Participation]:
    return Participation.objects.filter(performance_year=year, shared_savings_program=True)


def _offerings(year: int, at: datetime) -> dict[Product, Offering]:
    """What the year offers, Web Interface first. Raises Refused when all of it has closed."""
    found = Offering.objects.filter(year=year).select_related("year").order_by("-product")
    offerings = {Product(offering.product): offering for offering in found}
    if not offerings:
        raise Refused(f"There is no performance year {year} with something to register for.")
    closes_at = max(offering.closes_at for offering in found)
    if at >= closes_at:
        raise Refused(
            f"Registration for {year} closed on {show_day_and_time(closes_at)}; nothing is "
            "registered automatically after it."
        )
    return offerings


def _work(
    year: int, offerings: Mapping[Product, Offering], prior_submitters: Sequence[UUID]
) -> Iterator[tuple[Sequence[Offering], bool, Iterable[list[UUID]]]]:
    """Who is registered for what: offerings, whether as an ACO, and batches of organizations."""
    for_acos = [offering for offering in offerings.values() if offering.registers_shared_savings]
    if for_acos:
        yield for_acos, True, _acos(year)
    if prior_submitters:
        yield [offerings[Product.WEB_INTERFACE]], False, _batches(prior_submitters)


def _acos(year: int) -> Iterator[list[UUID]]:
    """The ACOs of the year, a batch at a time in the order of their keys."""
    acos = _participations(year).order_by("organization").values_list("organization", flat=True)
    batch = list(acos[:BATCH])
    while batch:
        yield batch
        batch = list(acos.filter(organization__gt=batch[-1])[:BATCH])


def _batches(organizations: Sequence[UUID]) -> Iterator[list[UUID]]:
    """The same of keys that are known, also in their order: no two runs wait for each other."""
    ordered = sorted(organizations)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


@dataclass(frozen=True, kw_only=True)
class _Entry:
    """An organization that is being registered, with its registration as it will stand."""

    member: Member
    offerings: Sequence[Offering]
    number: int
    registration: Registration
    contacts: Sequence[Contact]


@dataclass(kw_only=True)
class _Run:
    """Registering batches for the same offerings, in the name of the actor."""

    result: AutomaticResult
    offerings: Sequence[Offering]
    shared_savings: bool
    actor: Actor
    received_at: datetime

    def register(self, organization_ids: Sequence[UUID]) -> None:
        """Register all that can be, in a few statements. Call it in a transaction."""
        year = self.offerings[0].year
        lock_year(organization_ids, year.year)
        chosen = [
            (member, offerings)
            for member in read_members(organization_ids, year)
            if (offerings := [one for one in self.offerings if self._may(member, one)])
        ]
        numbers = numbers_of([member.organization for member, _ in chosen])
        entries = [
            self._entry(member, offerings, numbers[member.organization.pk])
            for member, offerings in chosen
        ]
        self._store(entries)
        audit.record_all(event for entry in entries for event in self._events(entry))
        emails = (email for entry in entries for email in self._emails(entry))
        self.result.mails += queue_emails(emails)

    def _may(self, member: Member, offering: Offering) -> bool:
        situation = Situation(
            kind=member.kind,
            product=Product(offering.product),
            actor=ActorKind.SYSTEM,
            role=None,
            window=window_state(
                self.received_at,
                opens_at=offering.opens_at,
                closes_at=member.closes_at(offering),
            ),
            status=member.status(offering),
            approved=member.approved,
            shared_savings=self.shared_savings,
            size=member.size,
            minimum_size=offering.minimum_size,
        )
        why = refusal(Action.REGISTER_AUTOMATICALLY, situation)
        if why is None:
            self.result.registered[situation.product] += 1
            return True
        self.result.passed[situation.product, why] += 1
        if why in TOLD and len(self.result.named) < LISTED:
            self.result.named.append((situation.product, why, member.in_words))
        return False

    def _entry(self, member: Member, offerings: Sequence[Offering], number: int) -> _Entry:
        """The registration and its contacts: as they stand, or new with what is taken over."""
        registration, contacts = member.registration, member.contacts
        if registration is None:
            registration = Registration(
                organization=member.organization,
                year_id=offerings[0].year_id,
                **first_values(
                    member.organization,
                    actor=self.actor,
                    received_at=self.received_at,
                    carried=member.before,
                ),
            )
            contacts = self._copies(member.contacts_before, registration)
        return _Entry(
            member=member,
            offerings=offerings,
            number=number,
            registration=registration,
            contacts=contacts,
        )

    def _copies(self, contacts: Sequence[Contact], registration: Registration) -> list[Contact]:
        complete = (contact for contact in contacts if contact.is_complete)
        return [
            Contact(
                registration=registration,
                position=position,
                changed_by=self.actor.name,
                **contact.values(),
            )
            for position, contact in enumerate(complete, 1)
        ]

    def _store(self, entries: Sequence[_Entry]) -> None:
        new = [entry for entry in entries if entry.member.registration is None]
        Registration.objects.bulk_create(entry.registration for entry in new)
        Contact.objects.bulk_create(contact for entry in new for contact in entry.contacts)
        enrollments = []
        for entry in entries:
            if entry.member.registration:
                mark_changed(entry.registration, actor=self.actor, received_at=self.received_at)
            for offering in entry.offerings:
                incomplete = entry.member.enrollments.get(offering.pk)
                enrollment = incomplete or Enrollment(
                    registration=entry.registration, offering=offering
                )
                enrollment.status = EnrollmentStatus.COMPLETE
                enrollment.origin = Origin.AUTOMATIC
                enrollment.completed_at = self.received_at
                if incomplete:
                    enrollment.save()
                else:
                    enrollments.append(enrollment)
        Enrollment.objects.bulk_create(enrollments)

    def _events(self, entry: _Entry) -> Iterator[AuditEvent]:
        for offering in entry.offerings:
            yield audit.event(
                AuditAction.AUTOMATICALLY_REGISTERED,
                actor=self.actor,
                organization_id=entry.member.organization.pk,
                object_id=entry.registration.pk,
                registration_id=entry.number,
                offering=str(offering),
                because="Shared Savings Program ACO" if self.shared_savings else "prior submitter",
                carried_from=entry.registration.carried_from,
            )

    def _emails(self, entry: _Entry) -> Iterator[Email]:
        member, registration = entry.member, entry.registration
        told = AutomaticRegistration(
            organization=registration.name,
            number=entry.number,
            year=registration.year_id,
            closes={Product(one.product): member.closes_at(one) for one in entry.offerings},
            shared_savings=self.shared_savings,
            carried_from=registration.carried_from,
            missing=_missing(entry),
            link=organization_link(member.organization, entry.offerings[0]),
        )
        return letters_to(
            recipients(entry.contacts, member.officials),
            lambda to_official: automatically_registered(told, to_official=to_official),
            registration=registration,
            due_at=self.received_at,
            key=f"automatic:{registration.pk}:{'+'.join(told.closes)}",
        )


def _missing(entry: _Entry) -> list[Missing]:
    registration = entry.registration
    contacts = [contact.values() for contact in entry.contacts]
    if entry.offerings[0].year.completion == Completion.AUTOMATIC:
        return missing_items(size=registration.size, contacts=contacts)
    return missing_to_register(
        size=registration.size, organization=registration.information(), contacts=contacts
    )
