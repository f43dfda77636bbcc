"""Export this list, on every list of the staff site: what is shown, and nothing that is secret."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import operations
from accounts.audit import record
from accounts.enums import AuditAction
from accounts.models import AuditEvent, DeviceReset, Message, RoleRequest, User
from accounts.policy.rights import Right, StaffGroup, rights_of
from organizations.models import DirectoryImport
from registrations.enums import Product
from registrations.models import (
    FinalRoster,
    Offering,
    PerformanceYear,
    Registration,
    SamplingResult,
    SheetUpload,
    WindowExtension,
)
from tests.factories import UserFactory
from tests.staff.files import ask, content_of, rows_of, sheets_of
from tests.staff.pages import list_of
from tests.staff.rows import fill

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
MODELS = {model.__name__: model for model in admin.site._registry}
each_list = pytest.mark.parametrize("name", sorted(MODELS))
WITHOUT_ROWS = {"User", "AuditEvent"}  # whoever looks is a person, and signing in an event
LATER_SCHEMAS = {"AuditEvent": "2"}
# Fields that hold texts of messages, or what opens something.
SECRETS = (
    (Message, "body"),
    (Message, "html"),
    (Message, "dedupe_key"),
    (User, "password"),
)


def file_of(client: Client, model: type[Model], query: str = "", **sent: str) -> list[Any]:
    """The rows of the CSV file that the list's button gives."""
    answer = ask(client, f"{list_of(model)}export/{query}", **{"file": "csv", **sent})
    return rows_of(content_of(answer))


def format_of(model: type[Model]) -> str:
    """The value of the page's first choice."""
    return "registrations" if model.__name__ == "Enrollment" else "csv"


def exports() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=AuditAction.LIST_EXPORTED).order_by("pk"))


@each_list
def test_file_has_every_row_of_the_list_as_csv_and_as_spreadsheet(
    name: str, manager: Client, offerings: Offerings
) -> None:
    model = MODELS[name]
    fill(3, offerings)
    listed = model._default_manager.all()
    if model is Registration:
        listed = listed.filter(enrollments=None)  # the list is of those that were only begun
    expected = listed.count() + (model is AuditEvent)  # the export's own event
    rows = file_of(manager, model, file=format_of(model))
    assert len(rows) == expected
    assert {row["schema_version"] for row in rows} == {LATER_SCHEMAS.get(name, "1")}
    header, *cells = next(
        iter(sheets_of(content_of(ask(manager, f"{list_of(model)}export/", file="xlsx"))).values())
    )
    assert header == list(rows[0])
    assert len(cells) >= expected
    assert [event.details["format"] for event in exports()] == ["csv", "xlsx"]
    assert {event.details["rows"] for event in exports()} <= {expected - 1, expected, len(cells)}


@each_list
def test_empty_list_has_no_button_and_gives_no_file(
    name: str, manager: Client, offerings: Offerings
) -> None:
    model = MODELS[name]
    if model in {Offering, PerformanceYear}:
        Offering.objects.all().delete()
        PerformanceYear.objects.all().delete()
    query = "?q=nothing+is+called+so" if name in WITHOUT_ROWS else ""
    html = manager.get(f"{list_of(model)}{query}").content.decode()
    assert "Export this list" not in html
    assert "Write to the contacts" not in html
    address = f"{list_of(model)}export/{query}"
    for answer in (manager.get(address), ask(manager, address, file=format_of(model))):
        assert answer.url == f"{list_of(model)}{query}"
    assert "There is nothing on the list." in manager.get(answer.url).content.decode()
    assert exports() == []


@each_list
def test_number_of_queries_of_a_file_does_not_depend_on_the_number_of_rows(
    name: str, manager: Client, offerings: Offerings
) -> None:
    model, found = MODELS[name], []
    for number in (1, 20):
        fill(number, offerings)
        with CaptureQueriesContext(connection) as captured:
            file_of(manager, model, file=format_of(model))
        found.append(len(captured))
    assert found[0] == found[1]


def test_no_file_has_texts_of_messages_or_what_opens_something(
    administrator: Client, offerings: Offerings
) -> None:
    fill(1, offerings)
    for of_model, field in SECRETS:
        others = of_model._default_manager.exclude(pk=administrator.session["_auth_user_id"])
        others.update(**{field: "canary"})
    file_of(administrator, DirectoryImport)
    sessions = set(AuditEvent.objects.exclude(session="").values_list("session", flat=True))
    for model in MODELS.values():
        rows = file_of(administrator, model, file=format_of(model))
        told = "\n".join(cell for row in rows for cell in row.values())
        assert "canary" not in told, model
        assert not any(session in told for session in sessions), model
    assert sessions


def test_file_of_people_says_who_they_are(manager: Client, offerings: Offerings) -> None:
    UserFactory(
        user_id="jane.doe",
        first_name="Jane",
        last_name="Doe",
        email="jane.doe@example.org",
        phone="2025550123",
    )
    (row,) = file_of(manager, User, "?q=jane.doe")
    assert row | {"made_utc": "", "made_eastern": ""} == {
        "schema_version": "1",
        "user_id": "jane.doe",
        "first_name": "Jane",
        "last_name": "Doe",
        "email": "jane.doe@example.org",
        "phone": "(202) 555-0123",
        "active": "yes",
        "cms_staff": "no",
        "made_utc": "",
        "made_eastern": "",
        "last_sign_in_utc": "",
        "last_sign_in_eastern": "",
    }
    assert exports()[0].details["filters"] == ["Search: jane.doe"]


def test_files_name_organizations_as_the_file_of_registrations_does(
    manager: Client, offerings: Offerings
) -> None:
    fill(1, offerings)
    for model in (WindowExtension, SamplingResult):
        (row,) = file_of(manager, model, "?year=2022&product=cahps")
        assert (row["performance_year"], row["offering"]) == ("2022", "cahps")
        assert (row["organization_kind"], row["name"]) == ("group", "Invented 0")
        assert re.fullmatch(r"00-\d{7}", row["identifier"])
        assert re.fullmatch(r"\d{6}", row["registration_id"])
        assert exports()[-1].details["filters"] in (
            ["Year: 2022", "Offering: CAHPS for MIPS Survey"],
            ["Offering: CAHPS for MIPS Survey", "Year: 2022"],
        )


def test_times_stand_in_utc_and_on_eastern_clocks(manager: Client, offerings: Offerings) -> None:
    (row,) = file_of(manager, Offering, "?product__exact=cahps")
    assert (row["closes_utc"], row["closes_eastern"]) == (
        "2022-07-01T00:00:00Z",
        "2022-06-30 20:00:00 ET",
    )


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (User, {"user_id", "email", "phone"}),
        (RoleRequest, {"user_id", "email", "work_phone", "note", "reason"}),
        (
            DeviceReset,
            {"user_id", "email", "phone", "reason", "identity_proof", "decision_reason"},
        ),
        (Message, {"to", "error"}),
        (SheetUpload, {"user_id"}),
    ],
)
def test_who_may_not_see_contacts_gets_the_columns_without_their_values(
    model: type[Model], columns: set[str], manager: Client, offerings: Offerings
) -> None:
    fill(1, offerings)
    seen = file_of(manager, model)
    Permission.objects.get(codename=Right.SEE_CONTACTS.value).group_set.clear()
    rows = file_of(manager, model)
    assert list(rows[0]) == list(seen[0])
    for row in rows:
        assert {name for name, cell in row.items() if cell == "not shown"} == columns
    assert not any(re.search(r"\w@example\.org", row[name]) for row in rows for name in columns)


def test_who_may_export_may_see_contacts() -> None:
    for group in StaffGroup:
        rights = rights_of(group)
        assert Right.EXPORT not in rights or Right.SEE_CONTACTS in rights


def test_audit_is_exported_from_its_beginning_whatever_page_is_shown(
    manager: Client, offerings: Offerings
) -> None:
    fill(60, offerings)
    shown = manager.get(f"{list_of(AuditEvent)}?outcome=done").content.decode()
    older = re.findall(r'href="(\?[^"]*before=[^"]*)"', shown)[0].replace("&amp;", "&")
    page = manager.get(f"{list_of(AuditEvent)}{older}").content.decode()
    assert f'href="{list_of(AuditEvent)}export/{older}"' in page.replace("&amp;", "&")
    whole = file_of(manager, AuditEvent, "?outcome=done")
    same = file_of(manager, AuditEvent, older)
    assert len(same) == len(whole) + 1 > 60
    assert exports()[1].details["filters"] == ["Outcome: Done"]
    assert whole[0]["action"] == "list.exported"
    assert whole[1]["details"] == '{"name": ["Before", "Invented"]}'


def test_search_of_the_audit_is_exported_beyond_the_first_page(
    manager: Client, casey: User, offerings: Offerings
) -> None:
    for _ in range(60):
        record(AuditAction.SIGNED_OUT, actor=operations(), object_id=casey.pk)
    assert len(file_of(manager, AuditEvent, f"?q={casey.user_id}")) == 60


def test_pressing_twice_takes_two_files_and_leaves_two_events(
    manager: Client, offerings: Offerings
) -> None:
    fill(1, offerings)
    first, second = (file_of(manager, DirectoryImport) for _ in range(2))
    assert first == second
    assert len(exports()) == 2


def test_numbers_stand_without_separators_in_files_and_with_them_on_pages(
    manager: Client, offerings: Offerings
) -> None:
    fill(1, offerings)
    DirectoryImport.objects.update(created=1_234_567)
    SheetUpload.objects.update(rows=12_345)
    FinalRoster.objects.update(added=1_234)
    assert file_of(manager, DirectoryImport)[0]["added"] == "1234567"
    for model, number in (
        (DirectoryImport, "1,234,567"),
        (SheetUpload, "12,345"),
        (FinalRoster, "1,234"),
    ):
        assert f">{number}<" in manager.get(list_of(model)).content.decode()
    assert "2,022" not in manager.get(list_of(PerformanceYear)).content.decode()
