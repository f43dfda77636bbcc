"""Loading the directory from a file (`manage.py load_organizations`): what a load writes."""

import hashlib
import subprocess
import sys
import threading
import tracemalloc

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from organizations.load import load_directory
from organizations.models import DirectoryImport, Organization, Participation
from tests.factories import OPENS, OrganizationFactory
from tests.organizations.loading import ACO, GROUP, HEADER, VIRTUAL_GROUP, Run, rows

pytestmark = pytest.mark.django_db


def test_a_file_creates_organizations_and_their_participation(load):
    run = load(GROUP, VIRTUAL_GROUP, ACO)

    assert run.summary == "3 created, 0 changed, 0 unchanged, 0 refused."
    group = Organization.objects.get(kind="group")
    assert group.identifier == "000765630"
    assert (group.name, group.search_name) == ("Better Business Health", "better business health")
    assert (group.address1, group.address2) == ("123 Better Health Way", "")
    assert (group.city, group.state, group.zip_code) == ("Baltimore", "MD", "21239")
    assert group.participations.get(performance_year=2023).size == "25-99"
    virtual_group = Participation.objects.get(organization__identifier="VG-001")
    assert (virtual_group.approved, virtual_group.shared_savings_program) == (True, False)
    aco = Participation.objects.get(organization__identifier="A9901")
    assert (aco.approved, aco.shared_savings_program, aco.size) == (False, True, "")


def test_a_second_load_of_the_same_file_changes_nothing(load):
    load(GROUP, VIRTUAL_GROUP, ACO)
    before = rows()

    assert load(GROUP, VIRTUAL_GROUP, ACO).summary == (
        "0 created, 0 changed, 3 unchanged, 0 refused."
    )
    assert rows() == before


def test_a_changed_row_keeps_its_key_and_leaves_the_others_alone(load):
    load(GROUP, ACO)
    before = Organization.objects.get(kind="group")

    run = load(GROUP.replace("Health,", "Wellness,").replace("25-99", "100 or Greater"), ACO)

    assert run.summary == "0 created, 1 changed, 1 unchanged, 0 refused."
    after = Organization.objects.get(kind="group")
    assert (after.pk, after.created_at) == (before.pk, before.created_at)
    assert after.name == "Better Business Wellness"
    assert after.search_name == "better business wellness"
    assert after.participations.get().size == "100+"


def test_what_the_file_does_not_mention_stays(load):
    load(GROUP, ACO)

    assert load(VIRTUAL_GROUP).summary == "1 created, 0 changed, 0 unchanged, 0 refused."
    assert Organization.objects.count() == 3


def test_another_year_adds_participation_and_keeps_the_first_years(load):
    load(VIRTUAL_GROUP, year=2022)

    run = load(VIRTUAL_GROUP.replace(",yes", ",no"), year=2023)

    assert run.summary == "0 created, 1 changed, 0 unchanged, 0 refused."
    approved = Participation.objects.values_list("performance_year", "approved")
    assert set(approved) == {(2022, True), (2023, False)}


def test_a_load_leaves_its_record(load, tmp_path):
    load(GROUP, "group,1,,,,,,,,,", options=["--skip-refused"])

    record = DirectoryImport.objects.get()
    assert (record.file_name, record.performance_year) == ("directory.csv", 2023)
    assert (record.created, record.changed, record.unchanged, record.refused) == (1, 0, 0, 1)
    assert record.loaded_by == "Operations"
    content = (tmp_path / "directory.csv").read_bytes()
    assert record.sha256 == hashlib.sha256(content).hexdigest()


def test_the_same_identifier_in_two_kinds_is_two_organizations(load):
    assert load(ACO, ACO.replace("apm_entity", "virtual_group").replace("YES", "")).error is None
    assert Organization.objects.filter(identifier="A9901").count() == 2


def test_a_dry_run_says_what_would_change_and_writes_nothing(load):
    load(GROUP)
    before = rows()

    run = load(GROUP.replace("Better", "Best"), ACO, options=["--dry-run"])

    assert run.summary == (
        "Dry run, nothing is written. Would be: 1 created, 1 changed, 0 unchanged, 0 refused."
    )
    assert rows() == before
    assert DirectoryImport.objects.count() == 1


def test_a_dry_run_of_a_bad_file_fails(load):
    assert load("group,1,A,,,,,,,,", options=["--dry-run"]).error.returncode == 1
    assert load("group,1,A,,,,,,,,", options=["--dry-run", "--skip-refused"]).error is None


def test_names_are_normalised_and_searched_without_regard_to_case(load):
    load(GROUP.replace("Better Business Health", " Stra\u00dfe Cafe\u0301 "))

    group = Organization.objects.get()
    assert (group.name, group.search_name) == ("Straße Café", "strasse café")


def test_a_search_name_that_folding_makes_longer_still_fits(load):
    assert load(GROUP.replace("Better Business Health", "ß" * 200)).error is None
    assert len(Organization.objects.get().search_name) == 200


def test_territories_and_military_addresses_are_states(load):
    for state in ("DC", "pr", "GU", "AE"):
        assert load(GROUP.replace("MD", state)).error is None
    assert load(GROUP.replace("MD", "XX")).error


@pytest.mark.parametrize("year", [2016, 2101])
def test_a_year_out_of_range_is_refused(load, year):
    assert "The year is from 2017 to 2100" in str(load(GROUP, year=year).error)


def test_bad_arguments_fail(load, tmp_path):
    with pytest.raises(CommandError):
        call_command("load_organizations", str(tmp_path / "a.csv"))
    with pytest.raises(CommandError):
        call_command("load_organizations", str(tmp_path / "a.csv"), "--year=soon")


def test_a_crash_in_the_last_step_keeps_nothing(load, tmp_path):
    load(GROUP)
    before = rows()
    file = tmp_path / "directory.csv"
    file.write_text(f"{HEADER}\n{GROUP.replace('Better', 'Best')}\n{ACO}\n")

    with pytest.raises(IntegrityError):
        # The record of the import is written last and needs a name.
        load_directory(file, year=2023, loaded_by=None, loaded_at=OPENS)

    assert rows() == before
    assert load(GROUP).summary == "0 created, 0 changed, 1 unchanged, 0 refused."


def test_stopping_while_the_file_is_read_keeps_nothing(transactional_db, tmp_path):
    file = tmp_path / "directory.csv"
    file.write_text(f"{HEADER}\n{GROUP}\n")

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_directory(file, year=2023, loaded_by="x", loaded_at=OPENS, on_read=stop)

    assert rows() == []
    assert Run(file).summary == "1 created, 0 changed, 0 unchanged, 0 refused."


def test_others_can_write_while_a_file_is_read(transactional_db, tmp_path):
    file = tmp_path / "directory.csv"
    file.write_text(f"{HEADER}\n{GROUP}\n")
    written = []

    def write_elsewhere(_count: int) -> None:
        def write() -> None:
            written.append(OrganizationFactory())
            connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join()

    load_directory(file, year=2023, loaded_by="x", loaded_at=OPENS, on_read=write_elsewhere)

    assert written
    assert Organization.objects.count() == len(written) + 1


def test_from_the_shell_a_refusal_goes_to_stderr_and_the_exit_code_is_1(settings, tmp_path):
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", "load_organizations", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )

    missing = run(str(tmp_path / "none.csv"), "--year=2023")
    assert missing.returncode == 1
    assert missing.stdout == ""
    assert missing.stderr == f"Error: There is no file {tmp_path / 'none.csv'}.\n"
    assert run("--year=soon", "x.csv").returncode == 2


def test_many_rows_need_little_memory(tmp_path):
    def peak(rows: int) -> int:
        file = tmp_path / f"{rows}.csv"
        with file.open("w") as lines:
            lines.write(f"{HEADER}\n")
            lines.writelines(f"group,00{i:07},Practice {i},,,,MD,,,,\n" for i in range(rows))
        tracemalloc.start()
        try:
            assert Run(file).error is None
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(20_000) < peak(2_000) + 1_000_000  # bytes
