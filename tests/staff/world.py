"""The addresses of the staff site, and somebody of each kind who asks for them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact
from tests.accounts.steps import give_password
from tests.conftest import signed_in_session
from tests.factories import DURING_2022, DeviceFactory, RoleFactory, UserFactory, explicit_year
from tests.staff.rows import SHOWN, fill
from tests.staff.table import ADMINISTRATOR, RANKS, STAFF


def patterns(of: Any) -> Iterator[URLPattern]:
    for entry in of:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        elif entry.name:
            yield entry


NAMES = {str(entry.name): entry for entry in patterns(admin.site.urls[0])}


class StaffWorld:
    """A row of everything, and a session of each person."""

    def __init__(self) -> None:
        offerings = explicit_year()
        fill(1, offerings)
        people: dict[str, Any] = {rank: UserFactory(staff_group=rank) for rank in RANKS[1:]}
        people[STAFF] = UserFactory()
        User.objects.filter(pk=people[STAFF].pk).update(is_staff=True)
        people["official"] = RoleFactory().user
        self.sessions: dict[str, str] = {
            name: signed_in_session(User.objects.get(pk=user.pk), DURING_2022)
            for name, user in people.items()
        }
        boss = people[ADMINISTRATOR]
        DeviceFactory(user=boss)
        half = Client()
        give_password(half, boss.user_id)
        self.sessions["password"] = half.cookies["session"].value
        contact, web, cahps = (
            Contact.objects.get(registration__enrollments__isnull=False),
            *map(offerings.get, Product),
        )
        self.parts = {
            "organizations_organization_register": web.pk,
            "organizations_organization_extend": cahps.pk,
            "organizations_organization_end-extension": cahps.pk,
            "organizations_organization_participation": 2022,
            "registrations_enrollment_change-contact": contact.pk,
            "registrations_enrollment_delete-contact": contact.pk,
        }

    def client(self, person: str) -> Client:
        client = Client(raise_request_exception=False)
        if person in self.sessions:
            client.cookies["session"] = self.sessions[person]
        return client

    def address(self, name: str) -> str:
        shown = {label(model): row for model, row in SHOWN.items()}
        shown |= {"callers_person": shown["accounts_user"]}
        shown |= {"callers_organization": shown[label(Organization)]}
        converters = NAMES[name].pattern.converters
        of = "_".join(name.split("_")[:2])
        keys = {key: shown[of]().pk for key in converters if of in shown}
        if name == "view_on_site":
            keys = {"content_type_id": 1, "object_id": 1}
        address = reverse(f"admin:{name}", kwargs=keys)
        return f"{address}?of={self.parts[name]}" if name in self.parts else address


def label(model: type[Any]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"
