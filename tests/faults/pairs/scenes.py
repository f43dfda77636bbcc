"""An organization with one registration, as two people meet it at the same moment."""

import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction

from accounts.models import AuditEvent, Message, Role, User
from organizations.models import Organization
from registrations.enums import Completion, Product
from registrations.models import (
    ChangeNotice,
    Contact,
    Enrollment,
    Offering,
    Registration,
    RegistrationNumber,
    WindowExtension,
    WindowMove,
)
from registrations.policy.registration import allows, missing_items
from tests.factories import (
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
    explicit_year,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEB_INTERFACE, CAHPS = Product.WEB_INTERFACE, Product.CAHPS
DANIEL, MARIA = "Daniel", "Maria"
PHONE = "2025550123"
YEARS = {Completion.EXPLICIT: 2022, Completion.AUTOMATIC: 2023}
NUMBERS = itertools.count(100_000)
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A row's own key, when it was written, and what says once more what another column says.
NOT_COMPARED = {"id", "at", "created_at", "html"}


@dataclass(frozen=True)
class Start:
    """How things stand before anybody acts.

    `status` is that of the CMS Web Interface; None where it never began. CAHPS is registered in
    explicit years, and its window is closed, so that the other one decides.
    """

    completion: Completion
    status: str | None
    size: str = "25-99"
    closed: bool = False
    cahps_open: bool = False


@dataclass
class Stage:
    """What all scenes share: two Security Officials, CMS staff, a year of each kind, the time."""

    at: datetime
    jane: User = field(default_factory=UserFactory)
    ken: User = field(default_factory=UserFactory)
    pat: User = field(default_factory=lambda: UserFactory(is_staff=True))
    offerings: dict[Completion, dict[Product, Offering]] = field(init=False)

    def __post_init__(self) -> None:
        year = YearFactory(mails_contacts=True)
        automatic: dict[Product, Any] = {
            product: OfferingFactory(year=year, product=product) for product in Product
        }
        self.offerings = {Completion.EXPLICIT: explicit_year(), Completion.AUTOMATIC: automatic}

    def set_for(self, start: Start) -> dict[Product, Offering]:
        """Put the windows of the year where the scene wants them, and forget the one before."""
        Message.objects.all().delete()
        WindowMove.objects.all().delete()
        closed, later = self.at - HOUR, self.at + 7 * DAY
        offerings = self.offerings[start.completion]
        offerings[WEB_INTERFACE].closes_at = closed if start.closed else later
        offerings[CAHPS].closes_at = later if start.cahps_open else closed
        for offering in offerings.values():
            offering.opens_at = self.at - DAY
            offering.save(update_fields=["opens_at", "closes_at"])
        return offerings


@dataclass
class Scene:
    """One organization at the start, with a registration that has two complete contacts."""

    start: Start
    stage: Stage
    organization: Organization = field(init=False)
    registration: Registration = field(init=False)
    offering: Offering = field(init=False)
    role: Role = field(init=False)
    contacts: dict[str, UUID] = field(init=False)
    number: int = field(init=False)
    events_before: int = field(init=False)

    def __post_init__(self) -> None:
        with transaction.atomic():
            offerings = self.stage.set_for(self.start)
            self.offering = offerings[WEB_INTERFACE]
            self.events_before = AuditEvent.objects.aggregate(last=models.Max("pk"))["last"] or 0
            self.organization = OrganizationFactory(name="Invented Practice")
            self.role = RoleFactory(user=self.stage.jane, organization=self.organization)
            RoleFactory(user=self.stage.ken, organization=self.organization)
            self._register(offerings)

    @property
    def year(self) -> int:
        """The performance year."""
        return YEARS[self.start.completion]

    def _register(self, offerings: dict[Product, Offering]) -> None:
        began, self.number = self.stage.at - HOUR, next(NUMBERS)
        RegistrationNumber.objects.create(organization=self.organization, number=self.number)
        address = {
            name: getattr(self.organization, name)
            for name in ("name", "address1", "city", "state", "zip_code")
        }
        self.registration = Registration.objects.create(
            organization=self.organization,
            year_id=self.year,
            size=self.start.size,
            started_at=began,
            changed_at=began,
            changed_by="Jane",
            **address,
        )
        self.contacts = {DANIEL: uuid4(), MARIA: uuid4()}
        Contact.objects.bulk_create(
            Contact(
                id=key,
                registration=self.registration,
                position=position,
                first_name=name,
                last_name="Okafor",
                email=f"{name.lower()}@example.org",
                phone=PHONE,
            )
            for position, (name, key) in enumerate(self.contacts.items(), 1)
        )
        statuses = {WEB_INTERFACE: self.start.status}
        if self.start.completion == Completion.EXPLICIT:
            statuses[CAHPS] = "complete"
        Enrollment.objects.bulk_create(
            Enrollment(
                registration=self.registration,
                offering=offerings[product],
                status=status,
                origin="official",
                completed_at=None if status == "incomplete" else began,
                cancelled_at=began if status == "cancelled" else None,
            )
            for product, status in statuses.items()
            if status
        )

    @property
    def enrollment(self) -> Enrollment:
        """That of the CMS Web Interface, or CAHPS where it has none."""
        found = Enrollment.objects.filter(registration=self.registration)
        return found.select_related("registration", "offering__year").order_by("pk")[0]

    # --- What came of it --------------------------------------------------------------------

    def outcome(self) -> str:
        """All that is stored of the organization now, so that two scenes can be compared."""
        own = {"registration": self.registration.pk}
        rows = {
            "registration": Registration.objects.filter(pk=self.registration.pk),
            "enrollments": Enrollment.objects.filter(**own),
            "contacts": Contact.objects.filter(**own),
            "roles": Role.objects.filter(organization=self.organization),
            "extensions": WindowExtension.objects.filter(organization=self.organization),
            "windows": Offering.objects.filter(pk=self.offering.pk),
            "moves": WindowMove.objects.all(),
            "notices": ChangeNotice.objects.filter(**own),
            "messages": Message.objects.all(),
        }
        stored: dict[str, Any] = {
            name: sorted(self._stored(row) for row in found) for name, found in rows.items()
        }
        # What was done to each thing, in its order: two things that are changed at the same moment
        # have none between them.
        events = AuditEvent.objects.filter(pk__gt=self.events_before).order_by("pk")
        audited = [(self.without_keys(event.object_id), self._stored(event)) for event in events]
        stored["audit"] = sorted(audited, key=itemgetter(0))
        return json.dumps(stored, indent=1)

    def _stored(self, row: models.Model) -> str:
        """A row in an order of its own: PostgreSQL gives back JSON in another one."""
        values = {
            column.attname: getattr(row, column.attname)
            for column in row._meta.concrete_fields
            if column.name not in NOT_COMPARED
        }
        return json.dumps(
            json.loads(self.without_keys(json.dumps(values, default=str))), sort_keys=True
        )

    def without_keys(self, text: str) -> str:
        """The text with words for what every scene has of its own."""
        keys = {
            self.organization.pk: "ORGANIZATION",
            self.registration.pk: "REGISTRATION",
            self.offering.pk: "OFFERING",
            self.role.pk: "ROLE",
            self.organization.shown_identifier: "TIN",
            self.contacts[DANIEL]: "DANIEL",
            self.contacts[MARIA]: "MARIA",
            self.stage.jane.pk: "JANE",
            self.stage.ken.pk: "KEN",
            self.stage.pat.pk: "PAT",
        }
        for key, word in keys.items():
            text = text.replace(str(key), word)
        return UUID_TEXT.sub("KEY", re.sub(rf"\b{self.number}\b", "0", text))

    def broken_rules(self) -> list[str]:
        """Which of the rules that always hold don't, beside those that the database keeps."""
        registration = Registration.objects.get(pk=self.registration.pk)
        contacts = [contact.values() for contact in registration.contacts.all()]
        broken = []
        complete = Enrollment.objects.filter(registration=registration, status="complete")
        for enrollment in complete.select_related("offering"):
            missing = missing_items(size=registration.size, contacts=contacts)
            if missing and enrollment.origin != "automatic":
                broken.append(f"complete without {missing}")
            minimum = enrollment.offering.minimum_size
            if registration.size and not allows(registration.size, minimum):
                broken.append(f"complete with size {registration.size}")
        numbers = RegistrationNumber.objects.filter(organization=self.organization)
        if [row.number for row in numbers] != [self.number]:
            broken.append("another registration ID")
        return broken
