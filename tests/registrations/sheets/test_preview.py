"""A checked sheet: what the page says each row will do, to whom, and nothing is written yet."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditEvent, User
from registrations.models import (
    Contact,
    Enrollment,
    Registration,
    RegistrationNumber,
    SheetRow,
    SheetUpload,
)
from tests.factories import OrganizationFactory, RoleFactory
from tests.registrations.conftest import CONTACT, RegisterPage
from tests.registrations.sheet_steps import (
    PAT,
    TIN,
    UPLOAD,
    confirm,
    download,
    page,
    row,
    states,
    upload,
    uploaded,
)


def everything() -> list[Any]:
    """Every row of what a sheet changes once it is applied."""
    return [
        list(model._default_manager.order_by("pk").values())
        for model in (Registration, Enrollment, Contact, RegistrationNumber)
    ]


# --- What it will do ----------------------------------------------------------------------------


def test_downloaded_sheet_that_comes_back_unchanged_does_nothing(
    client: Client, jane: User, complete_page: RegisterPage, start: Callable
) -> None:
    incomplete, fresh, deleted = (OrganizationFactory(name=name) for name in "ABC")
    for organization in (incomplete, fresh, deleted):
        RoleFactory(user=jane, organization=organization)
    start(jane, incomplete).type(first_name="Pat", phone="").save()
    gone = start(jane, deleted)
    gone.type(size="2-24", **CONTACT).save()
    client.post(f"{gone.url}delete/")
    assert upload(client, download(client).encode("utf-8-sig")).status_code == 302
    made = SheetUpload.objects.get()
    assert states(made) == ["nothing"] * 4
    html = page(client, made)
    assert "There is nothing to apply" in html
    assert "confirm" not in html.split("<main")[1].split("</main>")[0]


def test_preview_says_what_each_row_will_do_and_writes_nothing(
    client: Client, jane: User, complete_page: RegisterPage
) -> None:
    fresh = OrganizationFactory(identifier="001111111", name="Fresh Start")
    started = OrganizationFactory(identifier="002222222", name="Half Done")
    for organization in (fresh, started):
        RoleFactory(user=jane, organization=organization)
    before = everything()
    made = uploaded(
        client,
        row("00-1111111", size="25-99") | PAT,
        row("00-2222222", size="100 or greater"),
        row(
            TIN,
            size="2 to 24",
            contact_1_email="daniel.okafor@example.org",
            contact_1_phone="202 555 0144",
        )
        | {key.replace("_1_", "_2_"): value for key, value in PAT.items()},
    )
    html = page(client, made)
    assert everything() == before
    for sentence in (
        "<li>Registers, size 25 to 99</li>",
        "<li>Registers, size 100 or greater</li>",
        "<li>Adds Pat Example, pat@example.org, (202) 555-0144</li>",
        "<li>Then it is Complete</li>",
        "<li>Then it is still missing one complete contact</li>",
        "<li>Changes the size from 25 to 99 to 2 to 24</li>",
        "<li>Changes Daniel Okafor: phone from (202) 555-0123 to (202) 555-0144</li>",
    ):
        assert sentence in html
    assert "Apply 3 rows" in html


def test_sheet_with_errors_offers_to_apply_the_other_rows(client: Client) -> None:
    made = uploaded(client, row(TIN, size="2-24"), row("00-1234567"), row("00-1234568"))
    html = page(client, made)
    assert "2 of 3 rows can’t be applied" in html
    assert "Apply the 1 row without errors" in html
    assert f"/sheets/{made.pk}/errors/" in html
    assert "Errors (2)" in html
    assert "Will change (1)" in html


def test_sheet_with_nothing_but_errors_offers_no_confirm(client: Client) -> None:
    made = uploaded(client, row("00-1234567"))
    assert "/confirm/" not in page(client, made)
    confirm(client, made)
    made.refresh_from_db()
    assert made.status == "checked"


def test_rows_come_in_pages_and_by_state(client: Client) -> None:
    made = uploaded(client, *(row(f"00-1{n:06}") for n in range(120)), row(TIN, size="2-24"))
    html = page(client, made, "?show=error&page=3")
    assert "Showing 51–75 of 120 rows" in html
    assert "?show=error&amp;page=2" in html
    assert "Better Business Health" in page(client, made, "?show=planned")
    assert "Showing 1–25 of 120 rows" in page(client, made, "?show=nonsense&page=x")


def test_what_would_change_is_hidden_once_the_role_has_ended(client: Client, jane: User) -> None:
    made = uploaded(client, row(TIN, size="2-24") | PAT)
    jane.roles.update(name="staff_user")
    html = page(client, made)
    assert "You no longer have the Security Official role" in html
    assert "pat@example.org" not in html


def test_new_sheet_replaces_the_one_that_was_not_confirmed(client: Client) -> None:
    first = uploaded(client, row(TIN, size="2-24"))
    second = uploaded(client, row(TIN, size="25-99"))
    assert list(SheetUpload.objects.all()) == [second]
    assert client.get(f"/sheets/{first.pk}/").status_code == 404
    assert confirm(client, first).status_code == 404
    assert SheetRow.objects.count() == 1


def test_upload_is_audited_with_the_files_fingerprint(client: Client) -> None:
    made = uploaded(client, row(TIN, size="2-24"))
    event = AuditEvent.objects.get(action="sheet.uploaded")
    assert event.details["sha256"] == made.sha256
    assert (event.details["rows"], event.details["errors"]) == (1, 0)
    assert event.object_id == str(made.pk)


# --- What it costs ------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_pages_take_the_same_few_queries_for_any_number_of_rows(client: Client, jane: User) -> None:
    signed_in = queries(client, "/accessibility/")
    few = uploaded(client, row(TIN, size="2-24"))
    assert queries(client, f"/sheets/{few.pk}/") - signed_in == 4
    assert queries(client, UPLOAD) - signed_in == 4
    others = OrganizationFactory.create_batch(120)
    for organization in others:
        RoleFactory(user=jane, organization=organization)
    many = uploaded(client, *(row(organization.identifier, size="2-24") for organization in others))
    assert queries(client, f"/sheets/{many.pk}/") - signed_in == 4


def test_checking_reads_many_rows_with_few_queries(client: Client, jane: User) -> None:
    others = OrganizationFactory.create_batch(120)
    for organization in others:
        RoleFactory(user=jane, organization=organization)

    def cost(number: int) -> int:
        rows = [row(organization.identifier, size="2-24") for organization in others[:number]]
        with CaptureQueriesContext(connection) as found:
            uploaded(client, *rows)
        return len(found)

    cost(1)
    assert cost(100) == cost(10)
