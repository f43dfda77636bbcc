"""*View as*: the officials' pages as one of them sees them, read-only, and every page audited."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.actors import operations
from accounts.models import AuditEvent, Role, User
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import give_rights
from organizations.models import Organization
from qpp_registration import clock
from tests.factories import DURING, OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.enrolled import words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BANNER = "VIEW ONLY | You are currently viewing as"


@pytest.fixture
def practice() -> Organization:
    return OrganizationFactory(name="Better Business Health", identifier="000765630")


@pytest.fixture
def jane(june: object, offering: object, practice: Organization) -> User:
    """The Security Official of two practices."""
    jane = UserFactory(user_id="jane.doe", first_name="Jane", last_name="Doe")
    RoleFactory(user=jane, organization=practice)
    RoleFactory(user=jane, organization=OrganizationFactory(name="Fresh Start Clinic"))
    return jane


def deed(row: User | Organization) -> str:
    app = "accounts/user" if isinstance(row, User) else "organizations/organization"
    return f"/staff/{app}/{row.pk}/view-as/"


def view(client: Client, row: User | Organization, reason: str = "Call 4711") -> str:
    answer = client.post(deed(row), {"reason": reason}, follow=True)
    return words(answer.content.decode())


def page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    return words(answer.content.decode())


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_staff_sees_what_the_person_sees_until_exit(
    service_center: Client, jane: User, casey: User
) -> None:
    told = view(service_center, jane)
    assert f"{BANNER} Jane Doe Exit view" in told
    assert "Security Official" in told
    assert "Staff site" not in told
    listed = page(service_center, "/registration/cahps/")
    assert "Better Business Health" in listed
    assert "Fresh Start Clinic" in listed
    answer = service_center.post("/view/exit/", follow=True)
    assert answer.redirect_chain[0][0] == f"/staff/accounts/user/{jane.pk}/change/"
    assert "You no longer view the site as Jane Doe." in words(answer.content.decode())
    after = page(service_center, "/home/")
    assert BANNER not in after
    assert casey.full_name in after


def test_organization_is_seen_as_its_official_would_see_it_alone(
    service_center: Client, jane: User, practice: Organization
) -> None:
    people, roles = User.objects.count(), Role.objects.count()
    told = view(service_center, practice)
    assert f"{BANNER} Better Business Health , as its Security Official would" in told
    listed = page(service_center, "/registration/cahps/")
    assert "Better Business Health" in listed
    assert "Fresh Start Clinic" not in listed
    connected = page(service_center, f"/manage-access/organizations/{practice.pk}/users/")
    assert "Jane Doe" in connected
    assert "Security Official (you)" not in connected
    assert (User.objects.count(), Role.objects.count()) == (people, roles)


def test_organization_without_an_official_is_seen_too(
    service_center: Client, june: object, offering: object
) -> None:
    lonely = OrganizationFactory(name="Lonely Practice")
    view(service_center, lonely)
    assert "Lonely Practice" in page(service_center, "/registration/cahps/")


def test_begin_each_page_and_end_are_one_event_each_with_the_reason(
    service_center: Client, jane: User, casey: User, practice: Organization
) -> None:
    view(service_center, jane)
    assert actions() == ["view.begun", "page.viewed"]
    service_center.get("/registration/cahps/", follow=True)
    service_center.get(f"/manage-access/organizations/{practice.pk}/history/")
    service_center.get("/no-such-page/")
    service_center.post("/view/exit/")
    assert actions()[2:] == ["page.viewed", "page.viewed", "view.ended"]
    for event in AuditEvent.objects.all():
        assert (event.actor_kind, event.actor_id) == ("staff", str(casey.pk))
        assert event.object_id == str(jane.pk)
        assert practice.identifier not in str(vars(event))
        assert event.reason == ("" if event.action == "view.ended" else "Call 4711")
    pages = AuditEvent.objects.filter(action="page.viewed").order_by("pk")
    assert [event.details["page"] for event in pages] == ["home", "list", "organization_history"]
    assert pages[2].about == str(practice.pk)


@pytest.mark.parametrize(
    "path",
    [
        *("/account/", "/account/devices/", "/account/sessions/", "/account/password/"),
        *("/account/recovery-codes/", "/confirm-identity/", "/sign-in/", "/staff/"),
        *("/account/profile/", "/account/history/", "/staff/accounts/user/", "/recover/"),
    ],
)
def test_accounts_and_the_staff_site_are_out_of_reach(
    path: str, service_center: Client, jane: User
) -> None:
    view(service_center, jane)
    answer = service_center.get(path)
    assert answer.status_code == 403
    told = words(answer.content.decode())
    assert BANNER in told
    assert "This page isn’t shown in a view." in told
    assert jane.email not in told
    assert actions()[2:] == ["view.refused"]


def test_it_ends_by_itself_after_30_minutes_however_busy(
    service_center: Client, jane: User, june: time_machine.Traveller
) -> None:
    view(service_center, jane)
    june.move_to(DURING + timedelta(minutes=15))
    assert BANNER in page(service_center, "/home/")
    june.move_to(DURING + timedelta(minutes=29, seconds=59))
    assert BANNER in page(service_center, "/home/")
    june.move_to(DURING + timedelta(minutes=30))
    answer = service_center.get("/home/", follow=True)
    assert answer.redirect_chain == [("/staff/", 302)]
    told = words(answer.content.decode())
    assert "The view ended by itself after 30 minutes." in told
    assert actions()[-1] == "view.ended"
    assert BANNER not in page(service_center, "/home/")


def test_form_of_the_view_that_comes_after_it_does_nothing(
    casey: User, jane: User, sign_in: SignIn, june: time_machine.Traveller
) -> None:
    client = sign_in(casey)
    client.handler.enforce_csrf_checks = True
    begin = client.get(deed(jane)).context["csrf_token"]
    client.post(deed(jane), {"reason": "Call", "csrfmiddlewaretoken": str(begin)})
    token = str(client.get("/manage-access/connect/").context["csrf_token"])
    client.post("/view/exit/", {"csrfmiddlewaretoken": token})
    answer = client.post("/manage-access/ask/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 403


def test_sign_out_ends_view_and_session(service_center: Client, jane: User) -> None:
    view(service_center, jane)
    service_center.post("/sign-out/")
    assert service_center.get("/home/").url.startswith("/sign-in/")
    assert AuditEvent.objects.get(action="sign_out.done").actor_name == "Casey Moreau"


def test_view_ends_when_the_person_is_disabled_or_becomes_staff(
    service_center: Client, jane: User
) -> None:
    for number, change in enumerate(({"is_active": False}, {"is_staff": True}), start=1):
        User.objects.filter(pk=jane.pk).update(is_active=True, is_staff=False)
        view(service_center, jane)
        User.objects.filter(pk=jane.pk).update(**change)
        told = words(service_center.get("/home/", follow=True).content.decode())
        assert "The view ended: the account was changed." in told
        assert AuditEvent.objects.filter(action="view.ended").count() == number


def test_nobody_views_staff_or_disabled_people_or_without_a_reason(
    service_center: Client, jane: User
) -> None:
    colleague = UserFactory(staff_group=StaffGroup.READER)
    assert "Nobody views the site as CMS staff." in view(service_center, colleague)
    assert "Enter the reason." in view(service_center, jane, reason=" ")
    User.objects.filter(pk=jane.pk).update(is_active=False)
    assert "the person can open no page" in view(service_center, jane)
    assert actions() == []


def test_only_who_has_the_right_and_gave_a_proof(
    reader: Client,
    manager: Client,
    casey: User,
    jane: User,
    sign_in: SignIn,
    june: time_machine.Traveller,
) -> None:
    assert reader.post(deed(jane), {"reason": "x"}).status_code == 403
    assert BANNER in view(manager, jane)
    for other in (jane, UserFactory()):
        assert sign_in(other).post(deed(jane), {"reason": "x"}).status_code == 404
    client = sign_in(casey)
    june.move_to(DURING + timedelta(minutes=6))
    answer = client.post(deed(jane), {"reason": "x"})
    assert answer.url.startswith("/confirm-identity/")
    assert BANNER not in page(client, "/home/")


def test_who_loses_the_right_is_out_of_the_view(
    service_center: Client, casey: User, jane: User
) -> None:
    view(service_center, jane)
    give_rights(
        user=casey,
        group=StaffGroup.READER,
        actor=operations("Left the Service Center"),
        received_at=clock.now(),
    )
    assert service_center.get("/home/").url.startswith("/sign-in/")
