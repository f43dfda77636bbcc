"""Who gets what on the staff site: each address, by GET and POST, for each kind of person.

The table names the lowest group of CMS staff that is let in. Staff with fewer rights are told so
(403), who isn't CMS staff finds nothing (404), and who gave no code is asked to sign in.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import User
from accounts.policy.rights import StaffGroup
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact
from tests.access.world import undone
from tests.accounts.steps import give_password
from tests.conftest import signed_in_session
from tests.factories import DURING_2022, DeviceFactory, RoleFactory, UserFactory, explicit_year
from tests.staff.rows import SHOWN, fill

pytestmark = pytest.mark.django_db
STAFF, READER, CENTER = "staff without rights", StaffGroup.READER, StaffGroup.SERVICE_CENTER
MANAGER, ADMINISTRATOR = StaffGroup.PROGRAM_MANAGER, StaffGroup.ADMINISTRATOR
NOBODY, NOT_THERE = "nobody", "not there"
RANKS = (STAFF, READER, CENTER, MANAGER, ADMINISTRATOR)
OTHERS = ("anonymous", "password", "official")  # no code, or no staff

# What may be looked at by whom, and the pages that Django has for each list.
READ_BY = {
    "accounts_auditevent": MANAGER,
    "accounts_devicereset": READER,
    "accounts_message": READER,
    "accounts_rolerequest": READER,
    "accounts_user": READER,
    "organizations_directoryimport": READER,
    "organizations_organization": READER,
    "registrations_enrollment": READER,
    "registrations_finalroster": READER,
    "registrations_offering": READER,
    "registrations_performanceyear": READER,
    "registrations_registration": READER,
    "registrations_samplingresult": READER,
    "registrations_sheetupload": READER,
    "registrations_windowextension": READER,
}
DEEDS = {
    "accounts_devicereset_add": CENTER,
    "accounts_devicereset_approve": CENTER,
    "accounts_devicereset_deny": CENTER,
    "accounts_message_send-again": CENTER,
    "accounts_rolerequest_approve": CENTER,
    "accounts_rolerequest_deny": CENTER,
    "accounts_rolerequest_match": CENTER,
    "accounts_user_disable": ADMINISTRATOR,
    "accounts_user_enable": ADMINISTRATOR,
    "accounts_user_end-sessions": CENTER,
    "accounts_user_rights": ADMINISTRATOR,
    "accounts_user_view-as": CENTER,
    "callers": CENTER,
    "organizations_organization_correct": CENTER,
    "organizations_organization_end-extension": CENTER,
    "organizations_organization_extend": CENTER,
    "organizations_organization_participation": CENTER,
    "organizations_organization_register": CENTER,
    "organizations_organization_view-as": CENTER,
    "registrations_enrollment_add-contact": CENTER,
    "registrations_enrollment_change-contact": CENTER,
    "registrations_enrollment_delete-contact": CENTER,
    "registrations_enrollment_end": CENTER,
    "registrations_enrollment_information": CENTER,
    "registrations_enrollment_register": CENTER,
    "registrations_enrollment_restore": CENTER,
    "registrations_enrollment_size": CENTER,
    "registrations_enrollment_write": MANAGER,
    "registrations_finalroster_download": MANAGER,
    "registrations_offering_final-roster": MANAGER,
    "registrations_offering_roster": MANAGER,
    "registrations_offering_window": MANAGER,
    "registrations_performanceyear_copy": MANAGER,
    "registrations_performanceyear_settings": MANAGER,
}
# GET and POST.
TABLE: dict[str, tuple[str, str]] = {
    **{f"{model}_changelist": (lowest, lowest) for model, lowest in READ_BY.items()},
    **{f"{model}_change": (lowest, NOBODY) for model, lowest in READ_BY.items()},
    **{f"{model}_add": (NOBODY, NOBODY) for model in READ_BY},
    **{f"{model}_delete": (NOBODY, NOBODY) for model in READ_BY},
    **{f"{model}_export": (MANAGER, MANAGER) for model in READ_BY},
    **{f"{model}_history": (NOT_THERE, NOT_THERE) for model in READ_BY},
    **{name: (lowest, lowest) for name, lowest in DEEDS.items()},
    "callers_organization": (CENTER, NOBODY),
    "callers_person": (CENTER, NOBODY),
    "index": (STAFF, STAFF),
    "jsi18n": (STAFF, NOBODY),
    "autocomplete": (NOBODY, NOBODY),
    "view_on_site": (NOT_THERE, NOT_THERE),
}
ANYWHERE_ELSE = {"login", "logout", "password_change", "password_change_done", "app_list"}


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
        shown = {_label(model): row for model, row in SHOWN.items()}
        shown |= {"callers_person": shown["accounts_user"]}
        shown |= {"callers_organization": shown[_label(Organization)]}
        converters = NAMES[name].pattern.converters
        of = "_".join(name.split("_")[:2])
        keys = {key: shown[of]().pk for key in converters if of in shown}
        if name == "view_on_site":
            keys = {"content_type_id": 1, "object_id": 1}
        address = reverse(f"admin:{name}", kwargs=keys)
        return f"{address}?of={self.parts[name]}" if name in self.parts else address


def _label(model: type[Any]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(NAMES) == set(TABLE) | ANYWHERE_ELSE
    assert set(READ_BY) == {_label(model) for model in admin.site._registry}


def test_everybody_gets_what_the_table_says(june_2022: object) -> None:
    world, wrong = StaffWorld(), []
    for name, (get, post) in TABLE.items():
        address = world.address(name)
        for person in (*OTHERS, *RANKS):
            for method, lowest in (("GET", get), ("POST", post)):
                with undone():
                    answer = world.client(person).generic(method, address)
                if (got := _told(answer)) != (wanted := _wanted(person, lowest)):
                    wrong.append(f"{method} {name} for {person}: {got} instead of {wanted}")
    assert not wrong, "\n".join(wrong)


def _wanted(person: str, lowest: str) -> str:
    if person in {"anonymous", "password"}:
        return "sign in"
    if person == "official" or lowest == NOT_THERE:
        return "not there"
    if lowest in RANKS and RANKS.index(person) >= RANKS.index(lowest):
        return "let in"
    return "kept out"


def _told(answer: HttpResponse) -> str:
    if answer.get("Location", "").startswith("/sign-in/"):
        return "sign in"
    told = {200: "let in", 422: "let in", 403: "kept out", 405: "kept out", 404: "not there"}
    return told.get(answer.status_code, str(answer.status_code))
