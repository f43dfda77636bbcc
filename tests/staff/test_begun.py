"""What was begun and never registered: a list of a year and offering, the longest ago first."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Enrollment, Offering, Registration
from tests.factories import (
    DURING,
    DURING_2022,
    OfferingFactory,
    OrganizationFactory,
    YearFactory,
)
from tests.registrations.enrolled import begun, enroll, words
from tests.staff.files import ask, content_of, rows_of

pytestmark = pytest.mark.django_db
LIST = "/staff/registrations/registration/"
Offerings = dict[Product, Offering]


@pytest.fixture
def automatic(offerings: Offerings) -> Offering:
    """CAHPS in 2023, where registrations complete by themselves."""
    return OfferingFactory(year=YearFactory(year=2023))


@pytest.fixture
def rows(offerings: Offerings, automatic: Offering) -> None:
    """Begun in both years, and others that were registered or ended."""
    for number, name in enumerate(("Young Explicit", "Old Explicit")):
        registration = begun(OrganizationFactory(name=name), offerings, size="")
        started(registration, DURING_2022 - timedelta(days=number))
    enroll(OrganizationFactory(name="Registered"), offerings, [Product.CAHPS])
    enroll(OrganizationFactory(name="Ended"), offerings, [Product.CAHPS], status="cancelled")
    of_2023 = {Product.CAHPS: automatic}
    for number, (name, status) in enumerate(
        (("Old Incomplete", "incomplete"), ("Incomplete", "incomplete"), ("Done", "complete"))
    ):
        registration = begun(OrganizationFactory(name=name), of_2023)
        done = DURING if status == "complete" else None
        Enrollment.objects.create(
            registration=registration,
            offering=automatic,
            status=status,
            origin="official",
            completed_at=done,
        )
        started(registration, DURING + timedelta(days=number))


def started(registration: Registration, at: object) -> None:
    Registration.objects.filter(pk=registration.pk).update(started_at=at)


def listed(client: Client, **query: str) -> list[str]:
    answer = client.get(LIST, query)
    assert answer.status_code == 200
    return [row.organization.name for row in answer.context["cl"].result_list]


def test_nothing_that_is_or_was_registered_is_listed(reader: Client, rows: None) -> None:
    explicit, incomplete = ["Old Explicit", "Young Explicit"], ["Old Incomplete", "Incomplete"]
    assert listed(reader) == [*explicit, *incomplete]
    assert listed(reader, year="2022") == explicit
    assert listed(reader, year="2022", product="web_interface") == explicit
    assert listed(reader, year="2023", product="cahps") == incomplete
    assert listed(reader, year="2023", product="web_interface") == []
    assert listed(reader, size="none") == explicit
    assert listed(reader, q="old") == ["Old Explicit", "Old Incomplete"]


def test_all_of_them_are_exported_however_many(manager: Client, offerings: Offerings) -> None:
    organizations = Organization.objects.bulk_create(OrganizationFactory.build_batch(1_002))
    Registration.objects.bulk_create(
        Registration(
            organization=organization,
            year=offerings[Product.CAHPS].year,
            started_at=DURING_2022,
            changed_at=DURING_2022,
            changed_by="Jane Doe",
            name=organization.name,
        )
        for organization in organizations
    )
    html = manager.get(LIST, {"year": "2022"}).content.decode()
    assert f'href="{LIST}export/?year=2022"' in html
    assert "of more than 1,000" in words(html)
    assert "Begun registrations 1,002" in words(manager.get(f"{LIST}export/").content.decode())
    rows = rows_of(content_of(ask(manager, f"{LIST}export/?year=2022", file="csv")))
    assert len({row["identifier"] for row in rows}) == 1_002


def test_file_has_the_rows_of_the_list_in_its_order(manager: Client, rows: None) -> None:
    for query in ({}, {"year": "2023", "product": "cahps"}, {"size": "none"}, {"q": "old"}):
        address = f"{LIST}export/?{urlencode(query)}"
        found = rows_of(content_of(ask(manager, address, file="csv")))
        assert [row["name"] for row in found] == listed(manager, **query)


def test_overview_leads_to_it(reader: Client, rows: None) -> None:
    html = reader.get("/staff/", {"year": "2022"}).content.decode()
    assert f'href="{LIST}?year=2022"' in html
    text = words(html)
    assert "Begun the longest ago, and not registered Old Explicit , started June 1, 2022" in text
    assert "Registered , started" not in text
    html = reader.get("/staff/", {"year": "2023"}).content.decode()
    assert "Old Incomplete , started June 2, 2023" in words(html)
    assert f'href="{LIST}?year=2023"' in html


def test_page_of_one_tells_how_far_it_came_and_leads_on(reader: Client, rows: None) -> None:
    row = Registration.objects.get(organization__name="Old Explicit")
    text = words(reader.get(f"{LIST}{row.pk}/change/").content.decode())
    assert "Size Not chosen" in text
    assert "CMS Web Interface Not started CAHPS for MIPS Survey Not started" in text
    assert "Daniel Okafor ***@example.org" in text
    row = Registration.objects.get(organization__name="Incomplete")
    html = reader.get(f"{LIST}{row.pk}/change/").content.decode()
    enrollment = row.enrollments.get()
    assert f'href="/staff/registrations/enrollment/{enrollment.pk}/change/"' in html
    assert "CAHPS for MIPS Survey Incomplete" in words(html)


def test_page_leads_to_where_it_goes_on(
    service_center: Client, reader: Client, rows: None, offerings: Offerings
) -> None:
    row = Registration.objects.get(organization__name="Old Explicit")
    page = f"{LIST}{row.pk}/change/"
    register = f"/staff/organizations/organization/{row.organization_id}/register/?of="
    assert register not in reader.get(page).content.decode()
    html = service_center.get(page).content.decode()
    for offering in offerings.values():
        assert f'href="{register}{offering.pk}"' in html
        assert service_center.get(f"{register}{offering.pk}").status_code == 200
    assert html.count(register) == 2
    row = Registration.objects.get(organization__name="Incomplete")
    html = service_center.get(f"{LIST}{row.pk}/change/").content.decode()
    assert "Complete the registration for 2023 CAHPS for MIPS Survey" in html
    assert "/register/" not in html
