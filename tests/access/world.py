"""A small world with every kind of person, and the addresses of the site in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from accounts.models import AuditEvent, Role, Session, User
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from accounts.verification.devices import handle_of
from organizations.models import Organization
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    Registration,
    RegistrationNumber,
    SheetRow,
    SheetUpload,
)
from registrations.policy.sheet_plan import Plan
from tests.access.rows import PERSONS
from tests.accounts.role_steps import asked
from tests.conftest import signed_in_session
from tests.factories import (
    CLOSES,
    DURING,
    PASSWORD,
    DeviceFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":  # tests/test_staff_site.py
                yield from patterns(entry)
        else:
            yield entry


URL_NAMES = sorted(str(pattern.name) for pattern in patterns(get_resolver()))


EXPLICIT = {
    *("size", "information", "confirm_details", "use_last_year"),
    *("add_contact", "edit_contact", "remove_contact"),
    *("register_page", "register_now", "registered", "cancel_registration", "cancelled"),
}


def registered(organization: Organization, year: int = 2023) -> Registration:
    """A complete registration with two complete contacts."""
    registration = Registration.objects.create(
        organization=organization,
        year_id=year,
        size="25-99",
        name=organization.name,
        started_at=DURING,
        changed_at=DURING,
        changed_by="Jane Doe",
    )
    Enrollment.objects.create(
        registration=registration,
        offering=Offering.objects.get(year=year, product="cahps"),
        status="complete",
        origin="official",
        completed_at=DURING,
    )
    number = 100_000 + RegistrationNumber.objects.count()
    RegistrationNumber.objects.get_or_create(organization=organization, defaults={"number": number})
    for position in (1, 2):
        Contact.objects.create(
            registration=registration,
            position=position,
            first_name="Daniel",
            last_name="Okafor",
            email=f"daniel{position}@example.org",
            phone="2025550123",
        )
    return registration


def uploaded(user: User, organization: Organization) -> SheetUpload:
    """A sheet with one row that would register the organization, and one with an error."""
    upload = SheetUpload.objects.create(
        user=user,
        offering=Offering.objects.get(year=2023),
        file_name="practices.csv",
        status="checked",
        uploaded_at=DURING,
        rows=2,
        planned=1,
        errors=1,
    )
    plan = Plan(start=True, size=("", "2-24")).as_json()
    SheetRow.objects.create(
        upload=upload, line=2, organization=organization, state="planned", plan=plan
    )
    SheetRow.objects.create(
        upload=upload, line=3, identifier="00-1234567", state="error", problems=[["", "", "Not."]]
    )
    return upload


# Requests that the person made, in other addresses they are what the person decides.
OWN = {"role_request", "withdraw_request"}


class World:
    """A registered and a fresh organization, each person, and a client for each."""

    def __init__(self) -> None:
        self.registered = OrganizationFactory(name="Better Business Health")
        self.fresh = OrganizationFactory(name="Fresh Start Clinic")
        self.elsewhere = OrganizationFactory(name="Elsewhere Practice")
        self.registration = registered(self.registered)
        self.foreign = registered(self.elsewhere)
        explicit_year(closes_at=CLOSES)
        self.explicit = registered(self.registered, 2022)
        self.foreign_explicit = registered(self.elsewhere, 2022)
        people = {name: UserFactory(user_id=f"{name}.person") for name in PERSONS[1:]}
        put_into(people["cms"], StaffGroup.ADMINISTRATOR)
        for organization in (self.registered, self.fresh):
            RoleFactory(user=people["official"], organization=organization)
            RoleFactory(user=people["staff_user"], organization=organization, name="staff_user")
        self.foreign_role = RoleFactory(user=people["other"], organization=self.elsewhere)
        self.role = Role.objects.get(user=people["staff_user"], organization=self.fresh)
        self.own_request = asked(people["official"], None)
        self.to_decide = asked(UserFactory(), self.fresh)
        self.foreign_request = asked(UserFactory(), self.elsewhere)
        self.people = people
        self.sheet = uploaded(people["official"], self.fresh)
        self.foreign_sheet = uploaded(people["other"], self.elsewhere)
        self.sessions = {name: signed_in_session(people[name], DURING) for name in PERSONS[2:]}
        DeviceFactory(user=people["password"])
        client = Client()
        client.post(
            "/sign-in/", {"user_id": "password.person", "password": PASSWORD, "agree": "on"}
        )
        self.sessions["password"] = client.cookies["session"].value

    def client(self, person: str, **options: Any) -> Client:
        """A browser of the person, with the session as it was at first."""
        client = Client(raise_request_exception=False, **options)
        if person != "anonymous":
            client.cookies["session"] = self.sessions[person]
        return client

    def address(
        self,
        name: str,
        *,
        registration: Any = None,
        organization: Any = None,
        contact: Any = None,
        sheet: Any = None,
        role: Any = None,
        request: Any = None,
    ) -> str:
        """The URL of that name, on the registered and the fresh organization."""
        registration = registration or self.registration.pk
        is_explicit = name in EXPLICIT or name.startswith("overview")
        here = self.explicit if is_explicit else self.registration
        keys = {
            "year": 2022 if is_explicit else 2023,
            "product": "cahps",
            "kind": "group",
            "registration_id": registration,
            "organization_id": organization
            or (self.registered.pk if is_explicit else self.fresh.pk),
            "contact_id": contact or here.contacts.earliest("position").pk,
            "upload_id": sheet or self.sheet.pk,
            "token": "no-such-token",
            "role_id": role or self.role.pk,
            "request_id": request or (self.own_request if name in OWN else self.to_decide).pk,
            "handle": handle_of(self.people["official"].channeldevice_set.get()),
        }
        pattern = next(found for found in patterns(get_resolver()) if found.name == name)
        return reverse(name, kwargs={key: keys[key] for key in pattern.pattern.converters})


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def told(answer: HttpResponse) -> str:
    """The answer as the table writes it."""
    if answer.status_code in {301, 302, 303, 307, 308}:
        return str(resolve(urlsplit(answer["Location"]).path).url_name)
    return str(answer.status_code)


def dump() -> dict[str, list[Any]]:
    """Every row of every table, sessions and the audit (which tells of refusals) left out."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model not in {Session, AuditEvent}
    }
