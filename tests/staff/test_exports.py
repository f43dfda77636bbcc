"""Export this list: what is shown, as a file, with a reason and an audit event."""

import hashlib
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from accounts.policy.rights import StaffGroup
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Offering
from tests.factories import OrganizationFactory, ParticipationFactory, UserFactory
from tests.registrations.enrolled import enroll, words
from tests.staff.files import (
    CAHPS_COMPLETE,
    IN_WORDS,
    ORGANIZATIONS,
    REGISTRATIONS,
    WRONG,
    ask,
    content_of,
    rows_of,
    sheets_of,
)

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]


@pytest.fixture
def practices(offerings: Offerings) -> None:
    """Better is registered for both, Lakeside for the survey, and Harbor's is cancelled."""
    better = OrganizationFactory(name="Better Business Health", identifier="000765630")
    ParticipationFactory(
        organization=better, performance_year=2022, shared_savings_program=True, size="25-99"
    )
    enroll(
        better,
        offerings,
        contacts=("Daniel", "Ada"),
        address1="1 Main St",
        city="Baltimore",
        state="MD",
        zip_code="02139",
    )
    enroll(
        OrganizationFactory(name="Lakeside"),
        offerings,
        [Product.CAHPS],
        origin="automatic",
        size="",
        contacts=(),
    )
    enroll(OrganizationFactory(name="Harbor"), offerings, [Product.CAHPS], status="cancelled")


def exports() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=AuditAction.LIST_EXPORTED).order_by("pk"))


def test_row_says_everything_of_a_registration(manager: Client, practices: None) -> None:
    rows = rows_of(content_of(ask(manager, f"{REGISTRATIONS}export/{CAHPS_COMPLETE}")))
    lakeside, better = rows  # the list has the newest first
    assert better == {
        "schema_version": "1",
        "performance_year": "2022",
        "offering": "cahps",
        "organization_kind": "group",
        "identifier": "00-0765630",
        "registration_id": "219043",
        "name": "Better Business Health",
        "address1": "1 Main St",
        "address2": "",
        "city": "Baltimore",
        "state": "MD",
        "zip_code": "02139",
        "size": "25 to 99",
        "status": "Complete",
        "origin": "Security Official",
        "started_utc": "2022-06-02T18:31:05Z",
        "started_eastern": "2022-06-02 14:31:05 ET",
        "completed_utc": "2022-06-02T18:31:05Z",
        "completed_eastern": "2022-06-02 14:31:05 ET",
        "cancelled_utc": "",
        "cancelled_eastern": "",
        "contacts": "2",
        "shared_savings_program": "yes",
        "to_add": "",
    }
    assert (lakeside["contacts"], lakeside["shared_savings_program"]) == ("0", "no")
    assert lakeside["to_add"] == (
        "Organization Size; Address; City; State; ZIP code; one complete contact"
    )


def test_contacts_have_a_row_each_and_only_complete_ones(manager: Client, practices: None) -> None:
    sent = {"file": "contacts"}
    rows = rows_of(content_of(ask(manager, f"{REGISTRATIONS}export/{CAHPS_COMPLETE}", **sent)))
    assert [
        (row["registration_id"], row["contact"], row["email"], row["phone"]) for row in rows
    ] == [
        ("219043", "1", "daniel.okafor@example.org", "(202) 555-0123"),
        ("219043", "2", "ada.okafor@example.org", "(202) 555-0123"),
    ]


def test_half_filled_contact_is_not_exported(manager: Client, offerings: Offerings) -> None:
    registration = enroll(OrganizationFactory(), offerings, contacts=("Daniel", "Ada"))
    registration.contacts.filter(first_name="Daniel").update(phone="")
    (row,) = rows_of(
        content_of(ask(manager, f"{REGISTRATIONS}export/{CAHPS_COMPLETE}", file="contacts"))
    )
    assert (row["contact"], row["first_name"]) == ("1", "Ada")


def test_spreadsheet_has_both_tables_and_every_cell_is_text(
    manager: Client, practices: None
) -> None:
    answer = ask(manager, f"{REGISTRATIONS}export/{CAHPS_COMPLETE}", file="xlsx")
    sheets = sheets_of(content_of(answer))
    assert list(sheets) == ["Registrations", "Contacts"]
    header, _lakeside, better = sheets["Registrations"]
    assert {"00-0765630", "02139", "219043"} <= set(better)
    assert header[0] == "schema_version"
    assert len(sheets["Contacts"]) == 3


def test_export_is_audited_once_with_filters_count_format_and_what_is_known_of_the_file(
    manager: Client, practices: None
) -> None:
    answer = ask(manager, f"{REGISTRATIONS}export/{CAHPS_COMPLETE}")
    content_of(answer)
    (event,) = exports()
    assert (event.reason, event.actor_kind) == ("Vendor asked", "staff")
    name = "registrations-20220602T183105Z.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert event.details == {
        "file": name,
        "format": "csv",
        "schema_version": "1",
        "rows": 2,
        "filters": IN_WORDS,
    }
    content = content_of(ask(manager, f"{REGISTRATIONS}export/", file="xlsx"))
    event = exports()[-1]
    assert event.details["sha256"] == hashlib.sha256(content).hexdigest()
    assert (event.details["rows"], event.details["filters"]) == (4, [])


def test_page_says_what_is_exported_before_it_is(manager: Client, practices: None) -> None:
    shown = words(manager.get(f"{REGISTRATIONS}{CAHPS_COMPLETE}").content.decode())
    assert "Export this list" in shown
    page = words(manager.get(f"{REGISTRATIONS}export/{CAHPS_COMPLETE}").content.decode())
    assert " ".join(IN_WORDS).replace(":", "") in page
    assert "2" in page.split("Status Complete")[1].split("File")[0]
    assert "None: the whole list" in manager.get(f"{REGISTRATIONS}export/").content.decode()
    assert exports() == []


def test_list_leads_to_the_page_with_its_own_filters(manager: Client, practices: None) -> None:
    query = f"{CAHPS_COMPLETE}&p=1"
    html = manager.get(f"{REGISTRATIONS}{query}").content.decode()
    assert f'href="{REGISTRATIONS}export/{query.replace("&", "&amp;")}"' in html
    content_of(ask(manager, f"{REGISTRATIONS}export/{query}"))
    content_of(ask(manager, f"{REGISTRATIONS}export/{CAHPS_COMPLETE}&p=77"))
    assert [event.details["filters"] for event in exports()] == [IN_WORDS, IN_WORDS]


def test_nothing_leaves_without_a_reason(manager: Client, practices: None) -> None:
    answer = ask(manager, f"{REGISTRATIONS}export/", reason=" ")
    assert answer.status_code == 422
    assert "Enter the reason." in answer.content.decode()
    assert exports() == []


@pytest.mark.parametrize("query", ["?registration__organization__identifier=000765630", "?x=1"])
def test_address_asks_for_nothing_that_the_list_does_not_offer(
    query: str, manager: Client, practices: None
) -> None:
    answer = ask(manager, f"{REGISTRATIONS}export/{query}")
    assert answer.status_code in {302, 400}
    assert exports() == []


def test_wrong_filter_leads_back_to_the_list_instead_of_exporting_all(
    manager: Client, practices: None
) -> None:
    answer = ask(manager, f"{REGISTRATIONS}export/{WRONG}")
    assert answer.url == f"{REGISTRATIONS}?e=1"
    assert exports() == []


def test_what_no_filter_says_in_words_narrows_nothing(manager: Client, practices: None) -> None:
    """Or a part would leave under the words *the whole list*."""
    for page in ("", "export/", "write/"):
        for query in ("?status__in=complete,incomplete", "?status__gte=c"):
            answer = manager.get(f"{REGISTRATIONS}{page}{query}")
            assert answer.url == f"{REGISTRATIONS}?e=1"


def test_organizations_have_their_years(manager: Client, practices: None) -> None:
    answer = ask(manager, f"{ORGANIZATIONS}export/?kind__exact=group", file="csv")
    rows = {row["name"]: row for row in rows_of(content_of(answer))}
    assert list(rows) == ["Better Business Health", "Harbor", "Lakeside"]
    assert rows["Better Business Health"]["participation"] == (
        "2022: Shared Savings Program, 25 to 99"
    )
    assert rows["Better Business Health"]["identifier"] == "00-0765630"
    assert exports()[0].details["filters"] == ["Kind: Group"]


@pytest.mark.parametrize("group", [StaffGroup.READER, StaffGroup.SERVICE_CENTER])
@pytest.mark.parametrize("address", [REGISTRATIONS, ORGANIZATIONS])
def test_others_of_staff_have_no_button_and_no_file(
    address: str, group: StaffGroup, sign_in: Callable[[User], Client], practices: None
) -> None:
    client = sign_in(UserFactory(staff_group=group))
    assert "Export this list" not in client.get(address).content.decode()
    assert client.get(f"{address}export/").status_code == 403
    assert ask(client, f"{address}export/").status_code == 403
    assert exports() == []


def test_export_needs_a_recent_proof(june_2022: object, manager: Client, practices: None) -> None:
    june_2022.shift(6 * 60)
    assert ask(manager, f"{REGISTRATIONS}export/").url.startswith("/confirm-identity/")
    assert exports() == []


def test_search_that_finds_more_than_the_list_shows_is_not_exported_in_part(
    manager: Client, offerings: Offerings
) -> None:
    Organization.objects.bulk_create(OrganizationFactory.build_batch(1_001))
    address = f"{ORGANIZATIONS}export/?q=invented"
    answer = ask(manager, address, file="csv")
    assert answer.url == f"{ORGANIZATIONS}?q=invented"
    page = manager.get(answer.url).content.decode()
    assert "The search finds more than a list shows." in page
    assert "Export this list" not in page
    assert exports() == []
    everything = ask(manager, f"{ORGANIZATIONS}export/", file="csv")
    assert len(rows_of(content_of(everything))) == 1_001
