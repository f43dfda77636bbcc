"""`manage.py load_sampling_results`: what came of the samples, and who is told."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent, Message
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import (
    Contact,
    Enrollment,
    Offering,
    Registration,
    RegistrationNumber,
    SamplingResult,
    WindowExtension,
)
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    ApmEntityFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)

pytestmark = pytest.mark.django_db

WEB_INTERFACE, CAHPS = Product.WEB_INTERFACE, Product.CAHPS
AFTERWARDS = CLOSES_2022 + timedelta(days=90)
HEADER = "kind,identifier,offering,result"


class Run:
    """A run of the command with what it printed."""

    def __init__(self, file: Path, *options: str):
        out, err, self.error = io.StringIO(), io.StringIO(), ""
        try:
            call_command(
                "load_sampling_results", "2022", str(file), *options, stdout=out, stderr=err
            )
        except CommandError as error:
            self.error = str(error)
        self.out, self.err = out.getvalue().splitlines(), err.getvalue().splitlines()


@pytest.fixture
def year(june_2022: Any) -> dict[Product, Offering]:
    """2022, in the fall."""
    offerings = explicit_year()
    june_2022.move_to(AFTERWARDS)
    return offerings


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Run]:
    """Load a file with these lines below the header."""

    def load(*lines: str, header: str = HEADER, options: tuple[str, ...] = ()) -> Run:
        file = tmp_path / "results.csv"
        file.write_text("\n".join([header, *lines, ""]))
        return Run(file, *options)

    return load


def registered(
    *offerings: Offering,
    organization: Organization | None = None,
    emails: tuple[str, ...] = ("dan@example.org",),
    status: str = "complete",
) -> Registration:
    """An organization that is registered for these, with contacts."""
    organization = organization or OrganizationFactory()
    registration = Registration.objects.create(
        organization=organization,
        year=offerings[0].year,
        name=organization.name,
        started_at=DURING_2022,
        changed_at=DURING_2022,
    )
    RegistrationNumber.objects.create(
        organization=organization, number=200_000 + RegistrationNumber.objects.count()
    )
    for offering in offerings:
        Enrollment.objects.create(
            registration=registration,
            offering=offering,
            status=status,
            origin="official",
            completed_at=DURING_2022,
            cancelled_at=DURING_2022 if status == "cancelled" else None,
        )
    for position, email in enumerate(emails, 1):
        Contact.objects.create(
            registration=registration,
            position=position,
            first_name="Dan",
            last_name="Okafor",
            email=email,
            phone="2025550123",
        )
    return registration


def line(registration: Registration, offering: str, result: str) -> str:
    organization = registration.organization
    return f"{organization.kind},{organization.identifier},{offering},{result}"


def results() -> dict[str, str]:
    """The outcomes by product."""
    return dict(SamplingResult.objects.values_list("enrollment__offering__product", "outcome"))


def everything() -> list[Any]:
    """All rows that a load could write."""
    models = (SamplingResult, Message, AuditEvent, Registration)
    return [sorted(model.objects.values_list(), key=str) for model in models]


def test_result_is_stored_audited_and_each_complete_contact_is_told_once(year, load):
    registration = registered(
        *year.values(), emails=("dan@example.org", "DAN@example.org", "maria@example.org", "")
    )

    run = load(
        line(registration, "web_interface", "no_assigned_patients"),
        line(registration, "cahps", "minimum_not_met"),
    )

    assert run.error == ""
    assert run.out == [
        "CMS Web Interface, new: 1 no_assigned_patients.",
        "CAHPS for MIPS Survey, new: 1 minimum_not_met.",
        "0 unchanged, 0 refused.",
        "4 mails queued.",
    ]
    assert results() == {WEB_INTERFACE: "no_assigned_patients", CAHPS: "minimum_not_met"}
    stored = SamplingResult.objects.first()
    assert (stored.loaded_at, stored.loaded_by) == (AFTERWARDS, "CMS")
    events = AuditEvent.objects.filter(action="sampling.loaded", object_id=registration.pk)
    assert {event.details["outcome"][1] for event in events} == {
        "no_assigned_patients",
        "minimum_not_met",
    }
    number = RegistrationNumber.objects.get().number
    survey = Message.objects.filter(subject__contains="CAHPS")
    assert {mail.to for mail in survey} == {"dan@example.org", "maria@example.org"}
    for mail in survey:
        assert mail.subject == (
            f"2022 CAHPS for MIPS Survey: sampling result for registration {number}"
        )
        assert "won’t be able to administer the CAHPS for MIPS Survey" in mail.body
        assert "won’t be able to supplement its quality score" in mail.body
        assert "won’t be able to supplement its quality score" in mail.html
        assert registration.organization.identifier not in mail.body
        assert mail.about == registration.pk
    other = Message.objects.filter(subject__contains="Web Interface").first()
    assert "another collection type" in other.body


def test_acos_are_told_of_their_denominator_reduction(year, load):
    organization = ApmEntityFactory()
    ParticipationFactory(
        organization=organization, performance_year=2022, shared_savings_program=True
    )
    load(line(registered(year[CAHPS], organization=organization), "cahps", "minimum_not_met"))
    body = Message.objects.get().body
    assert "As a Shared Savings Program ACO" in body
    assert "may qualify" not in body


def test_security_officials_are_told_where_there_is_no_complete_contact(year, load):
    registration = registered(year[CAHPS], emails=("",))
    RoleFactory(organization=registration.organization, user=UserFactory(email="jane@example.org"))
    with_contact = registered(year[CAHPS], emails=("maria@example.org",))
    RoleFactory(organization=with_contact.organization)

    load(line(registration, "cahps", "eligible"), line(with_contact, "cahps", "eligible"))

    mails = {mail.to: mail.body for mail in Message.objects.all()}
    assert set(mails) == {"jane@example.org", "maria@example.org"}
    assert "and its registration has no contact" in mails["jane@example.org"]
    assert "/registration/2022/overview/practices/" in mails["jane@example.org"]
    assert "Sign in" not in mails["maria@example.org"]


def test_loading_the_same_again_changes_nothing(year, load, june_2022):
    registration = registered(year[CAHPS])
    load(line(registration, "cahps", "eligible"))
    before = everything()
    june_2022.shift(3600)

    run = load(line(registration, "cahps", "eligible"))

    assert everything() == before
    assert run.out == ["1 unchanged, 0 refused.", "0 mails queued."]


def test_changed_result_replaces_the_other_and_is_told_anew_also_when_it_changes_back(
    year, load, june_2022
):
    registration = registered(year[CAHPS])
    load(line(registration, "cahps", "eligible"))
    june_2022.shift(3600)

    run = load(line(registration, "cahps", "minimum_not_met"))

    assert run.out == [
        "CAHPS for MIPS Survey, changed: 1 minimum_not_met.",
        "0 unchanged, 0 refused.",
        "1 mail queued.",
    ]
    assert results() == {CAHPS: "minimum_not_met"}
    assert "changed sampling result" in Message.objects.latest("due_at").subject
    assert AuditEvent.objects.latest("pk").details["outcome"] == ["eligible", "minimum_not_met"]
    june_2022.shift(3600)
    load(line(registration, "cahps", "eligible"))
    assert results() == {CAHPS: "eligible"}
    assert Message.objects.count() == 3


def test_dry_run_checks_everything_and_writes_nothing(year, load):
    registration = registered(year[CAHPS])
    before = everything()
    run = load(line(registration, "cahps", "eligible"), options=("--dry-run",))
    assert everything() == before
    assert run.out[:2] == [
        "Dry run, nothing is written. Would be:",
        "CAHPS for MIPS Survey, new: 1 eligible.",
    ]
    assert run.out[-1] == "1 mail queued."


def test_all_bad_rows_are_named_and_nothing_is_written(year, load):
    good = registered(year[CAHPS])
    both = registered(*year.values())
    cancelled = registered(year[CAHPS], status="cancelled")
    before = everything()

    run = load(
        line(good, "cahps", "eligible"),
        line(good, "cahps", "eligible"),
        line(good, "cahps", "minimum_not_met"),
        line(good, "web_interface", "eligible"),
        line(cancelled, "cahps", "eligible"),
        line(both, "web_interface", "minimum_not_met"),
        line(both, "survey", "eligible"),
        line(both, "cahps", "met"),
        "group,00-9999999,cahps,eligible",
        "group,123,cahps,eligible",
        "group,00-0765630,cahps",
    )

    assert everything() == before
    name, ended = good.organization.identifier, cancelled.organization.identifier
    assert run.err == [
        f'Line 3, identifier "{name}": Line 2 has it already.',
        f'Line 4, identifier "{name}": Line 2 has it already.',
        f'Line 5, identifier "{name}": It isn\'t registered for the CMS Web Interface 2022.',
        f'Line 6, identifier "{ended}": It isn\'t registered for the {year[CAHPS]}.',
        (
            'Line 7, result "minimum_not_met": The result for the CMS Web Interface is eligible or '
            "no_assigned_patients."
        ),
        'Line 8, offering "survey": Write one of web_interface, cahps.',
        'Line 9, result "met": Write one of eligible, minimum_not_met, no_assigned_patients.',
        'Line 10, identifier "00-9999999": There is no such organization.',
        'Line 11, identifier "123": A TIN has nine digits, with or without a dash: 00-0765630.',
        "Line 12: 3 values, but the header names 4.",
    ]
    assert run.error.startswith("Nothing was written, because of 10 refused rows.")


def test_good_rows_are_loaded_without_the_refused_ones_when_asked(year, load):
    registration = registered(year[CAHPS])
    run = load(
        line(registration, "cahps", "eligible"),
        "group,00-9999999,cahps,eligible",
        options=("--skip-refused",),
    )
    assert (run.error, len(run.err)) == ("", 1)
    assert results() == {CAHPS: "eligible"}


def test_results_are_refused_before_the_close_an_extension_included(year, load, june_2022):
    registration = registered(year[CAHPS])
    june_2022.move_to(CLOSES_2022 - timedelta(seconds=1))
    row = line(registration, "cahps", "eligible")
    assert load(row).err == [
        'Line 2, offering "cahps": Registration is open until June 30, 2022 at 8:00 p.m. ET.'
    ]
    WindowExtension.objects.create(
        organization=registration.organization,
        offering=year[CAHPS],
        until=CLOSES_2022 + timedelta(days=1),
        reason="Fire",
        granted_by="Casey",
        granted_at=DURING_2022,
    )
    june_2022.move_to(CLOSES_2022)
    assert load(row).err == [
        'Line 2, offering "cahps": Registration is open until July 1, 2022 at 8:00 p.m. ET.'
    ]
    assert results() == {}
    june_2022.move_to(CLOSES_2022 + timedelta(days=1))
    load(row)
    assert results() == {CAHPS: "eligible"}


def test_offering_that_the_year_does_not_have_is_refused(year, load):
    registration = registered(year[CAHPS])
    year[WEB_INTERFACE].delete()
    run = load(line(registration, "web_interface", "eligible"))
    assert run.err == ['Line 2, offering "web_interface": 2022 doesn\'t offer it.']


def test_unknown_year_and_wrong_columns_are_refused(load, year):
    assert "Missing column in line 1: result" in load("x", header="kind,identifier,offering").error
    Offering.objects.all().delete()
    assert load("x").error == "There is no performance year 2022 with something to register for."


def test_more_than_a_batch_is_loaded(year, load):
    rows = [line(registered(year[CAHPS]), "cahps", "eligible") for _ in range(101)]
    assert load(*rows).out[0] == "CAHPS for MIPS Survey, new: 101 eligible."
    assert SamplingResult.objects.count() == 101
