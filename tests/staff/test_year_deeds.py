"""Creating a year by copying one, changing its settings, and moving windows for everybody."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from accounts.actors import staff
from accounts.models import AuditEvent, Message, User
from accounts.policy.rights import StaffGroup
from qpp_registration.errors import Refused
from registrations.enums import Completion, Product
from registrations.models import (
    Offering,
    PerformanceYear,
    ResourceLink,
    WindowExtension,
    WindowMove,
)
from registrations.years.settings import change_settings, fingerprint, rules_of
from registrations.years.window_moves import compose_moves
from tests.factories import DURING_2022, OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.enrolled import enroll
from tests.staff.conftest import SignIn
from tests.staff.deed_pages import REASON, DeedPage, deed_of, events, main_of, press
from tests.staff.pages import page_of

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]


@pytest.fixture
def year(offerings: Offerings) -> PerformanceYear:
    """2022 with a link and samples."""
    year = PerformanceYear.objects.get()
    year.minimum_sample_small, year.notice, year.burden_hours = 125, "Call us.", Decimal("0.25")
    year.save()
    ResourceLink.objects.create(year=year, purpose="fact_sheet", url="https://example.org/f.pdf")
    return year


# --- Copying a year -----------------------------------------------------------------------------


def test_year_is_copied_with_all_settings_and_windows_a_year_later_on_eastern_clocks(
    year: PerformanceYear, manager: Client
) -> None:
    page = DeedPage(manager, deed_of(year, "copy")).open()
    assert page.values["year"] == "2023"
    assert page.values["cahps_opens"] == "2023-04-01 10:00"
    assert page.values["web_interface_closes"] == "2023-06-30 20:00"
    assert page.send(cahps_closes="2023-07-07 20:00").is_done
    copied = PerformanceYear.objects.get(year=2023)
    assert page.answer.redirect_chain[-1][0] == page_of(copied)
    for name in (
        *("completion", "mails_contacts", "reminds_officials", "omb_control_number"),
        *("burden_hours", "minimum_sample_small", "sampling_notices", "notice"),
    ):
        assert getattr(copied, name) == getattr(year, name), name
    assert copied.links.get().url == "https://example.org/f.pdf"
    offerings = {offering.product: offering for offering in copied.offerings.all()}
    assert offerings["web_interface"].minimum_size == "25-99"
    assert offerings["cahps"].closes_at == datetime(2023, 7, 8, 0, tzinfo=UTC)
    event = AuditEvent.objects.get(action="year.added")
    assert (event.actor_kind, event.reason, event.details["copied_from"]) == ("staff", REASON, 2022)
    assert events() == ["year.added"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"year": "2022"}, "The performance year 2022 exists already."),
        ({"year": "1999"}, "greater than or equal to 2017"),
        ({"cahps_opens": "2023-03-12 02:30"}, "Eastern clocks skip that hour in spring"),
        ({"cahps_closes": "2023-04-01 09:00"}, "The window must close after it opens."),
    ],
)
def test_year_that_cannot_be_is_not_created(
    typed: dict[str, str], why: str, year: PerformanceYear, manager: Client
) -> None:
    page = press(manager, year, "copy", **typed)
    assert page.answer.status_code == 422
    assert why in page.says
    assert PerformanceYear.objects.count() == 1
    assert events() == []


# --- Settings -----------------------------------------------------------------------------------


def test_settings_are_changed_and_each_change_is_in_one_event(
    year: PerformanceYear, manager: Client
) -> None:
    page = DeedPage(manager, deed_of(year, "settings")).open()
    page.clear("reminds_officials").fill(
        omb_control_number="0938-9999",
        burden_hours="0.5",
        minimum_sample_small="",
        minimum_sample_large="300",
        notice="New notice.",
        link_fact_sheet="https://example.org/new.pdf",
    )
    assert page.send(completion="automatic").is_done
    year.refresh_from_db()
    assert (year.omb_control_number, year.burden_hours) == ("0938-9999", Decimal("0.5"))
    assert (year.minimum_sample_small, year.minimum_sample_large) == (None, 300)
    assert (year.reminds_officials, year.notice) == (False, "New notice.")
    assert year.completion == "automatic"
    assert year.links.get().url == "https://example.org/new.pdf"
    event = AuditEvent.objects.get()
    assert event.action == "year.changed"
    assert event.details["omb_control_number"] == ["0938-1314", "0938-9999"]
    assert "mails_contacts" not in event.details
    assert event.reason == REASON


def test_settings_that_stand_write_nothing(year: PerformanceYear, manager: Client) -> None:
    assert press(manager, year, "settings").is_done
    assert events() == []


def test_how_registrations_complete_is_frozen_by_the_first_one(
    year: PerformanceYear, offerings: Offerings, manager: Client
) -> None:
    enroll(OrganizationFactory(), offerings)
    page = DeedPage(manager, deed_of(year, "settings")).open()
    assert "completion" not in page.values
    assert page.send(completion="automatic").is_done
    year.refresh_from_db()
    assert year.completion == "explicit"


def test_registration_that_came_meanwhile_freezes_it_as_well(
    year: PerformanceYear, offerings: Offerings, manager: Client
) -> None:
    """The page may have been drawn before the first registration; the service looks anew."""
    stored = rules_of(year)
    enroll(OrganizationFactory(), offerings)
    rules = replace(stored, completion=Completion.AUTOMATIC)
    with pytest.raises(Refused, match="can’t be changed any more"):
        change_settings(rules, seen=fingerprint(stored), actor=staff(UserFactory(), REASON))


def test_settings_that_somebody_changed_meanwhile_are_not_undone(
    year: PerformanceYear, manager: Client
) -> None:
    page = DeedPage(manager, deed_of(year, "settings")).open()
    press(manager, year, "settings", notice="Theirs.")
    page.send(sampling_notices="fall of 2030")
    assert page.answer.status_code == 422
    assert "Somebody changed the settings meanwhile." in page.says
    year.refresh_from_db()
    assert (year.notice, year.sampling_notices) == ("Theirs.", "fall of 2022")


@pytest.mark.parametrize(
    ("name", "typed", "why"),
    [
        ("link_fact_sheet", "http://example.org/", "must start with https://"),
        ("link_fact_sheet", "javascript:alert(1)", "valid URL"),
        ("burden_hours", "-1", "greater than or equal to 0"),
        ("minimum_sample_small", "many", "whole number"),
        ("omb_control_number", "0938-12222", "at most 9 characters"),
    ],
)
def test_setting_that_is_not_right_is_refused_beside_its_field(
    name: str, typed: str, why: str, year: PerformanceYear, manager: Client
) -> None:
    page = press(manager, year, "settings", **{name: typed})
    assert page.answer.status_code == 422
    assert why in page.says
    assert events() == []


# --- The window of everybody --------------------------------------------------------------------


@pytest.fixture
def jane(offerings: Offerings) -> User:
    """Security Official of two registered practices, and of one with nothing."""
    jane = UserFactory(user_id="jane.doe")
    for _ in range(2):
        practice = OrganizationFactory()
        RoleFactory(user=jane, organization=practice)
        enroll(practice, offerings, [Product.CAHPS])
    RoleFactory(user=jane, organization=OrganizationFactory())
    return jane


def test_move_says_first_whom_it_concerns_and_tells_each_person_once(
    offerings: Offerings, jane: User, manager: Client, casey: User
) -> None:
    cahps = offerings[Product.CAHPS]
    sam = RoleFactory(user=UserFactory(user_id="sam")).user
    extended = OrganizationFactory()
    RoleFactory(user=UserFactory(user_id="lee"), organization=extended)
    WindowExtension.objects.create(
        organization=extended,
        offering=cahps,
        until=datetime(2022, 7, 5, tzinfo=UTC),
        reason="x",
        granted_by="x",
        granted_at=DURING_2022,
    )
    page = press(manager, cahps, "window", closes_at="2022-07-08 20:00")
    assert "to Friday, July 8, 2022 at 8:00 p.m. ET" in page.says
    assert "Registered: 2. Incomplete: 0." in page.says
    assert "Extensions that no longer matter, because the window closes later: 1." in page.says
    assert "Security Officials told by e-mail: 2." in page.says
    cahps.refresh_from_db()
    assert cahps.closes_at == datetime(2022, 7, 1, tzinfo=UTC)
    page.send()
    assert page.is_done
    assert "The window is moved. Security Officials told by e-mail: 2." in page.says
    cahps.refresh_from_db()
    assert cahps.closes_at == datetime(2022, 7, 9, tzinfo=UTC)
    assert events() == ["window.changed"]
    call_command("send_messages")
    told = {one.to: one.body for one in Message.objects.all()}
    assert set(told) == {jane.email, "lee@example.org"}
    assert sam.email not in told
    assert "It concerns 2 organizations of which you are a Security Official." in told[jane.email]
    assert "Closes: Friday, July 8, 2022 at 8:00 p.m. ET" in told[jane.email]
    assert REASON not in told[jane.email]
    again = press(manager, cahps, "window")
    assert "The window is this one already. Nobody is told again." in again.says
    call_command("send_messages")
    assert events() == ["window.changed"]
    assert Message.objects.count() == 2


def test_close_in_the_past_says_that_it_closes_at_once(
    offerings: Offerings, jane: User, manager: Client
) -> None:
    page = press(manager, offerings[Product.CAHPS], "window", closes_at="2022-06-01 20:00")
    assert "It is open now, and will be closed at once." in page.says
    assert page.send().is_done
    page = press(manager, offerings[Product.CAHPS], "window", closes_at="2022-06-30 20:00")
    assert "It is closed now, and will be open at once." in page.says


def test_what_was_moved_meanwhile_is_told_anew(
    offerings: Offerings, jane: User, manager: Client, june_2022: time_machine.Traveller
) -> None:
    cahps = offerings[Product.CAHPS]
    page = press(manager, cahps, "window", closes_at="2022-07-08 20:00")
    other = press(manager, cahps, "window", closes_at="2022-07-05 20:00").send()
    assert other.is_done
    page.send()
    assert "Nothing is done yet" in page.says
    assert page.send().is_done


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"closes_at": "2022-04-01 10:00"}, "The window must close after it opens."),
        ({"closes_at": "2022-11-06 01:30"}, "Eastern clocks show it twice in autumn"),
        ({"opens_at": "2022-03-13 02:30"}, "Eastern clocks skip that hour in spring"),
    ],
)
def test_window_that_cannot_be_is_refused(
    typed: dict[str, str], why: str, offerings: Offerings, manager: Client
) -> None:
    page = press(manager, offerings[Product.CAHPS], "window", **typed)
    assert page.answer.status_code == 422
    assert why in page.says
    assert events() == []


def test_thousands_are_told_in_lots(offerings: Offerings, manager: Client) -> None:
    """More people than a lot holds: each gets one mail."""
    practice = OrganizationFactory()
    enroll(practice, offerings, [Product.CAHPS])
    people = User.objects.bulk_create(
        User(user_id=f"official.{n}", email=f"official.{n}@example.org") for n in range(1_203)
    )
    for user in people[:2]:
        RoleFactory(user=user, organization=practice)
    RoleFactory._meta.model.objects.bulk_create(
        RoleFactory.build(user=user, organization=practice) for user in people[2:]
    )
    page = press(manager, offerings[Product.CAHPS], "window", closes_at="2022-07-08 20:00")
    assert "Security Officials told by e-mail: 1,203." in page.says
    assert page.send().is_done
    lots = 0
    while compose_moves(at=DURING_2022):
        lots += 1
    assert lots == 3
    assert Message.objects.values("to").distinct().count() == Message.objects.count() == 1_203
    assert not WindowMove.objects.exists()


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [StaffGroup.READER, StaffGroup.SERVICE_CENTER])
@pytest.mark.parametrize("deed", ["copy", "settings", "window"])
def test_who_may_not(
    deed: str, group: StaffGroup, year: PerformanceYear, offerings: Offerings, sign_in: SignIn
) -> None:
    row = offerings[Product.CAHPS] if deed == "window" else year
    client = sign_in(UserFactory(staff_group=group))
    assert client.get(deed_of(row, deed)).status_code == 403
    assert client.post(deed_of(row, deed), {"reason": REASON}).status_code == 403
    assert deed_of(row, deed) not in client.get(page_of(row)).content.decode()
    assert sign_in(UserFactory()).get(deed_of(row, deed)).status_code == 404


@pytest.mark.parametrize("deed", ["copy", "settings", "window"])
def test_reason_is_needed(
    deed: str, year: PerformanceYear, offerings: Offerings, administrator: Client
) -> None:
    row = offerings[Product.CAHPS] if deed == "window" else year
    page = DeedPage(administrator, deed_of(row, deed)).open().send(reason=" ")
    assert page.answer.status_code == 422
    assert "Enter the reason." in main_of(page.answer)
    assert events() == []
