"""Rosters: what is registered, and the final one from a minute after the last close on."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from accounts.policy.rights import StaffGroup
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Enrollment, FinalRoster, Offering, WindowExtension
from tests.factories import CLOSES_2022, OrganizationFactory, UserFactory
from tests.registrations.enrolled import enroll, words
from tests.staff.files import ask, content_of, rows_of

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
OFFERING = "/staff/registrations/offering/"
ROSTER = "/staff/registrations/finalroster/"
MINUTE_LATER = CLOSES_2022 + timedelta(seconds=60)


def make(client: Client, offering: Offering, reason: str = "Season is over") -> Any:
    address = f"{OFFERING}{offering.pk}/final-roster/"
    return client.post(address, {"reason": reason})


def numbers(offering: Offering) -> list[int]:
    return list(FinalRoster.objects.filter(offering=offering).values_list("number", flat=True))


def made() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=AuditAction.ROSTER_MADE))


@pytest.fixture
def cahps(offerings: Offerings) -> Offering:
    """CAHPS in 2022 with two registrations on its roster, and a cancelled one."""
    for name in ("Better Business Health", "Lakeside"):
        enroll(OrganizationFactory(name=name), offerings, [Product.CAHPS])
    enroll(OrganizationFactory(name="Harbor"), offerings, [Product.CAHPS], status="cancelled")
    return offerings[Product.CAHPS]


@pytest.fixture
def over(cahps: Offering, june_2022: Any, sign_in: Callable[[User], Client]) -> Client:
    """A Program manager a minute after the close."""
    june_2022.move_to(MINUTE_LATER)
    return sign_in(UserFactory(staff_group=StaffGroup.PROGRAM_MANAGER))


def test_roster_has_whoever_is_registered_by_registration_id(
    cahps: Offering, manager: Client
) -> None:
    answer = ask(manager, f"{OFFERING}{cahps.pk}/roster/")
    rows = rows_of(content_of(answer))
    assert [(row["registration_id"], row["name"], row["status"]) for row in rows] == [
        ("219043", "Better Business Health", "Complete"),
        ("219044", "Lakeside", "Complete"),
    ]
    assert 'filename="roster-2022-cahps-registrations-' in answer.headers["Content-Disposition"]
    event = AuditEvent.objects.get(action=AuditAction.LIST_EXPORTED)
    assert event.details["filters"] == ["Roster of: CAHPS for MIPS Survey 2022"]


def test_there_is_no_final_roster_before_the_last_transactions_are_through(
    cahps: Offering, over: Client, june_2022: Any
) -> None:
    june_2022.move_to(MINUTE_LATER - timedelta(milliseconds=1))
    answer = make(over, cahps)
    assert answer.status_code == 422
    assert "before June 30, 2022 at 8:01:00 p.m. ET" in words(answer.content.decode())
    assert numbers(cahps) == []
    row = over.get(f"{OFFERING}{cahps.pk}/change/").content.decode()
    why = (
        "There is no final roster of the CAHPS for MIPS Survey 2022 before June 30, 2022 at 8:01:00"
    )
    assert f"Not possible now Make the final roster {why}" in words(row)
    assert "/final-roster/" not in row
    june_2022.move_to(MINUTE_LATER)
    row = over.get(f"{OFFERING}{cahps.pk}/change/").content.decode()
    assert "Not possible now" not in row
    assert "/final-roster/" in row
    make(over, cahps)
    assert numbers(cahps) == [1]


def test_extension_of_one_organization_puts_the_final_roster_off(
    cahps: Offering, over: Client, june_2022: Any, sign_in: Callable[[User], Client]
) -> None:
    until = CLOSES_2022 + timedelta(days=2)
    WindowExtension.objects.create(
        organization=Organization.objects.get(name="Harbor"),
        offering=cahps,
        until=until,
        reason="Flood",
        granted_by="Casey",
        granted_at=CLOSES_2022,
    )
    assert make(over, cahps).status_code == 422
    assert numbers(cahps) == []
    june_2022.move_to(until + timedelta(seconds=60))
    make(sign_in(UserFactory(staff_group=StaffGroup.PROGRAM_MANAGER)), cahps)
    assert numbers(cahps) == [1]


def test_final_roster_is_numbered_counted_and_audited_once(cahps: Offering, over: Client) -> None:
    answer = make(over, cahps)
    roster = FinalRoster.objects.get()
    assert answer.url == f"{ROSTER}{roster.pk}/change/"
    page = words(over.get(answer.url).content.decode())
    assert "Registrations begun Complete: 2 Not registered: 1" in page
    assert "By size 25-99: 2" in page
    (event,) = made()
    assert (event.reason, event.object_id) == ("Season is over", str(roster.pk))
    files = {file.table: file for file in roster.files.all()}
    assert event.details == {
        "offering": "CAHPS for MIPS Survey 2022",
        "number": 1,
        "rows": {"registrations": 2, "contacts": 2},
        "sha256": {table: file.sha256 for table, file in files.items()},
    }


def test_kept_file_comes_back_bit_for_bit_and_who_took_it_is_audited(
    cahps: Offering, over: Client
) -> None:
    make(over, cahps)
    roster = FinalRoster.objects.get()
    for table, rows in (("registrations", 2), ("contacts", 2)):
        content = content_of(ask(over, f"{ROSTER}{roster.pk}/download/", file=table))
        kept = roster.files.get(table=table)
        assert hashlib.sha256(content).hexdigest() == kept.sha256
        assert (len(content), len(rows_of(content))) == (kept.size, rows)
        event = AuditEvent.objects.filter(action=AuditAction.LIST_EXPORTED).latest("pk")
        assert event.details["sha256"] == kept.sha256
        assert event.details["file"] == f"final-roster-2022-cahps-1-{table}.csv"


def test_making_it_again_gives_the_same_number_until_something_on_it_changes(
    cahps: Offering, over: Client, june_2022: Any
) -> None:
    first = make(over, cahps)
    june_2022.shift(60)
    assert make(over, cahps).url == first.url
    assert (numbers(cahps), len(made())) == ([1], 1)

    Contact.objects.filter(registration__name="Lakeside").update(last_name="Roe")
    make(over, cahps)
    second = FinalRoster.objects.get(number=2)
    assert (second.added, second.removed, second.changed) == (0, 0, 1)

    better = Enrollment.objects.get(registration__name="Better Business Health")
    Enrollment.objects.filter(pk=better.pk).update(status="cancelled", cancelled_at=MINUTE_LATER)
    enroll(OrganizationFactory(name="Late"), {Product.CAHPS: cahps}, [Product.CAHPS])
    make(over, cahps)
    third = FinalRoster.objects.get(number=3)
    assert (third.added, third.removed, third.changed) == (1, 1, 0)
    page = words(over.get(f"{ROSTER}{third.pk}/change/").content.decode())
    assert "Registration IDs, against number 2 1 added, 1 removed, 0 changed" in page
    assert len(made()) == 3


def test_change_of_what_is_not_on_it_makes_no_new_one(cahps: Offering, over: Client) -> None:
    make(over, cahps)
    Contact.objects.filter(registration__name="Harbor").update(last_name="Roe")
    make(over, cahps)
    assert numbers(cahps) == [1]


def test_list_has_the_rosters_of_an_offering(cahps: Offering, over: Client) -> None:
    make(over, cahps)
    page = over.get(f"{OFFERING}{cahps.pk}/change/").content.decode()
    address = f"{ROSTER}?offering={cahps.pk}"
    assert address in page
    assert "CAHPS for MIPS Survey 2022" in over.get(address).content.decode()
    assert over.get(f"{ROSTER}?offering=nonsense").status_code == 200


@pytest.mark.parametrize("group", [StaffGroup.READER, StaffGroup.SERVICE_CENTER])
def test_others_of_staff_read_of_it_and_make_and_take_none(
    group: StaffGroup, cahps: Offering, over: Client, sign_in: Callable[[User], Client]
) -> None:
    make(over, cahps)
    roster = FinalRoster.objects.get()
    client = sign_in(UserFactory(staff_group=group))
    page = client.get(f"{ROSTER}{roster.pk}/change/").content.decode()
    assert "SHA-256" in page
    assert "download/" not in page
    assert ask(client, f"{ROSTER}{roster.pk}/download/").status_code == 403
    assert ask(client, f"{OFFERING}{cahps.pk}/roster/").status_code == 403
    assert make(client, cahps).status_code == 403
    assert not AuditEvent.objects.filter(action=AuditAction.LIST_EXPORTED).exists()
