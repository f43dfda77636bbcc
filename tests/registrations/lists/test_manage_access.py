"""Manage Access: Connected Organizations and their users (2022 guide, III.4 to III.6)."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Offering, ResourceLink
from tests.factories import (
    CLOSES_2022,
    ApmEntityFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)
from tests.registrations.counting import takes
from tests.registrations.enrolled import Offerings, enroll, give, item, names, words

PRACTICES = "/manage-access/practices/"
BETTER = "Better Business Health"
SignIn = Callable[[User], Client]


@pytest.fixture
def offerings(db: None) -> dict[Product, Offering]:
    return explicit_year()


@pytest.fixture
def client(june_2022: object, offerings: Offerings, jane: User, sign_in: SignIn) -> Client:
    return sign_in(jane)


def page(client: Client, path: str = PRACTICES) -> str:
    return client.get(path, follow=True).content.decode()


def box(html: str) -> str:
    return " ".join(
        html.split('aria-labelledby="year-box"')[1].split("</section>", maxsplit=1)[0].split()
    )


def test_left_navigation_leads_to_connected_organizations(
    client: Client, practice: Organization
) -> None:
    menu = client.get("/home/").content.decode().split('id="menu"')[1].split("</nav>")[0]
    assert "Manage Access" in menu.split('href="/manage-access/"')[1].split("</a>")[0]
    answer = client.get("/manage-access/", follow=True)
    assert answer.redirect_chain[-1][0] == PRACTICES
    assert "<h1>Connected Organizations</h1>" in answer.content.decode()


def test_count_is_the_heading_of_each_kind(client: Client, jane: User) -> None:
    give(jane, *(OrganizationFactory() for _ in range(4)), ApmEntityFactory())
    html = page(client)
    assert ">4 Practices</h2>" in html
    assert "APM Entities (1)" in html
    assert ">1 APM Entity</h2>" in page(client, "/manage-access/apm-entities/")
    answer = client.get("/manage-access/virtual-groups/", follow=True)
    assert answer.redirect_chain[-1][0] == "/manage-access/apm-entities/"


def test_organization_shows_where_it_stands_and_leads_to_its_registration(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    enroll(
        practice,
        offerings,
        [Product.WEB_INTERFACE],
        address1="123 Better Health Way",
        city="Baltimore",
        state="MD",
        zip_code="21239",
    )
    RoleFactory(organization=practice, name="staff_user")
    RoleFactory(organization=practice, user=UserFactory(is_active=False))
    row = item(page(client), BETTER)
    text = words(row)
    assert "TIN 00-0765630 123 Better Health Way, Baltimore, MD 21239" in text
    assert "2 connected users View users" in text
    assert "CMS Web Interface: Registered" in text
    assert "CAHPS Survey: Not Registered" in text
    registered, not_registered = row.split("CAHPS Survey:")
    assert "status--complete" in registered
    assert "sprite.svg#check_circle" in registered
    assert "status--incomplete" in not_registered
    assert "sprite.svg#cancel" in not_registered
    assert "Edit registration of Better Business Health" in text
    assert "Your role Security Official" in text
    place = f"?at={practice.pk}#organization-{practice.pk}"
    assert f'href="/registration/2022/overview/practices/{place}"' in row


def test_box_leads_to_the_registration_and_to_how_to_register(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    html = box(page(client))
    assert "CMS Web Interface &amp; CAHPS Survey" in html
    assert "Edit Registration" in html.split('href="/registration/2022/overview/practices/"')[1]
    assert "Registration is open until Thursday, June 30, 2022 at 8:00 p.m. ET." in words(html)
    assert '<a href="/">Learn more about when and how to register</a>' in html
    assert "documents.example.org" not in html
    url = "https://documents.example.org/how"
    ResourceLink.objects.create(year_id=2022, purpose="how_to_register", url=url)
    expected = f'<a href="{url}">Learn more about when and how to register</a>'
    assert expected in box(page(client))


def test_without_the_role_nothing_is_edited_and_the_box_says_who_can(
    june_2022: object, offerings: Offerings, practice: Organization, sign_in: SignIn
) -> None:
    staff = UserFactory()
    give(staff, practice, name="staff_user")
    html = page(sign_in(staff))
    text = words(box(html))
    assert (
        "In order to edit registration for PY2022 CMS Web Interface or the CAHPS for MIPS Survey, "
        "you must be a Security Official at your practice." in text
    )
    assert "how to get the Security Official role" in text
    assert "Edit registration" not in html
    assert "Edit Registration" not in html
    assert "Your role Staff User" in words(item(html, BETTER))


def test_after_the_close_it_can_be_viewed(
    client: Client, practice: Organization, june_2022: object
) -> None:
    Offering.objects.update(closes_at=CLOSES_2022.replace(year=2022, month=5))
    html = page(client)
    assert "View Registration" in box(html)
    assert "Edit" not in words(item(html, BETTER))


def test_year_that_completes_by_itself_is_shown_alike(
    june: object, offering: Offering, jane: User, practice: Organization, sign_in: SignIn
) -> None:
    explicit_year()
    enroll(practice, {Product.CAHPS: offering}, [Product.CAHPS])
    html = page(sign_in(jane))
    assert 'href="/registration/2023/cahps/practices/"' in box(html)
    assert '<h3 id="year-box">CAHPS Survey</h3>' in box(html)
    row = item(html, BETTER)
    assert "CAHPS Survey: Registered" in words(row)
    assert f'href="/registration/2023/cahps/practices/?organization={practice.pk}"' in row


def test_without_a_year_the_organizations_are_there(
    june: object, jane: User, practice: Organization, sign_in: SignIn
) -> None:
    html = page(sign_in(jane))
    assert names(html) == [BETTER]
    assert "year-box" not in html


def test_person_without_an_organization_reads_how_to_get_a_role(client: Client) -> None:
    text = words(page(client, "/manage-access/"))
    assert "You aren’t connected to an organization yet" in text
    assert "How to get the Security Official role" in text


def test_search_and_pages(client: Client, jane: User, practice: Organization) -> None:
    give(jane, *(OrganizationFactory(name=f"Clinic {n:02}") for n in range(30)))
    assert names(page(client, f"{PRACTICES}?page=2")) == [f"Clinic {n:02}" for n in range(24, 30)]
    answer = client.post(f"{PRACTICES}search/", {"text": "better"}, follow=True)
    assert names(answer.content.decode()) == [BETTER]
    answer = client.post(f"{PRACTICES}search/", {"text": "00-0765630"})
    assert answer.url == f"{PRACTICES}?organization={practice.pk}"
    answer = client.post(f"{PRACTICES}search/", {"text": "00-1234567"})
    assert answer.status_code == 422
    assert "None of your practices has this TIN." in answer.content.decode()


def test_connected_users_are_listed_for_those_who_are_connected(
    client: Client, jane: User, practice: Organization, sign_in: SignIn
) -> None:
    staff = UserFactory(first_name="Stan", last_name="Abel", email="stan.abel@example.org")
    give(staff, practice, name="staff_user")
    gone = UserFactory(first_name="Gone", is_active=False)
    give(gone, practice)
    address = f"/manage-access/organizations/{practice.pk}/users/"
    for person in (client, sign_in(staff)):
        html = page(person, address)
        text = words(html.split("<tbody>")[1].split("</tbody>")[0])
        assert text.index("Jane Doe") < text.index("Security Official") < text.index("Stan Abel")
        assert "Stan Abel" in text
        assert "Staff User Since March" in text
        assert "Gone Example" in text
        assert text.count("Account disabled") == 1
        assert "example.org" not in html
    assert "Jane Doe (you)" in words(page(client, address))
    stranger = sign_in(UserFactory())
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 3, 150])
def test_lists_of_access_take_as_many_queries_with_1_3_and_150_organizations(
    june_2022: object, offerings: Offerings, sign_in: SignIn, number: int
) -> None:
    user = UserFactory(password="!")
    colleague = UserFactory(password="!")
    for _ in range(number):
        organization = OrganizationFactory()
        give(user, organization)
        give(colleague, organization)
    client = sign_in(user)
    for query in ("", "?page=2"):
        with takes(8):
            assert client.get(f"{PRACTICES}{query}").status_code == 200
    with takes(9):
        client.get(f"{PRACTICES}?q=practice")
    with takes(1):
        client.get("/manage-access/")
    with takes(6):
        client.get(f"/manage-access/organizations/{organization.pk}/users/")
