"""Loading what CMS found when it drew the samples, after the close (both guides, I).

The whole file is checked before anything is written. Then a batch of registrations is one
transaction; loading the file again goes on where a run was stopped.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.actors import Actor
from accounts.enums import AuditAction
from accounts.messages.outbox import Email, queue_emails
from accounts.roles.access import security_officials_of_many
from organizations.lookup import Named, named_organizations, parse_organization
from qpp_registration.clock import show_day_and_time
from qpp_registration.csv_file import CsvFile, Refusals, RowRefusal
from qpp_registration.errors import Refused
from registrations.cases.presentation import organization_link
from registrations.cases.registration import lock
from registrations.enums import EnrollmentStatus, Product, SamplingOutcome
from registrations.mails.recipients import Recipient, letters_to, recipients
from registrations.models import Contact, Enrollment, Offering, SamplingResult, WindowExtension
from registrations.policy.registration import effective_close
from registrations.words.sampling import outcomes_of, sampling_words
from registrations.words.sampling_mail import SamplingNews, sampled

COLUMNS = ("kind", "identifier", "offering", "result")
BATCH = 100  # registrations in one transaction
Wanted = dict[int, SamplingOutcome]  # by the key of the enrollment


@dataclass(kw_only=True)
class SamplingLoaded:
    """What a load did, or in a dry run would do. `new` and `changed` by outcome."""

    new: Counter[tuple[Product, SamplingOutcome]] = field(default_factory=Counter)
    changed: Counter[tuple[Product, SamplingOutcome]] = field(default_factory=Counter)
    unchanged: int = 0
    mails: int = 0
    refusals: Refusals = field(default_factory=Refusals)


def load_sampling_results(
    file: Path,
    *,
    year: int,
    actor: Actor,
    received_at: datetime,
    dry_run: bool = False,
    skip_refused: bool = False,
    on_read: Callable[[int], object] = lambda _count: None,
) -> SamplingLoaded:
    """Store the results of registrations of the year, and tell their complete contacts by mail.

    Where a registration has no complete contact its Security Officials are told. A result that
    stands there already is left alone; another one replaces it and is told anew.

    Any refused row means that nothing is written, unless `skip_refused`. What is to be written is
    kept in memory, about 200 bytes a row. Raises Refused when the year has no offerings, or the
    file can't be used at all.
    """
    loaded = SamplingLoaded()
    check = _Check(year, received_at, loaded.refusals)
    with CsvFile(file, COLUMNS, on_read=on_read) as rows:
        for chunk in named_organizations(rows, COLUMNS, _parse, loaded.refusals):
            check.take(chunk)
    if loaded.refusals.rows and not skip_refused:
        return loaded
    keys = sorted(check.wanted)
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            _store(keys[start : start + BATCH], check, loaded, actor, received_at)
            transaction.set_rollback(dry_run)
    return loaded


def _parse(column: str, text: str, values: Mapping[str, Any]) -> Any:
    match column:
        case "offering":
            return _word(text, Product.values, Product)
        case "result":
            return _result(text, values.get("offering"))
        case _:
            return parse_organization(column, text, values)


def _word(text: str, words: Sequence[str], kind: Callable[[str], Any]) -> Any:
    text = text.strip().lower()
    if text not in words:
        raise ValueError(f"Write one of {', '.join(words)}.")
    return kind(text)


def _result(text: str, product: Product | None) -> SamplingOutcome:
    outcome = _word(text, SamplingOutcome.values, SamplingOutcome)
    if product and outcome not in outcomes_of(product):
        words = " or ".join(outcomes_of(product))
        raise ValueError(f"The result for the {product.label} is {words}.")
    return outcome


class _Check:
    """What of the file can be stored: `wanted`, by the key of the enrollment."""

    def __init__(self, year: int, at: datetime, refusals: Refusals) -> None:
        found = Offering.objects.filter(year=year).select_related("year")
        self.offerings = {Product(offering.product): offering for offering in found}
        if not self.offerings:
            raise Refused(f"There is no performance year {year} with something to register for.")
        self.year, self.at, self.refusals = year, at, refusals
        self.wanted: Wanted = {}
        self.lines: dict[int, int] = {}

    def take(self, chunk: Sequence[Named]) -> None:
        """Check rows whose organizations are there."""
        organizations = {row.organization_id for row in chunk}
        enrollments = self._enrollments(organizations)
        extended = self._extended(organizations)
        for row in chunk:
            key = (row.organization_id, row.values["offering"])
            refusal = self._refusal(row, enrollments.get(key), extended.get(key))
            if refusal:
                self.refusals.add([refusal])
            else:
                enrollment = enrollments[key]
                self.wanted[enrollment] = row.values["result"]
                self.lines[enrollment] = row.row.line

    def _refusal(
        self, row: Named, enrollment: int | None, extended_until: datetime | None
    ) -> RowRefusal | None:
        _, identifier, text, _ = row.row.values
        offering = self.offerings.get(row.values["offering"])
        if offering is None:
            return row.refused("offering", text, f"{self.year} doesn't offer it.")
        closes_at = effective_close(offering.closes_at, extended_until)
        if self.at < closes_at:
            until = show_day_and_time(closes_at)
            return row.refused("offering", text, f"Registration is open until {until}.")
        if enrollment is None:
            reason = f"It isn't registered for the {offering}."
            return row.refused("identifier", identifier, reason)
        if first := self.lines.get(enrollment):
            return row.refused("identifier", identifier, f"Line {first} has it already.")
        return None

    def _enrollments(self, organizations: set[UUID]) -> dict[tuple[UUID, Product], int]:
        found = Enrollment.objects.filter(
            registration__organization__in=organizations,
            offering__year=self.year,
            status=EnrollmentStatus.COMPLETE,
        ).values_list("registration__organization", "offering__product", "pk")
        return {(organization, Product(product)): pk for organization, product, pk in found}

    def _extended(self, organizations: set[UUID]) -> dict[tuple[UUID, Product], datetime]:
        found = WindowExtension.objects.filter(
            organization__in=organizations, offering__year=self.year
        ).values_list("organization", "offering__product", "until")
        return {(organization, Product(product)): until for organization, product, until in found}


def _store(
    keys: Sequence[int], check: _Check, loaded: SamplingLoaded, actor: Actor, at: datetime
) -> None:
    """One batch. What staff cancelled since the check is left out."""
    lock(*Enrollment.objects.filter(pk__in=keys).values_list("registration", flat=True))
    found = Enrollment.objects.with_circumstances().filter(
        pk__in=keys, status=EnrollmentStatus.COMPLETE
    )
    results, events = [], []
    emails: list[Email] = []
    told = _Told(check, keys, at)
    for enrollment in found.order_by("pk"):
        outcome = check.wanted[enrollment.pk]
        before = getattr(enrollment, "sampling_result", None)
        if before and before.outcome == outcome:
            loaded.unchanged += 1
            continue
        counts = loaded.changed if before else loaded.new
        counts[Product(enrollment.offering.product), outcome] += 1
        results.append(
            SamplingResult(
                enrollment=enrollment, outcome=outcome, loaded_at=at, loaded_by=actor.name
            )
        )
        events.append(
            audit.event(
                AuditAction.SAMPLING_RESULT_LOADED,
                actor=actor,
                organization_id=enrollment.registration.organization_id,
                object_id=enrollment.registration_id,
                offering=str(enrollment.offering),
                outcome=[before.outcome if before else "", outcome],
            )
        )
        emails.extend(told.emails(enrollment, outcome, replaces=before is not None))
    SamplingResult.objects.bulk_create(
        results,
        update_conflicts=True,
        unique_fields=["enrollment"],
        update_fields=["outcome", "loaded_at", "loaded_by"],
    )
    audit.record_all(events)
    loaded.mails += queue_emails(emails)


class _Told:
    """The mails of a batch, with what they need read at once."""

    def __init__(self, check: _Check, keys: Sequence[int], at: datetime) -> None:
        self.check, self.at = check, at
        self.contacts: dict[UUID, list[Contact]] = {}
        contacts = Contact.objects.complete().filter(registration__enrollments__in=keys)
        for contact in contacts.order_by("position"):
            of_registration = self.contacts.setdefault(contact.registration_id, [])
            of_registration.append(contact)
        without = Enrollment.objects.filter(pk__in=keys).exclude(registration__in=self.contacts)
        self.officials = security_officials_of_many(
            list(without.values_list("registration__organization", flat=True))
        )
        self.with_web_interface = Product.WEB_INTERFACE in check.offerings
        self.web_interface = set(
            Enrollment.objects.filter(
                registration__enrollments__in=keys,
                offering__product=Product.WEB_INTERFACE,
                status=EnrollmentStatus.COMPLETE,
            ).values_list("registration", flat=True)
        )

    def emails(
        self, enrollment: Enrollment, outcome: SamplingOutcome, *, replaces: bool
    ) -> Iterator[Email]:
        """A mail for each address: the contacts', or else the Security Officials'."""
        registration = enrollment.registration
        product = Product(enrollment.offering.product)
        news = SamplingNews(
            organization=registration.name,
            number=registration.organization.registration_number.number,
            year=registration.year_id,
            product=product,
            words=sampling_words(
                product=product,
                outcome=outcome,
                with_web_interface=self.with_web_interface,
                registered=registration.pk in self.web_interface,
                aco=bool(enrollment.in_shared_savings_program),
            ),
            replaces=replaces,
            link=organization_link(registration.organization, enrollment.offering),
        )
        return letters_to(
            self._recipients(enrollment),
            lambda to_official: sampled(news, to_official=to_official),
            registration=registration,
            due_at=self.at,
            key=f"sampling:{enrollment.pk}:{self.at:%Y%m%dT%H%M%S%f}",
        )

    def _recipients(self, enrollment: Enrollment) -> list[Recipient]:
        registration = enrollment.registration
        if contacts := self.contacts.get(registration.pk):
            return recipients(contacts, [])
        return recipients([], self.officials[registration.organization_id])
