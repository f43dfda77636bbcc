"""make_roster and verify_roster: what they say, and how they end."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.actors import official
from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from organizations.models import Organization
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Contact, FinalRoster, Offering, RosterPiece
from registrations.registering.register import register
from tests.factories import (
    CLOSES_2022,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
)
from tests.registrations.enrolled import begun, enroll

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, "2022", "cahps", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def refused(command: str, *arguments: str) -> str:
    """What a command says that ends with another status than 0."""
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command(command, "2022", "cahps", *arguments, stdout=out, stderr=out)
    assert error.value.returncode == 1
    return f"{out.getvalue()}\n{error.value}"


@pytest.fixture
def over(offerings: Offerings, june_2022: Any) -> Any:
    """A minute after the close, with two registrations; the clock."""
    for name in ("Better Business Health", "Lakeside"):
        enroll(OrganizationFactory(name=name), offerings, [Product.CAHPS])
    june_2022.move_to(CLOSES_2022 + timedelta(seconds=60))
    return june_2022


def test_roster_is_written_as_two_files_that_verify(over: Any, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    said = run("make_roster", "--output", str(file))
    assert "Final roster 1 of CAHPS for MIPS Survey 2022" in said
    for path, rows in ((file, 2), (tmp_path / "roster-contacts.csv", 2)):
        assert path.read_bytes().count(b"\n") == rows + 1
        verified = run("verify_roster", str(path))
        assert "is its file" in verified
        assert "the database holds the same" in verified
    assert AuditEvent.objects.filter(action=AuditAction.ROSTER_MADE).count() == 1
    assert AuditEvent.objects.filter(action=AuditAction.LIST_EXPORTED).count() == 2


def test_file_that_exists_is_not_written_over(over: Any, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    file.write_text("mine")
    assert "exists already" in refused("make_roster", "--output", str(file))
    assert file.read_text() == "mine"


def test_line_that_differs_in_a_file_is_named(over: Any, tmp_path: Path) -> None:
    file = tmp_path / "roster.csv"
    run("make_roster", "--output", str(file))
    file.write_bytes(file.read_bytes().replace(b"Lakeside", b"Seaside"))
    assert "differs from line 3 on" in refused("verify_roster", str(file))


def test_registration_that_changed_since_is_named(over: Any, offerings: Offerings) -> None:
    run("make_roster")
    Contact.objects.filter(registration__name="Lakeside").update(phone="2025550199")
    enroll(OrganizationFactory(name="Late"), offerings, [Product.CAHPS])
    said = refused("verify_roster")
    assert "Registration ID 219044: changed since." in said
    assert "Registration ID 219045: added since." in said
    assert "219043" not in said
    run("make_roster")
    assert "the database holds the same" in run("verify_roster")
    assert "changed since" in refused("verify_roster", "--number", "1")


def test_kept_file_that_somebody_changed_is_found(over: Any) -> None:
    run("make_roster")
    piece = RosterPiece.objects.filter(file__table="registrations").get()
    changed = bytes(piece.content).replace(b"Lakeside", b"Seaside!")
    RosterPiece.objects.filter(pk=piece.pk).update(content=changed)
    assert "The kept file registrations was changed" in refused("verify_roster")


def test_there_is_nothing_to_verify_before_it_is_made(over: Any) -> None:
    assert "There is no final roster of the CAHPS" in refused("verify_roster")
    run("make_roster")
    assert "There is no final roster 2" in refused("verify_roster", "--number", "2")


def test_what_commits_until_29_seconds_after_the_close_is_on_the_final_roster(
    offerings: Offerings, june_2022: Any, jane: User
) -> None:
    organization = OrganizationFactory(name="Last Minute")
    RoleFactory(user=jane, organization=organization)
    begun(
        organization,
        offerings,
        address1="1 Main St",
        city="Baltimore",
        state="MD",
        zip_code="21239",
    )
    june_2022.move_to(CLOSES_2022 - timedelta(seconds=1))
    pressed = clock.now()
    june_2022.move_to(CLOSES_2022 + timedelta(seconds=29))
    register(
        organization_id=organization.pk,
        year=2022,
        product=Product.CAHPS,
        actor=official(jane),
        received_at=pressed,
    )
    assert "8:01:00 p.m. ET" in refused("make_roster")
    june_2022.move_to(CLOSES_2022 + timedelta(seconds=60))
    run("make_roster")
    roster = FinalRoster.objects.get()
    kept = b"".join(
        bytes(piece)
        for piece in RosterPiece.objects.filter(file__roster=roster, file__table="registrations")
        .order_by("place")
        .values_list("content", flat=True)
    )
    assert b"Last Minute" in kept
    assert roster.counts["status"] == {"complete": 1}


def test_aco_that_nobody_registered_is_told_of(over: Any) -> None:
    organization: Organization = OrganizationFactory()
    ParticipationFactory(
        organization=organization, performance_year=2022, shared_savings_program=True
    )
    assert "1 Shared Savings Program ACOs have no registration" in run("make_roster")
