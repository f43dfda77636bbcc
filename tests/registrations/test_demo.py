"""`manage.py demo`: what a person who tries the system finds, and finds again.

The first run is made once for all of these; those of test_demo_runs.py begin without it.
"""

import shutil
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from accounts.models import AuditEvent, Role, User
from organizations.models import Organization, Participation
from registrations.demonstration.people import PEOPLE
from registrations.models import (
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
    SamplingResult,
)
from tests.conftest import kept_for_all_tests
from tests.factories import PASSWORD
from tests.registrations.demo_steps import demo


@pytest.fixture(scope="module")
def made_once(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Path]]:
    """What the first run printed, and its folder."""
    folder = tmp_path_factory.mktemp("demonstration")
    with kept_for_all_tests(django_db_blocker), override_settings(VAR_DIR=folder):
        yield demo(), folder


@pytest.fixture
def first_run(made_once: tuple[str, Path], db: None, var_dir: Path) -> str:
    """What the first run printed; its rows and its file of passwords are as it left them."""
    printed, folder = made_once
    shutil.copytree(folder, var_dir, dirs_exist_ok=True)
    return printed


def test_both_years_have_their_guides_rules(first_run):
    closed, explicit, automatic = PerformanceYear.objects.order_by("year")
    assert (closed.year, closed.completion) == (2021, "explicit")
    assert (explicit.year, explicit.completion, explicit.mails_contacts) == (2022, "explicit", True)
    assert (automatic.year, automatic.completion, automatic.mails_contacts) == (
        *(2023, "automatic", False),
    )
    assert (explicit.omb_control_number, automatic.omb_control_number) == (
        *("0938-1314", "0938-1222"),
    )
    assert {str(explicit.burden_hours), str(automatic.burden_hours)} == {"0.25"}
    assert automatic.sampling_notices == "fall of 2023"
    offerings = Offering.objects.values_list("year", "product", "minimum_size")
    assert set(offerings) == {
        (2021, "web_interface", "25-99"),
        (2021, "cahps", "2-24"),
        (2022, "web_interface", "25-99"),
        (2022, "cahps", "2-24"),
        (2023, "cahps", "2-24"),
    }


def test_people_have_the_roles_and_organizations_they_are_for(first_run):
    roles = Counter(
        Role.objects.values_list("user__user_id", "organization__kind", "name").order_by()
    )
    official = "security_official"
    assert roles["jane.doe", "group", official] >= 3
    assert roles["jane.doe", "virtual_group", official] == 2
    assert roles["jane.doe", "apm_entity", official] == 2
    assert roles["solo.official", "group", official] == 1
    assert roles["many.official", "group", official] == 150
    assert {name for user, _, name in roles if user == "staff.user"} == {"staff_user"}
    assert not {"new.user", "cms.staff"} & {user for user, _, _ in roles}
    staff = User.objects.filter(is_staff=True).values_list("user_id", flat=True)
    assert set(staff) == {"cms.staff", "cms.colleague", "cms.manager", "cms.reader"}

    hers = Participation.objects.filter(
        organization__roles__user__user_id="jane.doe", performance_year=2023
    )
    better = hers.get(organization__identifier="000765630")
    assert (better.organization.name, better.size) == ("Better Business Health", "25-99")
    approved = hers.filter(organization__kind="virtual_group").values_list("approved", flat=True)
    assert sorted(approved) == [False, True]
    acos = hers.filter(organization__kind="apm_entity")
    assert sorted(acos.values_list("shared_savings_program", flat=True)) == [False, True]
    of_jane = Registration.objects.filter(organization__roles__user__user_id="jane.doe")
    assert not of_jane.filter(year=2023).exists()


def test_years_with_register_show_every_state(first_run):
    hers = Enrollment.objects.filter(registration__organization__roles__user__user_id="jane.doe")
    states = {
        identifier: set(
            hers.filter(
                registration__year=2022, registration__organization__identifier=identifier
            ).values_list("offering__product", "status", "origin")
        )
        for identifier in ("000765630", "000412875", "000187462", "000820159", "000633207")
    }
    web_interface, cahps = ("web_interface", "complete"), ("cahps", "complete")
    assert states == {
        "000765630": set(),
        "000412875": {(*cahps, "official")},
        "000187462": {(*cahps, "official"), (*web_interface, "official")},
        "000820159": {("web_interface", "cancelled", "official")},
        "000633207": {(*web_interface, "automatic")},
    }
    chosen = Registration.objects.get(year=2022, organization__identifier="000765630")
    assert chosen.size == "25-99"
    carried = Registration.objects.get(year=2022, organization__identifier="000633207")
    assert (carried.carried_from, carried.confirmed_at) == (2021, None)
    assert carried.address1 != carried.organization.address1
    assert set(
        hers.filter(registration__organization__identifier="DEMO0002").values_list(
            "offering__product", "status", "origin"
        )
    ) == {(*cahps, "automatic"), (*web_interface, "automatic")}
    results = SamplingResult.objects.filter(enrollment__registration__year=2021)
    assert set(results.values_list("outcome", flat=True)) == {
        "eligible",
        "minimum_not_met",
        "no_assigned_patients",
    }
    many = Registration.objects.filter(
        year=2022, organization__roles__user__user_id="many.official"
    )
    assert many.filter(enrollments__status="complete").exists()
    assert many.filter(enrollments__isnull=True).exists()


def test_a_second_run_keeps_what_somebody_changed(first_run):
    Organization.objects.filter(identifier="000765630").update(name="Best Business Health")
    Role.objects.filter(user__user_id="solo.official").delete()
    Enrollment.objects.filter(status="incomplete").delete()

    demo()

    assert Organization.objects.get(identifier="000765630").name == "Best Business Health"
    assert not Role.objects.filter(user__user_id="solo.official").exists()
    assert not Enrollment.objects.filter(status="incomplete").exists()


def test_passphrases_are_made_once_printed_each_time_and_kept_privately(first_run, var_dir):
    printed = first_run
    file = var_dir / "demonstration_passwords"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = dict(line.split(" ", 1) for line in file.read_text().splitlines())
    assert len(set(kept.values())) == len(kept) == len(PEOPLE)
    for user in User.objects.all():
        password = kept[user.user_id]
        assert len(password) >= 15
        assert user.check_password(password)
        assert password in printed
    again = demo()
    assert all(password in again for password in kept.values())


def test_the_option_sets_everybodys_password_and_is_remembered(first_run, var_dir):
    printed = demo("--password", PASSWORD)

    assert all(user.check_password(PASSWORD) for user in User.objects.all())
    assert printed.count(PASSWORD) == len(PEOPLE)
    assert demo().count(PASSWORD) == len(PEOPLE)
    assert AuditEvent.objects.filter(action="password.set").count() == len(PEOPLE)
    # The same password again is not hashed again.
    before = set(User.objects.values_list("password", flat=True))
    demo("--password", PASSWORD)
    assert set(User.objects.values_list("password", flat=True)) == before


def test_a_password_of_their_own_stays_until_the_file_is_lost(first_run, var_dir):
    jane = User.objects.get(user_id="jane.doe")
    jane.set_password(PASSWORD)
    jane.save()

    printed = demo()

    jane.refresh_from_db()
    assert jane.check_password(PASSWORD)
    assert "(their own)" in printed

    file = var_dir / "demonstration_passwords"
    file.unlink()
    demo()

    kept = dict(line.split(" ", 1) for line in file.read_text().splitlines())
    assert all(user.check_password(kept[user.user_id]) for user in User.objects.all())
