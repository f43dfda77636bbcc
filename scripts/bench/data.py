"""Invented data: people with few, some and many practices in an open year, each signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.enums import Channel, RoleName
from accounts.models import ChannelDevice, Role, User
from accounts.sessions import times
from accounts.sessions.store import SessionStore
from organizations.enums import OrganizationKind, OrganizationSize
from organizations.models import Organization
from registrations.enums import Completion, EnrollmentStatus, Origin, Product
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
    RegistrationNumber,
)

YEAR = 2023
RARE_WORD = "Quillfeather"
PAGES = 2  # registrations whose page is measured: one for each client
CONTACTS = 5  # of each of these: 25 fields
WINDOW = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Official:
    """A Security Official who is signed in. `session` is the cookie's value."""

    user: User
    session: str


@dataclass(frozen=True, kw_only=True)
class World:
    """Who and what there is. `pages` are complete registrations of `some`, with five contacts."""

    offering: Offering
    few: Official
    some: Official
    many: Official
    pages: list[Registration]


def fill(*, at: datetime, few: int = 10, some: int = 100, many: int = 10_000) -> World:
    """Store three people with so many practices; a third each not started, begun, complete.

    `at`: now, in the middle of the window. One name in the largest list holds a rare word.
    """
    year = PerformanceYear.objects.create(year=YEAR, completion=Completion.AUTOMATIC)
    offering = Offering.objects.create(
        year=year,
        product=Product.CAHPS,
        minimum_size=OrganizationSize.SMALL,
        opens_at=at - WINDOW,
        closes_at=at + WINDOW,
    )
    organizations = _organizations(few + some + many)
    people = {
        name: _official(name, list(islice(organizations, number)), offering, at)
        for name, number in (("few", few), ("some", some), ("many", many))
    }
    pages = list(
        Registration.objects.filter(
            organization__roles__user=people["some"].user,
            enrollments__status=EnrollmentStatus.COMPLETE,
        ).order_by("organization__identifier")[:PAGES]
    )
    Contact.objects.bulk_create(
        _contact(registration, position)
        for registration in pages
        for position in range(2, CONTACTS + 1)
    )
    if connection.vendor == "postgresql":
        # What autovacuum would soon do by itself.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return World(offering=offering, pages=pages, **people)


def _organizations(number: int) -> Iterator[Organization]:
    """Practices with names in no order; the one before the last has the rare word."""
    for place in range(number):
        word = RARE_WORD if place == number - 2 else "Invented"
        name = f"{word} Practice {place * 7919 % number}"
        yield Organization(
            kind=OrganizationKind.GROUP,
            identifier=f"00{place:07}",
            name=name,
            search_name=name.casefold(),
        )


def _official(
    name: str, organizations: list[Organization], offering: Offering, at: datetime
) -> Official:
    user = User.objects.create_user(
        f"official.{name}",
        f"{name}@example.org",
        None,
        first_name="Pat",
        last_name=name.capitalize(),
    )
    Organization.objects.bulk_create(organizations, batch_size=1000)
    Role.objects.bulk_create(
        (
            Role(
                user=user,
                organization=organization,
                name=RoleName.SECURITY_OFFICIAL,
                granted_at=at,
                granted_by="Benchmark",
            )
            for organization in organizations
        ),
        batch_size=1000,
    )
    _register(organizations, user, offering, at)
    return Official(user=user, session=session_of(user, at))


def _register(
    organizations: list[Organization], user: User, offering: Offering, at: datetime
) -> None:
    """Begin two thirds of them, and complete half of those."""
    begun = [
        Registration(
            organization=organization,
            year=offering.year,
            size=OrganizationSize.SMALL if place % 3 == 1 else "",
            name=organization.name,
            started_at=at,
            changed_at=at,
            changed_by=user.full_name,
        )
        for place, organization in enumerate(organizations)
        if place % 3
    ]
    complete = [registration for registration in begun if registration.size]
    given = RegistrationNumber.objects.count() + 100_000
    Registration.objects.bulk_create(begun, batch_size=1000)
    RegistrationNumber.objects.bulk_create(
        (
            RegistrationNumber(organization=registration.organization, number=given + place)
            for place, registration in enumerate(begun)
        ),
        batch_size=1000,
    )
    Enrollment.objects.bulk_create(
        (
            Enrollment(
                registration=registration,
                offering=offering,
                origin=Origin.OFFICIAL,
                status=EnrollmentStatus.COMPLETE
                if registration.size
                else EnrollmentStatus.INCOMPLETE,
                completed_at=at if registration.size else None,
                completed_by=user if registration.size else None,
            )
            for registration in begun
        ),
        batch_size=1000,
    )
    Contact.objects.bulk_create(
        (_contact(registration, 1) for registration in complete), batch_size=1000
    )


def _contact(registration: Registration, position: int) -> Contact:
    return Contact(
        registration=registration,
        position=position,
        first_name="Daniel",
        last_name=f"Example{'abcdefghij'[position]}",
        email=f"daniel.{position}@example.org",
        phone=f"202555010{position}",
        extension="14",
        changed_by=registration.changed_by,
    )


def session_of(user: User, at: datetime) -> str:
    """The key of a session as the two steps of signing in leave it: password, then code."""
    device = ChannelDevice.objects.create(
        user=user, name="Phone", channel=Channel.TEXT, address="2025550100", confirmed=True
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    times.begin(session, signed_in_at=at)
    session.create()
    return str(session.session_key)
