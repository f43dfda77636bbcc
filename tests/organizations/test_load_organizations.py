"""Loading the directory from a file (`manage.py load_organizations`)."""

import csv
import hashlib
import io
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from organizations.load import load_directory
from organizations.models import DirectoryImport, Organization, Participation
from tests.factories import OPENS, OrganizationFactory

pytestmark = pytest.mark.django_db

HEADER = (
    "kind,identifier,name,address1,address2,city,state,zip,size,shared_savings_program,approved"
)
GROUP = "group,00-0765630,Better Business Health,123 Better Health Way,,Baltimore,MD,21239,25-99,,"
VIRTUAL_GROUP = "virtual_group,vg-001,Tidewater Virtual Group,,,,,,,no,yes"
ACO = "apm_entity,A9901,Chesapeake ACO,1 Bay Street,Floor 2,Baltimore,MD,21202-1234,,YES,0"


class Run:
    """A run of the command with what it printed."""

    error: Any

    def __init__(self, file: Path, *options: str, year: int = 2023):
        self.out, self.err, self.error = io.StringIO(), io.StringIO(), None
        try:
            call_command(
                "load_organizations",
                str(file),
                f"--year={year}",
                *options,
                stdout=self.out,
                stderr=self.err,
            )
        except CommandError as error:
            self.error = error

    @property
    def summary(self) -> str:
        return self.out.getvalue().strip()

    @property
    def refusals(self) -> list[str]:
        return self.err.getvalue().splitlines()


@pytest.fixture
def load(tmp_path):
    """Load a file with these lines below the header, or these bytes."""

    def load(*lines: str, options=(), header=HEADER, content=None, year=2023) -> Run:
        file = tmp_path / "directory.csv"
        file.write_bytes(content or "\n".join([header, *lines, ""]).encode())
        return Run(file, *options, year=year)

    return load


def rows() -> list[tuple]:
    """Everything of the directory that a load may write."""
    return [
        *Organization.objects.order_by("kind", "identifier").values_list(),
        *Participation.objects.order_by("id").values_list(),
    ]


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


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (
            "practice,00-0765630,A,,,,,,,,",
            'Line 2, kind "practice": The kind is one of group, virtual_group, apm_entity.',
        ),
        (
            "group,00-076563,A,,,,,,,,",
            (
                'Line 2, identifier "00-076563": A TIN has nine digits, '
                "with or without a dash: 00-0765630."
            ),
        ),
        (
            "virtual_group,VG 1,A,,,,,,,,",
            (
                'Line 2, identifier "VG 1": '
                "A Virtual Group ID has up to 20 letters, digits, dashes or underscores."
            ),
        ),
        ("group,000765630, ,,,,,,,,", 'Line 2, name " ": This can\'t be blank.'),
        (
            f"group,000765630,{'x' * 201},,,,,,,,",
            f'Line 2, name "{"x" * 60}…": Use at most 200 characters; it has 201.',
        ),
        (
            "group,000765630,A\u202eB,,,,,,,,",
            'Line 2, name "A\\u202eB": Remove the line break or invisible character.',
        ),
        (
            "group,000765630,A\0B,,,,,,,,",
            'Line 2, name "A\\x00B": Remove the line break or invisible character.',
        ),
        (
            "group,000765630,A,,,,Maryland,,,,",
            'Line 2, state "Maryland": Give the state as its two letters, like MD.',
        ),
        (
            "group,000765630,A,,,,,2123,,,",
            'Line 2, zip "2123": Give the ZIP code as 12345 or 12345-6789, with its leading zeros.',
        ),
        (
            "group,000765630,A,,,,,,12,,",
            'Line 2, size "12": Give the size as 2-24, 25-99 or 100 or greater.',
        ),
        (
            "group,000765630,A,,,,,,,yes,",
            (
                'Line 2, shared_savings_program "yes": '
                "Only an APM Entity can be in the Shared Savings Program."
            ),
        ),
        ("group,000765630,A,,,,,,,,maybe", 'Line 2, approved "maybe": Write yes or no.'),
        ("group,000765630,A", "Line 2: 3 values, but the header names 11."),
        ("group,000765630,A,,,,,,,,,", "Line 2: 12 values, but the header names 11."),
        (
            'group,000765630,"A"B,,,,,,,,',
            "Line 2: the quotes don't fit (',' expected after '\"').",
        ),
    ],
)
def test_a_refusal_names_line_column_value_and_reason(load, row, refusal):
    run = load(row, VIRTUAL_GROUP)

    assert run.refusals == [refusal]
    assert str(run.error).startswith("Nothing was written, because of 1 refused row.")
    assert run.error.returncode == 1
    assert rows() == []
    assert not DirectoryImport.objects.exists()


@pytest.mark.parametrize("identifier", ["٠٠٠٧٦٥٦٣٠", "00076563\N{FULLWIDTH DIGIT ZERO}"])
def test_only_ascii_digits_make_a_tin(load, identifier):
    assert load(f"group,{identifier},A,,,,,,,,").error
    assert rows() == []


def test_all_mistakes_of_a_row_are_named(load):
    run = load("group,1,,,,,XX,1,1,maybe,maybe")

    columns = [refusal.split()[2] for refusal in run.refusals]
    assert columns == [
        *("identifier", "name", "state", "zip", "size", "shared_savings_program", "approved"),
    ]
    assert "because of 1 refused row." in str(run.error)


def test_good_rows_are_loaded_when_refused_ones_are_skipped(load):
    run = load(GROUP, "group,1,A,,,,,,,,", ACO, options=["--skip-refused"])

    assert run.error is None
    assert run.refusals == [
        'Line 3, identifier "1": A TIN has nine digits, with or without a dash: 00-0765630.'
    ]
    assert run.summary == "2 created, 0 changed, 0 unchanged, 1 refused."
    assert Organization.objects.count() == 2


@pytest.mark.parametrize("other_name", ["Better Business Health", "Another Name"])
def test_a_row_that_repeats_an_earlier_one_is_refused(load, other_name):
    repeated = GROUP.replace("00-0765630", "000765630").replace(
        "Better Business Health", other_name
    )
    run = load(GROUP, ACO, repeated, repeated)

    assert run.refusals == [
        'Line 4, identifier "000765630": Line 2 has it already.',
        'Line 5, identifier "000765630": Line 2 has it already.',
    ]
    assert rows() == []


def test_the_first_of_repeated_rows_is_loaded_when_refused_ones_are_skipped(load):
    run = load(GROUP, GROUP.replace("Better", "Worse"), options=["--skip-refused"])

    assert run.summary == "1 created, 0 changed, 0 unchanged, 1 refused."
    assert Organization.objects.get().name == "Better Business Health"


def test_refusals_are_listed_in_the_order_of_the_file(load):
    run = load(GROUP, GROUP, "group,1,A,,,,,,,,", GROUP)

    assert [refusal.split(",")[0] for refusal in run.refusals] == ["Line 3", "Line 4", "Line 5"]


def test_the_same_identifier_in_two_kinds_is_two_organizations(load):
    assert load(ACO, ACO.replace("apm_entity", "virtual_group").replace("YES", "")).error is None
    assert Organization.objects.filter(identifier="A9901").count() == 2


def test_a_long_list_of_refusals_is_cut_and_counted(load):
    run = load(*["group,1,A,,,,,,,,"] * 1_200)

    assert len(run.refusals) == 1_001
    assert run.refusals[-1] == "… and 200 more rows."
    assert "1,200 refused rows" in str(run.error)


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


def test_columns_may_stand_in_any_order(load):
    values = next(csv.DictReader([HEADER, GROUP]))
    header = ",".join(reversed(values))

    assert load(",".join(reversed(values.values())), header=header).error is None
    assert Organization.objects.get().name == "Better Business Health"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        (HEADER.replace("city,", ""), "Missing column in line 1: city"),
        (f"{HEADER},phone", "Unknown column in line 1: phone"),
        (f"{HEADER},city", "Repeated column in line 1: city"),
        (HEADER.replace(",", ";"), "Missing columns in line 1: kind, identifier, name,"),
        (HEADER.replace("name", "n\x00me"), "Unknown column in line 1: n\\x00me"),
    ],
)
def test_a_header_that_does_not_fit_is_explained(load, header, reason):
    run = load(GROUP, header=header)

    assert reason in str(run.error)
    assert "The columns are kind, identifier" in str(run.error)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (HEADER.encode(), "The file has no rows below its header."),
        (f"{HEADER}\n\n\n".encode(), "The file has no rows below its header."),
        (f"{HEADER}\n{GROUP}".encode("utf-16"), "Line 1: byte 0xFF is not UTF-8."),
        (f"{HEADER}\n{'x' * 70_000}".encode(), "Line 2 is longer than 65,536 characters."),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path, content, reason):
    file = tmp_path / "directory.csv"
    file.write_bytes(content)

    assert str(Run(file).error).startswith(reason)
    assert rows() == []


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    missing = tmp_path / "none.csv"

    assert str(Run(missing).error) == f"There is no file {missing}."
    assert str(Run(tmp_path).error) == f"{tmp_path} is a folder, not a file."


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(load):
    content = f"{HEADER}\n{ACO}\n{GROUP}\n".encode().replace(b"Better Business", b"Caf\xe9")
    run = load(content=content)

    assert run.refusals == [
        'Line 3, name "Caf\\xe9 Health": Byte 0xE9 is not UTF-8. Save the file as CSV in UTF-8.'
    ]
    assert rows() == []


def test_byte_order_mark_and_windows_line_ends_are_fine(load):
    content = b"\xef\xbb\xbf" + f"{HEADER}\r\n{GROUP}\r\n\r\n{ACO}\r\n".encode()

    assert load(content=content).summary == "2 created, 0 changed, 0 unchanged, 0 refused."
    assert Organization.objects.get(kind="group").name == "Better Business Health"


def test_a_line_break_inside_a_name_is_refused_with_the_line_its_row_starts_at(load):
    quoted = ACO.replace("Chesapeake ACO", '"Chesapeake,\r\n""ACO"""')
    run = load(GROUP, quoted, "group,1,A,,,,,,,,")

    assert run.refusals == [
        'Line 3, name "Chesapeake,\\r\\n"ACO"": Remove the line break or invisible character.',
        'Line 5, identifier "1": A TIN has nine digits, with or without a dash: 00-0765630.',
    ]


def test_a_quote_that_never_ends_is_refused(load):
    run = load(GROUP, ACO.replace("Chesapeake ACO", '"Chesapeake ACO'))

    assert run.refusals == ["Line 3: the quotes don't fit (unexpected end of data)."]


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
