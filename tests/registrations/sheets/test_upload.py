"""Uploading a registration sheet: what is refused, and what is said of each error."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import Contact, Offering, SheetUpload, WindowExtension
from tests.factories import (
    CLOSES,
    DURING,
    OPENS,
    ApmEntityFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.conftest import RegisterPage
from tests.registrations.sheet_steps import (
    PAT,
    TIN,
    UPLOAD,
    confirm,
    download,
    page,
    reasons,
    row,
    sheet,
    states,
    upload,
    uploaded,
)

NAME_RULE = (
    "A first name may only contain letters, spaces, hyphens, apostrophes, periods and commas."
)


# --- The file as a whole ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "sheet.csv", "The file is empty."),
        (sheet(row(TIN)), "sheet.xlsx", "Choose a file whose name ends in .csv."),
        (sheet(), "sheet.csv", "The file has no rows below its header."),
        (sheet({}, {}), "sheet.csv", "The file has no rows below its header."),
        (sheet(row(TIN), columns=["kind", "size"]), "sheet.csv", "Missing column in line 1: ide"),
        (sheet(row(TIN), columns=["kind", "identifier", "tel"]), "sheet.csv", "Unknown column in"),
        (b"kind,identifier,kind\ngroup,1,group\n", "sheet.csv", "Repeated column in line 1: kind"),
        (sheet(row(TIN)).decode("utf-8-sig").encode("utf-16"), "sheet.csv", "is not UTF-8"),
        (b"PK\x03\x04\xff\xfe\x00" * 900, "sheet.csv", "is not UTF-8"),
        (b"\x00" * 5_000, "sheet.csv", "Missing columns in line 1: kind, identifier"),
        (b"x" * 200_000, "sheet.csv", "Is this a CSV file?"),
        (b"kind,identifier\n" + b"x" * 6_000_000, "sheet.csv", "The file has 6.0 MB"),
    ],
)
def test_file_that_is_no_sheet_is_refused_at_its_field(
    client: Client, content: bytes, name: str, reason: str
) -> None:
    answer = upload(client, content, name)
    assert answer.status_code == 422
    html = answer.content.decode()
    assert reason in html
    assert 'aria-invalid="true"' in html
    assert not SheetUpload.objects.exists()


def test_request_without_a_file_is_refused(client: Client) -> None:
    answer = client.post(UPLOAD)
    assert answer.status_code == 422
    assert "Choose the registration sheet to upload." in answer.content.decode()


def test_five_thousand_rows_are_taken_and_one_more_is_not(client: Client) -> None:
    header = "kind,identifier,size\n"
    lines = [f"group,99-{number:07},2-24\n" for number in range(5_001)]
    answer = upload(client, (header + "".join(lines)).encode())
    assert answer.status_code == 422
    assert "more than 5,000 rows" in answer.content.decode()
    answer = upload(client, (header + "".join(lines[:5_000])).encode())
    assert answer.status_code == 302
    assert SheetUpload.objects.get().errors == 5_000


def test_request_larger_than_any_sheet_is_answered_413_without_being_read(client: Client) -> None:
    answer = client.generic("POST", UPLOAD, b"", CONTENT_LENGTH="8000001")
    assert answer.status_code == 413
    assert "That is too much for one request" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_spreadsheets_habits_are_understood(client: Client, practice: Organization) -> None:
    text = (
        '\ufeff"Kind","IDENTIFIER","size","contact_1_first_name","contact_1_last_name",'
        '"contact_1_email","contact_1_phone","name"\r\n'
        '"Group"," 000765630 ","24-Feb","Pat","Example","pat@example.org","202.555.0144",'
        '"Better\r\nBusiness"\r\n,,,,,,,\r\n'
    )
    assert upload(client, text.encode()).status_code == 302
    made = SheetUpload.objects.get()
    assert states(made) == ["planned"]
    assert "Registers, size 2 to 24" in page(client, made)


# --- Rows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"size": "24"}, ("size", "24", "Give the size as 2 to 24, 25 to 99 or 100 or greater.")),
        (
            {"contact_1_email": "pat at example"},
            (
                "contact_1_email",
                "pat at example",
                "Enter an e-mail address, like name@example.org.",
            ),
        ),
        (
            {"contact_1_email": "a@b.org\r\nBcc: x@example.org"},
            (
                "contact_1_email",
                r"a@b.org\r\nBcc: x@example.org",
                "E-mail: Remove the line break or invisible character.",
            ),
        ),
        (
            {"contact_1_phone": "202-555-010"},
            (
                "contact_1_phone",
                "202-555-010",
                "Enter a 10-digit phone number, like (202) 555-0123.",
            ),
        ),
        (
            {"contact_1_extension": "12a"},
            ("contact_1_extension", "12a", "An extension has digits only."),
        ),
        (
            {"contact_1_first_name": "=cmd()"},
            (
                "contact_1_first_name",
                "=cmd()",
                NAME_RULE,
            ),
        ),
        (
            {"contact_1_first_name": "Pat\0"},
            (
                "contact_1_first_name",
                r"Pat\x00",
                "First name: Remove the line break or invisible character.",
            ),
        ),
        (
            {"contact_1_last_name": "x" * 101},
            (
                "contact_1_last_name",
                "x" * 60 + "…",
                "Last name can have 100 characters; this has 101.",
            ),
        ),
        (
            {"kind": "practice"},
            ("kind", "practice", "The kind is one of group, virtual_group, apm_entity."),
        ),
        (
            {"identifier": "765630"},
            ("identifier", "765630", "A TIN has nine digits, with or without a dash: 00-0765630."),
        ),
        (
            {"identifier": "00-0765631"},
            ("identifier", "00-0765631", "This is not one of your organizations."),
        ),
    ],
)
def test_value_that_cannot_be_used_is_named_with_line_column_and_reason(
    client: Client, cells: dict[str, str], problem: tuple[str, str, str]
) -> None:
    made = uploaded(client, row(TIN) | PAT | cells)
    assert states(made) == ["error"]
    assert reasons(made) == [problem]
    assert made.sheet_rows.get().line == 2
    html = page(client, made)
    assert problem[2] in html
    assert f"<code>{problem[0]}</code>" in html


def test_byte_that_is_not_utf8_is_named(client: Client) -> None:
    content = sheet(row(TIN, contact_1_first_name="Ren?")).replace(b"?", b"\xe9")
    assert upload(client, content).status_code == 302
    ((column, value, reason),) = reasons(SheetUpload.objects.get())
    assert (column, value) == ("contact_1_first_name", r"Ren\xe9")
    assert reason == "Byte 0xE9 is not UTF-8. Save the file as CSV in UTF-8."


def test_quotes_and_commas_that_do_not_fit_are_errors_of_their_line(client: Client) -> None:
    content = b'kind,identifier\ngroup,"00-0765630"x\ngroup,1,2\n'
    assert upload(client, content).status_code == 302
    found = reasons(SheetUpload.objects.get())
    assert found[0][2].startswith("The quotes don't fit")
    assert found[1][2] == "3 values, but the header names 2."


def test_organization_that_stands_twice_is_an_error_in_both_lines(client: Client) -> None:
    made = uploaded(client, row(TIN, size="2-24"), row("000765630", size="25-99"))
    assert states(made) == ["error", "error"]
    assert [problem[2] for problem in reasons(made)] == [
        "The same organization stands in line 3.",
        "The same organization stands in line 2.",
    ]


def test_foreign_and_unknown_organization_are_told_alike(client: Client) -> None:
    RoleFactory(organization=OrganizationFactory(identifier="001234567", name="Foreign Clinic"))
    made = uploaded(client, row("00-1234567", size="2-24"), row("00-7654321", size="2-24"))
    first, second = reasons(made)
    assert first[2] == second[2] == "This is not one of your organizations."
    assert "Foreign Clinic" not in page(client, made)


def test_what_the_list_refuses_the_sheet_refuses_with_the_same_words(
    client: Client, jane: User
) -> None:
    aco, group = ApmEntityFactory(identifier="A1"), VirtualGroupFactory(identifier="V1")
    ParticipationFactory(organization=aco, shared_savings_program=True)
    looked_at = OrganizationFactory(identifier="001111111")
    RoleFactory(user=jane, organization=aco)
    RoleFactory(user=jane, organization=group)
    RoleFactory(user=jane, organization=looked_at, name="staff_user")
    made = uploaded(
        client,
        {"kind": "apm_entity", "identifier": "a1", "size": "2-24"},
        {"kind": "virtual_group", "identifier": "v1", "size": "2-24"},
        row("001111111", size="2-24"),
    )
    texts = [problem[2] for problem in reasons(made)]
    assert "registered automatically" in texts[0]
    assert "Only virtual groups that CMS approved" in texts[1]
    assert "Your role is Staff User" in texts[2]


def test_staff_user_learns_nothing_of_contacts_by_guessing_in_a_sheet(
    client: Client, complete_page: RegisterPage, sign_in: Callable
) -> None:
    staff = UserFactory()
    RoleFactory(user=staff, organization=complete_page.registration.organization, name="staff_user")
    RoleFactory(user=staff)
    guess = {"contact_1_first_name": "Daniel", "contact_1_last_name": "Okafor"}
    client = sign_in(staff)
    told = []
    for mail in ("daniel.okafor@example.org", "somebody@example.org"):
        made = uploaded(client, row(TIN, **guess, contact_1_email=mail))
        told.append((states(made), [problem[2] for problem in reasons(made)]))
        assert "555-0123" not in page(client, made)
    assert told[0] == told[1]
    assert told[0][0] == ["error"]


def test_errors_can_be_downloaded_and_open_safely(client: Client) -> None:
    made = uploaded(client, row(TIN, size="=1+1", contact_1_extension="-x"))
    answer = client.get(f"/sheets/{made.pk}/errors/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["line", "identifier", "column", "value", "reason"]
    assert rows[1][:4] == ["2", TIN, "size", "'=1+1"]
    assert rows[2][2:4] == ["contact_1_extension", "'-x"]


def test_apostrophe_that_made_a_cell_safe_is_taken_off_again(
    client: Client, complete_page: RegisterPage
) -> None:
    Contact.objects.update(last_name="-Okafor", email="=daniel@example.org")
    text = download(client)
    assert '"\'-Okafor"' in text
    assert upload(client, text.encode("utf-8-sig")).status_code == 302
    assert states(SheetUpload.objects.get()) == ["nothing"]


# --- Who and when -------------------------------------------------------------------------------


def test_another_persons_upload_answers_like_a_missing_one(
    client: Client, practice: Organization, sign_in: Callable
) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    colleague = UserFactory()
    RoleFactory(user=colleague, organization=practice)
    other = sign_in(colleague)
    for path in ("", "errors/"):
        assert other.get(f"/sheets/{made.pk}/{path}").status_code == 404
    assert confirm(other, made).status_code == 404
    assert made.file_name not in other.get(UPLOAD).content.decode()
    made.refresh_from_db()
    assert made.status == "checked"


def test_staff_user_can_download_but_not_upload(
    june: object, offering: Offering, practice: Organization, sign_in: Callable
) -> None:
    staff = UserFactory()
    RoleFactory(user=staff, organization=practice, name="staff_user")
    client = sign_in(staff)
    html = client.get(UPLOAD).content.decode()
    assert "Your role is Staff User" in html
    assert "Download Practices" in html
    assert 'type="file"' not in html
    assert upload(client, sheet(row(TIN, size="2-24"))).status_code == 403
    assert not SheetUpload.objects.exists()


def test_person_without_a_role_is_led_to_the_list(
    june: object, offering: Offering, sign_in: Callable
) -> None:
    assert sign_in(UserFactory()).get(UPLOAD).url == "/registration/2023/cahps/"


@pytest.mark.parametrize(("at", "open_"), [(OPENS, True), (CLOSES, False)])
def test_sheet_can_be_uploaded_while_the_window_is_open(
    client: Client, june: Any, at: Any, open_: bool, sign_in: Callable, jane: User
) -> None:
    june.move_to(at)
    client = sign_in(jane)
    assert ('type="file"' in client.get(UPLOAD).content.decode()) is open_
    answer = upload(client, sheet(row(TIN, size="2-24")))
    assert answer.status_code == (302 if open_ else 403)


def test_extension_of_one_organization_lets_its_rows_in(
    june: Any,
    client: Client,
    jane: User,
    practice: Organization,
    offering: Offering,
    sign_in: Callable,
) -> None:
    other = OrganizationFactory(identifier="001111111")
    RoleFactory(user=jane, organization=other)
    WindowExtension.objects.create(
        organization=practice,
        offering=offering,
        until=CLOSES.replace(day=9),
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )
    june.move_to(CLOSES)
    made = uploaded(sign_in(jane), row(TIN, size="2-24"), row("00-1111111", size="2-24"))
    assert states(made) == ["planned", "error"]
    assert reasons(made)[0][2] == "Registration closed on June 30, 2023 at 8:00 p.m. ET."
