"""Rows for every page of the staff site: as many of each model as a test asks for."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, Channel, ResetStatus
from accounts.models import AuditEvent, DeviceReset, Message, RoleRequest, User
from organizations.models import DirectoryImport, Organization
from registrations.enums import Product, RosterTable
from registrations.models import (
    Enrollment,
    FinalRoster,
    Offering,
    PerformanceYear,
    Registration,
    ResourceLink,
    RosterFile,
    SamplingResult,
    SheetUpload,
    WindowExtension,
)
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OfferingFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.enrolled import begun, enroll

EMPTY_SHA256 = sha256().hexdigest()
Offerings = dict[Product, Offering]


def fill(number: int, offerings: Offerings, text: str = "Invented") -> None:
    """Store so many rows of each model. `text` is in each field that takes people's words."""
    text = text[:90]
    for place in range(number):
        organization = OrganizationFactory(
            name=f"{text} {place}", search_name=f"{text} {place}".casefold(), city=text[:60]
        )
        user = UserFactory(first_name=text, last_name=f"{text[:80]} {place}")
        of_organization(organization, user, offerings, text)
        begun(OrganizationFactory(name=f"{text} {place}"), offerings, contacts=[text])
        of_person(organization, text)
        of_year(2023 + PerformanceYear.objects.count(), text)
        DirectoryImport.objects.create(
            file_name=f"{text}.csv",
            sha256="a" * 64,
            performance_year=2022,
            loaded_by=text,
            loaded_at=DURING_2022,
            created=3,
            changed=2,
            unchanged=1,
            refused=0,
        )
        roster = FinalRoster.objects.create(
            offering=offerings[Product.CAHPS],
            number=FinalRoster.objects.count() + 1,
            made_at=CLOSES_2022,
            made_by=text,
            schema_version=1,
            counts={"status": {"complete": 1}, "kind": {"group": 1}, "size": {}, "origin": {}},
            added=1,
            removed=0,
            changed=0,
        )
        for table in RosterTable:
            RosterFile.objects.create(
                roster=roster, table=table, rows=1, size=0, sha256=EMPTY_SHA256
            )


def of_organization(
    organization: Organization, user: User, offerings: Offerings, text: str
) -> None:
    """An organization with all that its pages tell."""
    RoleFactory(organization=organization, user=user)
    ParticipationFactory(organization=organization, performance_year=2022)
    registration = enroll(organization, offerings, [Product.CAHPS], contacts=[text])
    enrollment = registration.enrollments.get()
    offering = offerings[Product.CAHPS]
    SamplingResult.objects.create(
        enrollment=enrollment, outcome="eligible", loaded_at=DURING_2022, loaded_by=text
    )
    WindowExtension.objects.create(
        organization=organization,
        offering=offering,
        until=CLOSES_2022 + timedelta(days=3),
        reason=text,
        granted_by=text,
        granted_at=DURING_2022,
    )
    SheetUpload.objects.create(
        user=user,
        offering=offering,
        file_name=f"{text}.csv",
        sha256="b" * 64,
        uploaded_at=DURING_2022,
    )
    Message.objects.create(
        channel=Channel.EMAIL,
        to="daniel.okafor@example.org",
        subject=text,
        body=text,
        organization=organization,
        about=registration.pk,
        dedupe_key=str(registration.pk),
        due_at=DURING_2022,
    )
    audit.record(
        AuditAction.REGISTRATION_SAVED,
        actor=official(user),
        organization_id=organization.pk,
        object_id=registration.pk,
        name=["Before", text],
    )


def of_person(organization: Organization, text: str) -> None:
    """Somebody who asks for a role, and for a reset of all devices."""
    asking = UserFactory(first_name=text, last_name=text)
    RoleRequest.objects.create(
        user=asking,
        kind=organization.kind,
        identifier=organization.identifier,
        organization=organization,
        role="staff_user",
        job_title=text,
        work_phone="2025550123",
        note=text,
        asked_at=DURING_2022,
    )
    DeviceReset.objects.create(
        person=asking,
        status=ResetStatus.ASKED,
        begun_at=DURING_2022,
        expires_at=DURING_2022 + timedelta(days=1),
        asked_by=UserFactory(is_staff=True, first_name=text),
        asked_at=DURING_2022,
        reason=text,
        identity_proof=text,
    )


def of_year(number: int, text: str) -> None:
    """A later year with an offering, a document and words of its own."""
    year = YearFactory(year=number, notice=text, sampling_notices=text[:60])
    OfferingFactory(year=year)
    ResourceLink.objects.create(year=year, purpose="fact_sheet", url=f"https://example.org/?{text}")


def first(model: type) -> Callable[[], object]:
    """The first row of a model by its key."""
    return lambda: model.objects.order_by("pk").first()


def with_people() -> Organization:
    """The first organization that somebody acts for."""
    return Organization.objects.exclude(roles=None).order_by("created_at", "pk")[0]


# The row whose page is opened, of each model that the staff site shows.
SHOWN: dict[type, Callable[[], object]] = {
    AuditEvent: lambda: AuditEvent.objects.exclude(about="").order_by("pk").first(),
    DeviceReset: first(DeviceReset),
    DirectoryImport: first(DirectoryImport),
    Enrollment: first(Enrollment),
    FinalRoster: lambda: FinalRoster.objects.get(number=1),
    Message: first(Message),
    Offering: lambda: Offering.objects.get(year=2022, product=Product.CAHPS),
    Organization: with_people,
    PerformanceYear: lambda: PerformanceYear.objects.get(year=2024),
    Registration: lambda: Registration.objects.filter(enrollments=None).order_by("pk").first(),
    RoleRequest: first(RoleRequest),
    SamplingResult: first(SamplingResult),
    SheetUpload: first(SheetUpload),
    User: lambda: User.objects.get(roles=with_people().roles.get()),
    WindowExtension: first(WindowExtension),
}
