"""Runs of `auto_register`: dry, again, in batches, and files that can't be used."""

import pytest

from registrations.automatic.prior_submitters import ONLY_GROUPS
from registrations.models import Enrollment, RegistrationNumber
from tests.factories import OfferingFactory, OrganizationFactory, RoleFactory
from tests.registrations.automatic_steps import (
    AUTOMATIC,
    CAHPS,
    WEB_INTERFACE,
    Run,
    aco,
    enrolled,
    everything,
)

pytestmark = pytest.mark.django_db


def test_second_run_changes_nothing_and_a_third_only_adds_what_is_new(year, submitters):
    first, group = aco(), OrganizationFactory()
    RoleFactory(organization=first)
    option = submitters(group)
    Run(2022, option)
    before = everything()

    again = Run(2022, option)

    assert everything() == before
    assert again.out == [
        "CMS Web Interface 2022: 0 registered automatically, 2 registered before.",
        "CAHPS for MIPS Survey 2022: 0 registered automatically, 1 registered before.",
        "0 mails queued.",
    ]
    added = aco()
    assert Run(2022, option).out[1] == (
        "CAHPS for MIPS Survey 2022: 1 registered automatically, 1 registered before."
    )
    assert enrolled(added) == {WEB_INTERFACE: AUTOMATIC, CAHPS: AUTOMATIC}


def test_dry_run_says_what_would_be_and_writes_nothing(year, submitters):
    RoleFactory(organization=aco())
    before = everything()
    run = Run(2022, submitters(OrganizationFactory()), "--dry-run")
    assert everything() == before
    assert run.out == [
        "Dry run, nothing is written. Would be:",
        "CMS Web Interface 2022: 2 registered automatically.",
        "CAHPS for MIPS Survey 2022: 1 registered automatically.",
        "1 mail queued.",
    ]


def test_bad_rows_are_all_named_and_nothing_is_written(year, submitters):
    group = OrganizationFactory()
    aco()
    before = everything()
    run = Run(
        2022,
        submitters(
            group,
            "group,00-9999999",
            "apm_entity,A1001",
            "practice,00-0000001",
            "group,12345",
            group,
            "group",
        ),
    )
    assert everything() == before
    assert run.err == [
        'Line 3, identifier "00-9999999": There is no such organization.',
        f'Line 4, kind "apm_entity": {ONLY_GROUPS}',
        'Line 5, kind "practice": The kind is one of group, virtual_group, apm_entity.',
        'Line 6, identifier "12345": A TIN has nine digits, with or without a dash: 00-0765630.',
        f'Line 7, identifier "{group.identifier}": Line 2 has it already.',
        "Line 8: 1 values, but the header names 2.",
    ]
    assert run.error.startswith("Nothing was written, because of 6 refused rows.")


def test_good_rows_are_registered_without_the_refused_ones_when_asked(year, submitters):
    group = OrganizationFactory()
    run = Run(2022, submitters(group, "group,00-9999999"), "--skip-refused")
    assert run.error == ""
    assert len(run.err) == 1
    assert enrolled(group) == {WEB_INTERFACE: AUTOMATIC}


def test_file_without_its_columns_is_refused(year, submitters):
    run = Run(2022, submitters("group,00-0765630", header="kind,tin"))
    assert run.error == (
        "Missing column in line 1: identifier\nUnknown column in line 1: tin\n"
        "The columns are kind, identifier."
    )


def test_file_is_refused_for_a_year_without_the_web_interface(june, submitters):
    OfferingFactory()
    organization = aco(2023)
    run = Run(2023, submitters(OrganizationFactory()))
    assert run.error == "There is no CMS Web Interface to register for in 2023."
    assert enrolled(organization) == {}


def test_unknown_year_is_refused(db):
    assert Run(2031).error == ("There is no performance year 2031 with something to register for.")


def test_more_than_a_batch_is_registered_with_a_number_each(year, submitters):
    acos = [aco() for _ in range(101)]
    Run(2022)
    assert Enrollment.objects.filter(status="complete").count() == 2 * len(acos)
    assert RegistrationNumber.objects.count() == len(acos)
