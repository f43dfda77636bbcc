"""History: what was done to a registration or an organization, for those connected to it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts import audit
from accounts.actors import Actor, cms, official, operations
from accounts.enums import ActorKind, AuditAction, RoleName
from accounts.models import AuditEvent, User
from accounts.roles.granting import grant_role
from organizations.models import Organization
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Registration
from registrations.registering.delete import delete_registration
from registrations.registering.start import start_registration
from tests.factories import DURING, OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.conftest import RegisterPage
from tests.registrations.counting import takes
from tests.registrations.year_pages import YearPages

MINUTE = timedelta(minutes=1)


def text(html: str) -> str:
    """What a person reads in the main part of the page."""
    main = re.search(r"<main.*?</main>", html, re.S)
    assert main
    return " ".join(
        re.sub(r"<svg.*?</svg>|<[^>]*>", " ", main[0], flags=re.S).replace("&#x27;", "'").split()
    )


def history(client: Client, registration: Registration, query: str = "") -> str:
    answer = client.get(f"/registrations/{registration.pk}/history/{query}")
    assert answer.status_code == 200
    return text(answer.content.decode())


def of_organization(client: Client, organization: Organization) -> str:
    answer = client.get(f"/manage-access/organizations/{organization.pk}/history/")
    assert answer.status_code == 200
    return text(answer.content.decode())


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def test_registration_is_told_in_words_newest_first(complete_page: RegisterPage) -> None:
    page = history(complete_page.client, complete_page.registration)
    told = [
        "Jane Doe (you) completed the registration",
        "Jane Doe (you) changed",
        "Jane Doe (you) started the registration for CAHPS for MIPS Survey 2023",
    ]
    places = [page.index(sentence) for sentence in told]
    assert places == sorted(places)
    assert "June 2, 2023 at 2:31 p.m. ET" in page


def test_before_and_after_of_each_field_stand_there_masked(complete_page: RegisterPage) -> None:
    complete_page.type(size="100+", phone="202-555-0177", email="dana@other.example.org").save()
    page = history(complete_page.client, complete_page.registration)
    assert "Organization Size from 25-99 → to 100+" in page
    assert "Phone from ***-***-0123 → to ***-***-0177" in page
    assert "→ to ***@other.example.org" in page
    for personal in ("2025550177", "555-0177", "dana@"):
        assert personal not in page


def test_saves_of_one_sitting_are_one_line_that_unfolds(
    complete_page: RegisterPage, jane: User
) -> None:
    for minutes, size in ((20, "2-24"), (25, "100+"), (34, "25-99")):
        with at(DURING + minutes * MINUTE):
            complete_page.open().type(size=size).save()
    with at(DURING + 44 * MINUTE):
        complete_page.open().type(phone="202-555-0177").save()
    page = history(complete_page.client, complete_page.registration)
    assert "Jane Doe (you) changed Organization Size in 3 saves" in page
    assert "Show the 3 saves" in page
    assert page.index("changed phone of a contact") < page.index("in 3 saves")


def test_another_person_between_two_saves_ends_the_sitting(
    complete_page: RegisterPage, practice: Organization, sign_in: Callable[[User], Client]
) -> None:
    other = UserFactory(first_name="Ann", last_name="Other")
    RoleFactory(user=other, organization=practice)
    theirs = RegisterPage(client=sign_in(other), registration=complete_page.registration, values={})
    for page, size in ((complete_page, "2-24"), (theirs, "100+"), (complete_page, "25-99")):
        page.open().type(size=size).save()
    told = history(complete_page.client, complete_page.registration)
    assert told.count("changed Organization Size.") == 3
    assert "Ann Other changed Organization Size" in told


def test_deleting_and_coming_back_stay_in_it(
    complete_page: RegisterPage, practice: Organization, jane: User, offering: Any
) -> None:
    registration = complete_page.registration
    complete_page.client.post(f"{complete_page.url}delete/")
    start_registration(
        organization_id=practice.pk, offering=offering, actor=official(jane), received_at=DURING
    )
    page = history(complete_page.client, registration)
    assert "deleted the registration for CAHPS for MIPS Survey 2023" in page
    assert "started the registration for CAHPS for MIPS Survey 2023 again" in page


def test_deleted_contact_stays_in_it_by_name(complete_page: RegisterPage) -> None:
    page = complete_page.open("?add=1").type(
        1, first_name="Maria", last_name="Ruiz", email="m@example.org", phone="2025550144"
    )
    page.save()
    contact = page.open().contact_ids[1]
    page.client.post(f"{page.url}contacts/{contact}/delete/")
    told = history(page.client, page.registration)
    assert "added the contact Maria Ruiz" in told
    assert "deleted the contact Maria Ruiz" in told


def test_explicit_year_is_told_too(enrolled: YearPages) -> None:
    registration = Registration.objects.get()
    told = history(enrolled.client, registration)
    assert "registered for CMS Web Interface 2022" in told
    place = f"/registration/2022/organizations/{registration.organization_id}/web-interface/"
    page = enrolled.client.get(place).content.decode()
    assert f'href="/registrations/{registration.pk}/history/"' in page


def test_history_leads_back_to_the_registration(complete_page: RegisterPage) -> None:
    key = complete_page.registration.pk
    page = complete_page.client.get(f"/registrations/{key}/history/").content.decode()
    assert f'<a href="{complete_page.url}">Back to the registration</a>' in page
    assert 'aria-current="page">' in page.split("Manage Access")[0].rsplit("<a", 1)[1]


def test_history_of_an_explicit_year_leads_back_to_the_overview(enrolled: YearPages) -> None:
    registration = Registration.objects.get()
    key = registration.organization_id
    page = enrolled.client.get(f"/registrations/{registration.pk}/history/").content.decode()
    back = re.search(r'<a href="([^"]*)">Back to the registration</a>', page)
    assert back
    assert back[1].endswith(f"?at={key}#organization-{key}")
    assert f'id="organization-{key}"' in enrolled.client.get(back[1]).content.decode()


def test_staff_are_cms_staff_and_nothing_of_the_machine_is_told(
    complete_page: RegisterPage, jane: User
) -> None:
    staff = Actor(
        kind=ActorKind.STAFF, name="Secret Agent", user=UserFactory(), reason="Asked by phone."
    )
    for actor in (staff, operations("Ticket 12"), cms()):
        audit.record(
            AuditAction.REGISTRATION_CONFIRMED,
            actor=actor,
            organization_id=complete_page.registration.organization_id,
            object_id=complete_page.registration.pk,
        )
    page = history(complete_page.client, complete_page.registration)
    assert "CMS staff confirmed the details" in page
    assert "Asked by phone." not in page
    assert "Secret" not in page
    assert "Operations" not in page
    answer = complete_page.client.get(f"/registrations/{complete_page.registration.pk}/history/")
    html = answer.content.decode()
    event = AuditEvent.objects.filter(action="registration.started").get()
    for inside in ("127.0.0.1", str(jane.pk), jane.user_id):
        assert inside not in html
    assert event.request_id == "" or event.request_id not in html


def test_organization_tells_roles_and_the_registrations_of_all_years(
    complete_page: RegisterPage, practice: Organization, jane: User
) -> None:
    ann = UserFactory(first_name="Ann", last_name="Other", user_id="ann.other")
    for name in (RoleName.STAFF_USER, RoleName.SECURITY_OFFICIAL):
        grant_role(
            user=ann, organization=practice, name=name, actor=operations(), received_at=DURING
        )
    page = of_organization(complete_page.client, practice)
    assert "CMS gave Ann Other the role Staff User" in page
    assert "changed the role of Ann Other from Staff User to Security Official" in page
    assert "2023 registration Jane Doe (you) completed the registration" in page
    assert "ann.other" not in page


def test_refused_access_and_others_events_are_never_told(
    complete_page: RegisterPage, practice: Organization, sign_in: Callable[[User], Client]
) -> None:
    elsewhere = OrganizationFactory(name="Elsewhere Practice")
    stranger = UserFactory(first_name="Eve", last_name="Stranger")
    RoleFactory(user=stranger, organization=elsewhere)
    sign_in(stranger).get(complete_page.url)
    assert AuditEvent.objects.filter(action="access.refused").count() == 1
    for page in (
        history(complete_page.client, complete_page.registration),
        of_organization(complete_page.client, practice),
        of_organization(sign_in(stranger), elsewhere),
    ):
        assert "Stranger" not in page
    assert "Nothing yet" in of_organization(sign_in(stranger), elsewhere)


def test_staff_user_reads_the_same(
    complete_page: RegisterPage, practice: Organization, sign_in: Callable[[User], Client]
) -> None:
    reader = RoleFactory(organization=practice, name=RoleName.STAFF_USER).user
    theirs = history(sign_in(reader), complete_page.registration)
    own = history(complete_page.client, complete_page.registration)
    assert theirs.replace("Jane Doe", "Jane Doe (you)") == own


def test_pages_lead_to_it(complete_page: RegisterPage, practice: Organization) -> None:
    client, registration = complete_page.client, complete_page.registration
    here = f'href="/registrations/{registration.pk}/history/"'
    users = f"/manage-access/organizations/{practice.pk}/users/"
    assert here in client.get(complete_page.url).content.decode()
    assert here in client.get(f"{complete_page.url}summary/").content.decode()
    assert f'{users.replace("users", "history")}"' in client.get(users).content.decode()
    delete_registration(
        registration_id=registration.pk,
        product=Product.CAHPS,
        actor=official(User.objects.get(user_id="jane.doe")),
        received_at=clock.now(),
    )
    assert here in client.get(complete_page.url).content.decode()


@pytest.mark.parametrize("number", [0, 3, 250])
def test_pages_take_as_many_queries_with_more_events(
    complete_page: RegisterPage, practice: Organization, jane: User, number: int
) -> None:
    registration = complete_page.registration
    events = [
        audit.event(
            AuditAction.CONTACT_SAVED,
            actor=official(jane),
            organization_id=practice.pk,
            object_id=uuid4(),
            about=registration.pk,
            first_name=["Daniel", "Dan"],
        )
        for _ in range(number)
    ]
    audit.record_all(events)
    for place in range(number // 50 + 1):
        grant_role(
            user=UserFactory(first_name=f"Person {place}"),
            organization=practice,
            name=RoleName.STAFF_USER,
            actor=operations(),
            received_at=DURING,
        )
    for query in ("", "?page=2", "?page=99", "?page=x"):
        with takes(4):
            history(complete_page.client, registration, query)
    address = f"/manage-access/organizations/{practice.pk}/history/"
    with takes(6):
        assert complete_page.client.get(address).status_code == 200
    has_more = 'aria-label="Pages"' in complete_page.client.get(address).content.decode()
    assert has_more == (number > 100)
