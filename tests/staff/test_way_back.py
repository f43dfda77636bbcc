"""From a list to a row, its deeds and back: filter, search and page stay as they were."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actors import official
from accounts.audit import record
from accounts.enums import AuditAction
from accounts.models import Message
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering
from tests.factories import DURING_2022, OrganizationFactory, UserFactory
from tests.registrations.enrolled import enroll
from tests.registrations.year_pages import INFORMATION
from tests.staff.deed_pages import REASON, DeedPage, deed_of
from tests.staff.pages import page_of

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
LIST = "/staff/registrations/enrollment/"
FILTERED = f"{LIST}?q=Lakeside&year=2022&p=2"


@pytest.fixture
def many(offerings: Offerings) -> None:
    """Two pages of registrations that the search finds."""
    for number in range(51):
        enroll(OrganizationFactory(name=f"Lakeside {number}"), offerings, [Product.CAHPS])


def links(html: str, start: str) -> list[str]:
    """The addresses of links that begin so."""
    return [unescape(found) for found in re.findall(rf'href="({re.escape(start)}[^"]*)"', html)]


def html_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().split("<main", 1)[-1]


def trail(answer: Any) -> list[str]:
    """The addresses in the page's breadcrumbs."""
    html = answer.content.decode().split('class="breadcrumbs"', 1)[1].split("</div>", 1)[0]
    return [unescape(found) for found in re.findall(r'href="([^"]+)"', html)]


def is_same(address: str, other: str) -> bool:
    """Whether two addresses have the same path and parameters, in any order."""
    path, _, query = address.partition("?")
    other_path, _, other_query = other.partition("?")
    return path == other_path and sorted(query.split("&")) == sorted(other_query.split("&"))


def test_row_leads_back_to_the_list_as_it_was_left(many: None, service_center: Client) -> None:
    (row,) = links(service_center.get(FILTERED).content.decode(), f"{LIST}{_last().pk}/change/")
    _, back = trail(service_center.get(row))
    assert is_same(back, FILTERED)


def test_deeds_keep_the_list_to_their_end(many: None, service_center: Client) -> None:
    (row,) = links(service_center.get(FILTERED).content.decode(), f"{LIST}{_last().pk}/change/")
    (deed,) = links(html_of(service_center, row), f"{LIST}{_last().pk}/end/")
    _, back, to_row = trail(service_center.get(deed))
    assert is_same(back, FILTERED)
    assert to_row == row
    assert f'class="closelink" href="{row.replace("&", "&amp;")}"' in html_of(service_center, deed)
    done = service_center.post(deed, {"reason": REASON})
    assert done.url == row
    assert is_same(trail(service_center.get(row))[1], FILTERED)


def test_parts_of_a_row_and_pages_of_its_history_keep_it(
    many: None, service_center: Client
) -> None:
    row, contact = _last(), Contact.objects.get(registration=_last().registration)
    jane = UserFactory()
    for _ in range(101):
        record(
            AuditAction.REGISTRATION_SAVED,
            actor=official(jane),
            organization_id=row.registration.organization_id,
            object_id=row.registration_id,
            size=["2-24", "25-99"],
        )
    kept = "_changelist_filters=q%3DLakeside%26p%3D2"
    html = html_of(service_center, f"{page_of(row)}?{kept}")
    (part,) = links(html, f"{LIST}{row.pk}/change-contact/")
    assert f"of={contact.pk}" in part
    assert kept in part
    older = links(html, "?")
    assert older
    assert all(kept in link and "page=" in link for link in older)
    assert html_of(service_center, f"{page_of(row)}{older[-1]}")


def test_row_that_was_not_come_to_by_a_list_leads_to_the_whole_list(
    many: None, service_center: Client
) -> None:
    assert trail(service_center.get(page_of(_last())))[1] == LIST


def test_row_of_another_list_does_not_get_this_ones_filters(
    offerings: Offerings, service_center: Client
) -> None:
    """Registering for an organization leads to the registration."""
    practice = OrganizationFactory()
    enroll(practice, offerings, [Product.CAHPS], **INFORMATION)
    deed = deed_of(practice, "register", offerings[Product.WEB_INTERFACE].pk)
    page = DeedPage(service_center, f"{deed}&_changelist_filters=kind__exact%3Dgroup").open()
    answer = service_center.post(page.address, {**page.values, "reason": REASON})
    assert answer.url == page_of(Enrollment.objects.get(offering=offerings[Product.WEB_INTERFACE]))


@pytest.mark.parametrize(
    "kept", ["%00", "//evil.example", "https%3A%2F%2Fevil.example%2F", "%22%3E%3Cscript%3E", "x=1"]
)
def test_way_back_stays_on_the_list_whatever_an_address_says(
    kept: str, offerings: Offerings, service_center: Client
) -> None:
    message = Message.objects.create(
        channel="email",
        to="a@example.org",
        subject="S",
        body="B",
        dedupe_key="1",
        due_at=DURING_2022,
    )
    start = reverse("admin:accounts_message_changelist")
    answer = service_center.get(f"{page_of(message)}?_changelist_filters={kept}")
    assert trail(answer)[1].partition("?")[0] == start
    assert "<script>" not in answer.content.decode().split("<main", 1)[-1].split("session-", 1)[0]


def test_page_of_a_list_deed_leads_back_to_the_list_with_its_filters(
    many: None, manager: Client
) -> None:
    for query in ("q=Lakeside&year=2022", "year=2022&p=2"):
        page = html_of(manager, f"{LIST}?{query}")
        export = f"{LIST}export/?{query}"
        assert f'href="{export}"' in page.replace("&amp;", "&")
        answer = manager.get(export)
        assert trail(answer)[1] == f"{LIST}?{query}"
        cancel = f'class="closelink" href="{LIST}?{query}">Cancel'
        assert cancel in answer.content.decode().replace("&amp;", "&")


def test_many_contacts_fold_on_the_page_of_a_registration(
    offerings: Offerings, service_center: Client
) -> None:
    """Fifty links to the same deed, and fifty rows, would hide everything else."""
    registration = enroll(OrganizationFactory(), offerings, [Product.CAHPS])
    row = registration.enrollments.get()
    few = html_of(service_center, page_of(row))
    assert "<details" not in few
    assert few.count("/change-contact/") == 1
    Contact.objects.bulk_create(
        Contact(registration=registration, position=n, first_name=f"N{n}", changed_by="x")
        for n in range(2, 51)
    )
    many = html_of(service_center, page_of(row))
    assert re.search(r"<summary>\s*Change a contact: one of 50\s*</summary>", many)
    assert re.search(r"<summary>\s*Show all 50\s*</summary>", many)
    assert many.count("/change-contact/") == 50
    assert not re.search(r"<ul[^>]*>\s*</ul>", many)
    outside = re.sub(r"<details.*?</details>", "", many, flags=re.DOTALL)
    assert "/change-contact/" not in outside
    assert "N33" not in outside


def _last() -> Enrollment:
    """The one on the second page."""
    return Enrollment.objects.order_by("pk")[0]
