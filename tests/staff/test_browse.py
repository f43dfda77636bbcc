"""What staff finds: searching, filters, and all of a registration on one page."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts import audit
from accounts.actors import official, operations
from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Enrollment, Offering, PerformanceYear, WindowExtension
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.enrolled import begun, enroll, words
from tests.staff.pages import list_of, page_of

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]


def told(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return words(answer.content.decode())


def found(client: Client, **query: str) -> set[str]:
    """The organizations on the list of registrations."""
    answer = client.get(list_of(Enrollment), query)
    assert answer.status_code == 200
    return {row.registration.organization.name for row in answer.context["cl"].result_list}


@pytest.fixture
def harbor(offerings: Offerings) -> Enrollment:
    """Harbor Medical, registered for the survey, with the contact Zoë Okafor."""
    practice = OrganizationFactory(name="Harbor Medical", identifier="000765630", state="WA")
    registration = enroll(practice, offerings, [Product.CAHPS], contacts=["Zoë"])
    return registration.enrollments.get()


@pytest.fixture
def lakeside(offerings: Offerings) -> Enrollment:
    """Lakeside Group, a virtual group whose registration calls it otherwise, for both."""
    group = VirtualGroupFactory(name="Lakeside Group")
    registration = enroll(
        group, offerings, size="100+", name="Øst Shore", contacts=["Ana"], status="cancelled"
    )
    return registration.enrollments.order_by("pk")[0]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("harbor", {"Harbor Medical"}),
        ("HARBOR  med", {"Harbor Medical"}),
        ("medical", set()),
        ("Øst", {"Lakeside Group"}),
        ("zoë", {"Harbor Medical"}),
        ("Zoë okaf", {"Harbor Medical"}),
        ("okafor", {"Harbor Medical", "Lakeside Group"}),
        ("219043", {"Harbor Medical"}),
        ("219044", {"Lakeside Group"}),
        ("219045", set()),
        ("%", set()),
    ],
)
def test_registration_is_found_by_names_and_registration_id(
    text: str, names: set[str], reader: Client, harbor: Enrollment, lakeside: Enrollment
) -> None:
    assert found(reader, q=text) == names


@pytest.mark.parametrize(
    ("name", "value", "names"),
    [
        ("year", "2022", {"Harbor Medical", "Lakeside Group"}),
        ("year", "2023", set()),
        ("product", "web_interface", {"Lakeside Group"}),
        ("kind", "group", {"Harbor Medical"}),
        ("size", "100+", {"Lakeside Group"}),
        ("status__exact", "complete", {"Harbor Medical"}),
        ("origin__exact", "automatic", set()),
    ],
)
def test_registrations_are_filtered_also_what_a_search_finds(
    name: str,
    value: str,
    names: set[str],
    reader: Client,
    harbor: Enrollment,
    lakeside: Enrollment,
) -> None:
    assert found(reader, **{name: value}) == names
    assert found(reader, q="okafor", **{name: value}) == names


def test_newest_stands_first_and_the_time_of_the_change_sorts(
    reader: Client, harbor: Enrollment, lakeside: Enrollment
) -> None:
    harbor.registration.changed_at = DURING_2022 + timedelta(minutes=1)
    harbor.registration.save()

    def order(**query: str) -> list[str]:
        rows = reader.get(list_of(Enrollment), query).context["cl"].result_list
        return [row.registration.organization.name for row in rows]

    assert order() == ["Lakeside Group", "Lakeside Group", "Harbor Medical"]
    assert order(o="-8") == ["Harbor Medical", "Lakeside Group", "Lakeside Group"]
    assert order(o="8")[0] == "Lakeside Group"
    assert order(o="1") == order()  # no index serves the name


def test_everything_about_a_registration_stands_on_its_page(
    service_center: Client, casey: User, harbor: Enrollment, offerings: Offerings
) -> None:
    registration = harbor.registration
    organization = registration.organization
    ParticipationFactory(
        organization=organization, performance_year=2022, shared_savings_program=True
    )
    WindowExtension.objects.create(
        organization=organization,
        offering=harbor.offering,
        until=CLOSES_2022 + timedelta(days=3),
        reason="Flood",
        granted_by="Casey Moreau",
        granted_at=DURING_2022,
    )
    audit.record(
        AuditAction.REGISTRATION_CONFIRMED,
        actor=operations("by phone"),
        organization_id=organization.pk,
        object_id=registration.pk,
    )
    page = told(service_center, page_of(harbor))
    for text in (
        "Harbor Medical: 2022 CAHPS for MIPS Survey",
        "Kind Group",
        "TIN 00-0765630",
        "Registration ID 219043",
        "Status Complete",
        "Size 25-99",
        "Shared Savings Program Yes",
        "Started June 2, 2022 at 2:31 p.m. ET",
        "Completed June 2, 2022 at 2:31 p.m. ET",
        "Registration is open until Sunday, July 3, 2022 at 8:00 p.m. ET.",
        "Until July 3, 2022 at 8:00 p.m. ET by Casey Moreau: Flood",
        "Sampling result None yet",
        "CMS Web Interface Not started",
        "Zoë Okafor zoë.okafor@example.org (202) 555-0123, ext. 14 Yes",
        "Operations (System) confirmed the details that were carried over",
        "Reason: by phone",
        "None were written.",
    ):
        assert text in page, text


def test_incomplete_registration_tells_what_is_missing(reader: Client, harbor: Enrollment) -> None:
    harbor.status, harbor.completed_at = "incomplete", None
    harbor.save()
    harbor.registration.contacts.all().delete()
    assert "Still missing Address, City, State, ZIP code, one complete contact" in told(
        reader, page_of(harbor)
    )


def test_year_has_its_other_offering_with_a_link(reader: Client, lakeside: Enrollment) -> None:
    other = Enrollment.objects.exclude(pk=lakeside.pk).get()
    html = reader.get(page_of(lakeside)).content.decode()
    assert f'href="{page_of(other)}"' in html
    assert f'href="{page_of(lakeside.registration.organization)}"' in html


def test_reader_sees_contacts_masked(reader: Client, manager: Client, harbor: Enrollment) -> None:
    page = told(reader, page_of(harbor))
    assert "***@example.org ***-***-0123" in page
    assert "okafor@" not in page
    assert "zoë.okafor@example.org" in told(manager, page_of(harbor))


def test_organization_tells_its_participation_registrations_people_and_history(
    manager: Client, lakeside: Enrollment
) -> None:
    organization = lakeside.registration.organization
    jane = UserFactory(first_name="Jane", last_name="Doe")
    RoleFactory(user=jane, organization=organization)
    ParticipationFactory(
        organization=organization, performance_year=2022, approved=True, size="100+"
    )
    audit.record(
        AuditAction.ROLE_GRANTED,
        actor=operations("by letter"),
        organization_id=organization.pk,
        object_id=jane.pk,
        role="security_official",
        before="",
    )
    html = manager.get(page_of(organization)).content.decode()
    page = words(html)
    assert "2022 Yes No 100 or greater" in page
    assert "2022 CMS Web Interface Not registered Security Official 100 or greater" in page
    assert f"Jane Doe {jane.user_id} Security Official" in page
    assert "Operations (System) gave Jane Doe the role Security Official" in page
    assert f'href="{page_of(jane)}"' in html
    assert f'href="{page_of(lakeside)}"' in html


def test_what_was_begun_and_never_registered_is_on_the_organizations_page(
    reader: Client, offerings: dict[Product, Offering]
) -> None:
    practice = OrganizationFactory(name="Lakeside")
    begun(practice, offerings, size="25-99", contacts=("Daniel", "Ada"))
    text = told(reader, page_of(practice))
    assert "Begun, and not registered for anything" in text
    assert "2022 25-99 2 June 2, 2022 at 2:31 p.m. ET" in text


def test_organizations_are_found_by_beginning_state_and_registration_id(
    reader: Client, harbor: Enrollment, lakeside: Enrollment
) -> None:
    def names(**query: str) -> list[str]:
        rows = reader.get(list_of(Organization), query).context["cl"].result_list
        return [row.name for row in rows]

    assert names() == ["Harbor Medical", "Lakeside Group"]
    assert names(q="har") == names(state="WA") == names(q="219043") == ["Harbor Medical"]
    assert names(kind__exact="virtual_group") == names(q="LAKE") == ["Lakeside Group"]


def test_list_of_many_shows_the_first_thousand_and_says_so(reader: Client, db: None) -> None:
    Organization.objects.bulk_create(
        OrganizationFactory.build(name=f"Many {place:04}", search_name=f"many {place:04}")
        for place in range(1_001)
    )
    page = told(reader, list_of(Organization))
    assert "50 of more than 1,000 organizations. To see others, filter the list or search." in page
    assert "Many 0999" in told(reader, list_of(Organization), p="20")
    assert reader.get(list_of(Organization), {"p": "21"}).status_code == 302
    assert "11 organizations." not in told(reader, list_of(Organization), q="many 000")
    assert "10 organizations." in told(reader, list_of(Organization), q="many 000")


def test_empty_list_says_so(reader: Client, db: None) -> None:
    assert "No registrations." in told(reader, list_of(Enrollment))


def test_staff_is_told_where_subgroups_and_mvps_are(reader: Client, offerings: Offerings) -> None:
    year = PerformanceYear.objects.get()
    lists = [list_of(model) for model in (Enrollment, Organization, PerformanceYear)]
    for address in ("/staff/", *lists, page_of(year)):
        assert "Subgroups and MVP registrations aren’t kept here." in told(reader, address)


def test_year_counts_its_registrations_and_leads_to_each_list(
    reader: Client, harbor: Enrollment, lakeside: Enrollment
) -> None:
    answer = reader.get(page_of(harbor.offering)).content.decode()
    query = "year=2022&amp;product=cahps&amp;status__exact=complete&amp;origin__exact=official"
    assert f'{query}">1</a>' in answer
    assert query in reader.get(page_of(PerformanceYear.objects.get())).content.decode()


# --- The audit ----------------------------------------------------------------------------------


@pytest.fixture
def jane(db: None) -> User:
    return UserFactory(user_id="jane.doe.1", first_name="Jane", last_name="Doe")


def record(number: int, jane: User, **more: object) -> None:
    for _ in range(number):
        audit.record(AuditAction.REGISTRATION_CONFIRMED, actor=official(jane), **more)


def test_audit_is_turned_to_its_beginning(manager: Client, june_2022: object, jane: User) -> None:
    record(120, jane)
    keys: list[int] = []
    query = ""
    while True:
        listed = manager.get(f"{list_of(AuditEvent)}{query}").context["cl"]
        keys += [row.pk for row in listed.result_list]
        if not listed.older:
            break
        query = listed.older
    assert keys == sorted(keys, reverse=True)
    assert keys == list(AuditEvent.objects.order_by("-pk").values_list("pk", flat=True))
    assert listed.newest == "?"


def test_audit_is_found_by_registration_id_person_and_keys(
    manager: Client, harbor: Enrollment, jane: User
) -> None:
    organization = harbor.registration.organization
    record(2, jane)
    record(1, jane, organization_id=organization.pk, about=harbor.registration.pk)

    def number(text: str) -> int:
        return len(manager.get(list_of(AuditEvent), {"q": text}).context["cl"].result_list)

    assert number("JANE.doe.1") == number(str(jane.pk)) == 3
    assert number("219043") == number(str(organization.pk)) == 1
    assert number(str(harbor.registration.pk)) == 1
    assert number("219044") == number("nobody.1") == 0


def test_audit_is_filtered_and_tells_before_and_after(
    manager: Client, june_2022: object, jane: User
) -> None:
    audit.record(AuditAction.CODE_REFUSED, actor=official(jane))
    audit.record(
        AuditAction.YEAR_ADDED, actor=operations("the season"), size=["", "25-99"], year=2022
    )

    def actions(**query: str) -> set[str]:
        rows = manager.get(list_of(AuditEvent), query).context["cl"].result_list
        return {row.action for row in rows} - {"rights.synced"}

    assert actions(action="year.added") == actions(actor_kind__exact="system") == {"year.added"}
    assert actions(outcome="refused") == {"code.refused"}
    assert "year.added" in actions(days="1")
    page = told(manager, page_of(AuditEvent.objects.get(action="year.added")))
    assert "Who Operations" in page
    assert "Reason the season" in page
    assert "Size empty 25-99" in page
    assert "Year 2022" in page


@pytest.mark.parametrize("who", ["reader", "service_center"])
def test_audit_is_for_those_who_may_read_it(who: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    assert client.get(list_of(AuditEvent)).status_code == 403
    assert "audit events" not in told(client, "/staff/").casefold()


# --- What never stands in an address ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("000765630", "00-0765630", "TIN 00-0765630", "00\u20130765630", "00.0765630."),
        *("TIN 00-0765630 Smith", "a@example.org"),
    ],
)
def test_tin_or_mail_is_refused_before_it_stands_in_an_address(
    text: str, reader: Client, harbor: Enrollment
) -> None:
    answer = reader.post(list_of(Enrollment), {"q": text, "year": "2022"})
    assert (answer.status_code, answer.url) == (302, f"{list_of(Enrollment)}?year=2022")
    assert "Look up the caller instead." in told(reader, answer.url)
    assert reader.get(list_of(Enrollment), {"q": text}).url == f"{list_of(Enrollment)}?e=1"


def test_a_rows_key_is_no_tin_though_it_may_have_nine_digits(manager: Client) -> None:
    for text in ("12345678-9123-4567-8912-345678912345", "12345678-9ABC-4def-8912-345678912345"):
        assert manager.get(list_of(AuditEvent), {"q": text}).status_code == 200


def test_search_is_sent_and_leads_to_what_it_finds(reader: Client, harbor: Enrollment) -> None:
    html = reader.get(list_of(Enrollment), {"year": "2022"}).content.decode()
    form = html.partition('id="changelist-search"')[2].partition("</form>")[0]
    assert 'method="post"' in form
    assert '<input type="hidden" name="year" value="2022">' in form
    answer = Client(enforce_csrf_checks=True)
    answer.cookies = reader.cookies
    assert answer.post(list_of(Enrollment), {"q": "harbor"}).status_code == 403
    sent = reader.post(list_of(Enrollment), {"q": "harbor", "year": "2022"})
    assert sent.url == f"{list_of(Enrollment)}?q=harbor&year=2022"
    assert "Harbor Medical" in told(reader, sent.url)


def test_people_are_found_by_the_beginning_of_user_id_and_name(manager: Client, jane: User) -> None:
    UserFactory(user_id="john.roe.1", first_name="John", last_name="Janeway")

    def people(text: str) -> set[str]:
        rows = manager.get(list_of(User), {"q": text}).context["cl"].result_list
        return {row.user_id for row in rows}

    assert people("JANE.D") == people("doe") == people("Jane  Do") == {"jane.doe.1"}
    assert people("jane") == {"jane.doe.1", "john.roe.1"}
    assert people("oe") == people("%") == set()
