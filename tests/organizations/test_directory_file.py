"""What a directory file must look like: each refusal names line, column, value and reason."""

import csv

import pytest

from organizations.models import DirectoryImport, Organization
from tests.organizations.loading import ACO, GROUP, HEADER, VIRTUAL_GROUP, Run, rows

pytestmark = pytest.mark.django_db


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


def test_a_long_list_of_refusals_is_cut_and_counted(load):
    run = load(*["group,1,A,,,,,,,,"] * 1_200)

    assert len(run.refusals) == 1_001
    assert run.refusals[-1] == "… and 200 more rows."
    assert "1,200 refused rows" in str(run.error)


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
