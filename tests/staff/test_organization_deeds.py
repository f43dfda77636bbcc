"""What staff does about an organization: its window, and what CMS has on record of it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEvent, Message, User
from organizations.models import Organization, Participation
from registrations.enums import Product
from registrations.models import Enrollment, Offering, WindowExtension
from tests.factories import (
    CLOSES_2022,
    ApmEntityFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.enrolled import enroll
from tests.staff.conftest import SignIn
from tests.staff.deed_pages import REASON, DeedPage, deed_of, events, main_of, press
from tests.staff.pages import page_of

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
FILLED = {"name": "Better Health", "city": "Towson", "state": "MD", "zip_code": "21204"}


@pytest.fixture
def practice(db: None) -> Organization:
    """A practice whose Security Official is Jane."""
    practice = OrganizationFactory(name="Better Business Health")
    RoleFactory(user=UserFactory(user_id="jane.doe"), organization=practice)
    return practice


@pytest.fixture
def cahps(offerings: Offerings, june_2022: time_machine.Traveller) -> Offering:
    """CAHPS of 2022, the day after its close."""
    june_2022.move_to(CLOSES_2022.replace(day=2))
    return offerings[Product.CAHPS]


def extend(client: Client, practice: Organization, cahps: Offering, until: str) -> DeedPage:
    return press(client, practice, "extend", offering=str(cahps.pk), until=until)


def bodies() -> list[str]:
    return [
        one.body for one in Message.objects.filter(to="jane.doe@example.org").order_by("created_at")
    ]


# --- The window of one organization -------------------------------------------------------------


def test_extension_opens_the_window_for_one_and_its_officials_are_told(
    practice: Organization, cahps: Offering, service_center: Client, casey: User, sign_in: SignIn
) -> None:
    page = extend(service_center, practice, cahps, "2022-07-08 20:00")
    assert page.is_done
    extension = WindowExtension.objects.get()
    assert extension.until == datetime(2022, 7, 9, 0, tzinfo=UTC)
    assert (extension.reason, extension.granted_by) == (REASON, casey.full_name)
    event = AuditEvent.objects.get(action="extension.granted")
    assert (event.actor_id, event.reason) == (str(casey.pk), REASON)
    assert events() == ["extension.granted"]
    (body,) = bodies()
    assert "until July 8, 2022 at 8:00 p.m. ET" not in body  # the fact says it with the weekday
    assert "New close: Friday, July 8, 2022 at 8:00 p.m. ET" in body
    assert REASON not in body
    jane = sign_in(User.objects.get(user_id="jane.doe"))
    address = f"/registration/2022/organizations/{practice.pk}/size/"
    assert jane.get(address).status_code == 200
    history = f"/manage-access/organizations/{practice.pk}/history/"
    told = main_of(jane.get(history))
    assert "extended the window for CAHPS for MIPS Survey 2022 until July 8, 2022" in told
    assert REASON not in told


def test_extension_is_moved_once_and_ended_once(
    practice: Organization,
    cahps: Offering,
    service_center: Client,
    june_2022: time_machine.Traveller,
) -> None:
    extend(service_center, practice, cahps, "2022-07-08 20:00")
    extend(service_center, practice, cahps, "2022-07-08 20:00")
    assert events() == ["extension.granted"]
    june_2022.shift(60)
    page = DeedPage(service_center, deed_of(practice, "extend", cahps.pk)).open()
    assert (page.values["offering"], page.values["until"]) == (str(cahps.pk), "2022-07-08 20:00")
    assert page.send(until="2022-07-10 20:00").is_done
    june_2022.shift(60)
    for _ in range(2):
        assert press(service_center, practice, "end-extension", cahps.pk).is_done
    assert events() == ["extension.granted", "extension.changed", "extension.ended"]
    assert not WindowExtension.objects.exists()
    assert len(bodies()) == 3
    assert "ended the extension of Better Business Health" in bodies()[-1]


@pytest.mark.parametrize(
    ("until", "why"),
    [
        ("2022-07-01 20:00", "is over"),
        ("2022-06-30 20:00", "is over"),
        ("2023-03-12 02:30", "doesn't exist: Eastern clocks skip that hour in spring"),
        ("2022-11-06 01:30", "is ambiguous: Eastern clocks show it twice in autumn"),
        ("2022-07-08", "has no time of the day"),
        ("soon: now", "is not a time like 2023-06-30 20:00"),
        ("9999-12-31 23:59", "is in no year from 2000"),
        ("2022-07-08 20:00+00:00", "names a time zone"),
        ("", "Enter a day and a time."),
    ],
)
def test_end_that_cannot_be_is_refused_with_the_reason(
    until: str, why: str, practice: Organization, cahps: Offering, service_center: Client
) -> None:
    page = extend(service_center, practice, cahps, until)
    assert page.answer.status_code == 422
    assert why in page.says
    assert not WindowExtension.objects.exists()
    assert events() == []


def test_extension_ends_later_than_the_window_of_everybody(
    practice: Organization,
    offerings: Offerings,
    service_center: Client,
) -> None:
    page = extend(service_center, practice, offerings[Product.CAHPS], "2022-06-30 20:00")
    assert page.answer.status_code == 422
    assert "closes on June 30, 2022 at 8:00 p.m. ET" in page.says
    assert not WindowExtension.objects.exists()


def test_unknown_offering_is_refused_beside_the_field(
    practice: Organization, cahps: Offering, service_center: Client
) -> None:
    sent = {"offering": "x", "until": "2022-07-08 20:00", "reason": REASON}
    assert service_center.post(deed_of(practice, "extend"), sent).status_code == 422


# --- Name and address ---------------------------------------------------------------------------


def test_correction_changes_the_directory_and_no_registration(
    practice: Organization, offerings: Offerings, service_center: Client, casey: User
) -> None:
    registration = enroll(practice, offerings)
    page = press(service_center, practice, "correct", **FILLED)
    assert page.is_done
    practice.refresh_from_db()
    assert (practice.name, practice.search_name) == ("Better Health", "better health")
    assert practice.city == "Towson"
    registration.refresh_from_db()
    assert registration.name == "Better Business Health"
    event = AuditEvent.objects.get(action="organization.corrected")
    assert event.details["name"] == ["Better Business Health", "Better Health"]
    assert (event.actor_id, event.reason) == (str(casey.pk), REASON)
    press(service_center, practice, "correct", **FILLED)
    assert events() == ["organization.corrected"]
    (body,) = bodies()
    assert "Organization name: Better Business Health, now Better Health" in body


def test_correction_undoes_nothing_that_somebody_else_corrected_meanwhile(
    practice: Organization, offerings: Offerings, service_center: Client
) -> None:
    opened = DeedPage(service_center, deed_of(practice, "correct")).open()
    DeedPage(service_center, deed_of(practice, "correct")).open().send(address1="7 New Road")
    opened.send(name="Better Health")
    assert "Somebody changed what is on record meanwhile" in opened.says
    practice.refresh_from_db()
    assert (practice.name, practice.address1) == ("Better Business Health", "7 New Road")
    assert events() == ["organization.corrected"]


def test_kind_and_identifier_are_no_fields_and_a_name_is_needed(
    practice: Organization, offerings: Offerings, service_center: Client
) -> None:
    identifier = practice.identifier
    page = press(
        service_center,
        practice,
        "correct",
        name=" ",
        kind="apm_entity",
        identifier="1",
        zip_code="1",
    )
    assert page.answer.status_code == 422
    assert "Enter the organization name." in page.says
    assert "Give the ZIP code as 12345" in page.says
    assert page.send(name="New", zip_code="", kind="apm_entity", identifier="1").is_done
    practice.refresh_from_db()
    assert (practice.kind, practice.identifier) == ("group", identifier)


# --- Participation ------------------------------------------------------------------------------


def test_approval_says_first_what_it_means_and_then_lets_a_virtual_group_register(
    offerings: Offerings, service_center: Client, casey: User
) -> None:
    group = VirtualGroupFactory()
    RoleFactory(user=UserFactory(user_id="jane.doe"), organization=group)
    page = press(service_center, group, "participation", 2022, approved="on", size="25-99")
    assert (
        "2022 CAHPS for MIPS Survey, inside its window: its officials can register it." in page.says
    )
    assert not Participation.objects.exists()
    page.send()
    assert page.is_done
    found = Participation.objects.get()
    assert (found.performance_year, found.approved, found.size) == (2022, True, "25-99")
    event = AuditEvent.objects.get(action="participation.corrected")
    assert event.details["approved"] == ["No", "Yes"]
    assert (event.actor_id, event.reason) == (str(casey.pk), REASON)
    assert events() == ["participation.corrected"]
    assert "CMS-approved virtual group: No, now Yes" in bodies()[0]
    assert "Register for 2022 CAHPS" in main_of(service_center.get(page_of(group)))


def test_taking_approval_away_ends_nothing(offerings: Offerings, service_center: Client) -> None:
    group = VirtualGroupFactory()
    ParticipationFactory(organization=group, performance_year=2022, approved=True)
    enroll(group, offerings, [Product.CAHPS])
    page = DeedPage(service_center, deed_of(group, "participation", 2022)).open()
    assert page.values["approved"] == "on"
    page.clear("approved").send()
    assert (
        "CMS Web Interface, inside its window: its officials can’t register it. Only virtual"
        in page.says
    )
    assert (
        "CAHPS for MIPS Survey, inside its window: what is registered stays registered" in page.says
    )
    assert page.send().is_done
    assert Enrollment.objects.get().status == "complete"
    assert Participation.objects.get().approved is False


def test_aco_that_is_registered_can_no_longer_end_its_survey(
    offerings: Offerings, service_center: Client
) -> None:
    aco = ApmEntityFactory()
    enroll(aco, offerings, [Product.CAHPS])
    page = press(service_center, aco, "participation", 2022, shared_savings_program="on")
    assert "A Shared Savings Program ACO can’t end its registration" in page.says
    Enrollment.objects.update(status="cancelled", cancelled_at=CLOSES_2022)
    page.send()  # what was read isn't so any more: it is told anew
    assert "Nothing is done yet" in page.says
    assert not Participation.objects.exists()
    assert (
        "CMS Web Interface, inside its window: its officials can’t register it. As a Shared"
        in page.says
    )


def test_form_has_what_the_kind_can_have_and_the_year_exists(
    practice: Organization, offerings: Offerings, service_center: Client
) -> None:
    page = DeedPage(service_center, deed_of(practice, "participation", 2022)).open()
    assert {"approved", "shared_savings_program"}.isdisjoint(page.values)
    assert "approved" not in page.says
    for year in ("1999", "x", "", "20222"):
        assert service_center.get(deed_of(practice, "participation", year)).status_code == 404
    page.fill(approved="on", size="2-24").send().send()
    assert Participation.objects.get().approved is False


@pytest.mark.parametrize("deed", ["extend", "end-extension", "correct", "participation"])
def test_who_may_not(
    deed: str, practice: Organization, cahps: Offering, reader: Client, sign_in: SignIn
) -> None:
    of = {"participation": "2022", "end-extension": str(cahps.pk)}.get(deed, "")
    address = deed_of(practice, deed, of)
    jane = User.objects.get(user_id="jane.doe")
    assert reader.post(address, {"reason": REASON}).status_code == 403
    assert sign_in(jane).post(address, {"reason": REASON}).status_code == 404
    assert Client().post(address, {"reason": REASON}).status_code == 302
