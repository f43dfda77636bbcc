"""The Registration Overview as a list: tabs, search, filter, pages (2022 guide, IV to VI)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.enums import Product
from tests.factories import (
    DURING_2022,
    ApmEntityFactory,
    OfferingFactory,
    OrganizationFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.enrolled import Offerings, enroll, give, item, names, offer, words
from tests.registrations.lists.overview_page import BETTER, CAHPS, ENTITIES, OVERVIEW, WEB, page


@pytest.fixture
def client(
    june_2022: object, offerings: Offerings, jane: User, sign_in: Callable[[User], Client]
) -> Client:
    return sign_in(jane)


def test_total_and_figures_of_the_tab(client: Client, jane: User, offerings: Offerings) -> None:
    made = [OrganizationFactory() for _ in range(4)]
    give(jane, *made, ApmEntityFactory())
    enroll(made[0], offerings)
    enroll(made[1], offerings, [Product.CAHPS])
    enroll(made[2], offerings, status="cancelled")
    text = words(page(client))
    assert "4 organizations total" in text
    assert "1 registered for CMS Web Interface" in text
    assert "2 registered for CAHPS" in text
    assert "2 not registered" in text
    assert "Practices (4)" in text
    assert "1 organization total" in words(page(client, ENTITIES))


def test_first_tab_is_one_that_the_person_has(client: Client, jane: User) -> None:
    give(jane, OrganizationFactory())
    assert client.get("/registration/2022/overview/").url == OVERVIEW
    assert client.get(ENTITIES, follow=True).redirect_chain[-1][0] == OVERVIEW


def test_person_without_a_role_reads_how_to_get_one(client: Client) -> None:
    text = words(page(client, "/registration/2022/overview/"))
    assert "You aren’t connected to an organization yet" in text


def test_year_that_completes_by_itself_has_no_overview(client: Client) -> None:
    OfferingFactory()
    for year in (2023, 2021):
        assert client.get(f"/registration/{year}/overview/practices/").status_code == 404
    assert client.get("/registration/2022/cahps/practices/").status_code == 404


def test_filter_by_what_is_registered(client: Client, jane: User, offerings: Offerings) -> None:
    made = {name: OrganizationFactory(name=name) for name in ("Alder", "Birch", "Cedar")}
    give(jane, *made.values())
    enroll(made["Alder"], offerings)
    enroll(made["Birch"], offerings, [Product.CAHPS])
    for status, expected in (
        ("", ["Alder", "Birch", "Cedar"]),
        ("web_interface", ["Alder"]),
        ("cahps", ["Alder", "Birch"]),
        ("not_registered", ["Cedar"]),
    ):
        answer = client.post(f"{OVERVIEW}search/", {"text": "", "status": status}, follow=True)
        assert names(answer.content.decode()) == expected


def test_search_by_either_name_and_by_tin_which_stays_out_of_the_address(
    client: Client, jane: User, practice: Organization, offerings: Offerings
) -> None:
    give(jane, OrganizationFactory(name="Other"))
    enroll(practice, offerings, name="Renamed Health")
    for typed in ("RENAMED", "business"):
        answer = client.post(f"{OVERVIEW}search/", {"text": typed}, follow=True)
        assert names(answer.content.decode()) == ["Renamed Health"]
    answer = client.post(f"{OVERVIEW}search/", {"text": "00-0765630"})
    assert answer.url == f"{OVERVIEW}?organization={practice.pk}"
    html = page(client, answer.url)
    assert names(html) == ["Renamed Health"]
    assert "<details" in item(html, "Renamed Health")
    assert " open" in item(html, "Renamed Health").split("<details")[1].split(">")[0]
    answer = client.post(f"{OVERVIEW}search/", {"text": "00-1234567"})
    assert answer.status_code == 422
    assert "None of your practices has this TIN." in answer.content.decode()


def test_nothing_found_offers_a_way_back(client: Client, practice: Organization) -> None:
    html = page(client, f"{OVERVIEW}?q=nowhere")
    assert "None of your Practices match." in html
    assert f'href="{OVERVIEW}"' in html


def test_pages_of_25_and_the_page_on_which_an_organization_stands(
    client: Client, jane: User
) -> None:
    made = [OrganizationFactory(name=f"Clinic {n:02}") for n in range(60)]
    give(jane, *made)
    html = page(client, f"{OVERVIEW}?q=clinic&page=2")
    assert names(html) == [f"Clinic {n:02}" for n in range(25, 50)]
    assert "?q=clinic&amp;page=3" in html
    html = page(client, f"{OVERVIEW}?at={made[51].pk}")
    assert names(html)[0] == "Clinic 50"
    assert " open" in item(html, "Clinic 51").split("<details")[1].split(">")[0]
    assert names(page(client, f"{OVERVIEW}?at=nonsense"))[0] == "Clinic 00"


def test_other_years_can_be_read_from_here(client: Client, practice: Organization) -> None:
    OfferingFactory()
    html = page(client)
    years = html.split('aria-label="Performance year"')[1].split("</nav>")[0]
    assert 'href="/registration/2023/cahps/"' in years
    assert 'href="/registration/2022/overview/"' in years
    back = page(client, "/registration/2023/cahps/")
    assert 'href="/registration/2022/overview/"' in back.split('"Performance year"')[1]


def test_organizations_of_others_are_not_there(client: Client, practice: Organization) -> None:
    give(UserFactory(), OrganizationFactory(name="Foreign Clinic"))
    assert names(page(client)) == [BETTER]


def test_year_with_one_offering_shows_one(
    client: Client, jane: User, practice: Organization
) -> None:
    year = YearFactory(year=2021, completion="explicit")
    offering = OfferingFactory(year=year, opens_at=DURING_2022 - timedelta(days=1))
    enroll(practice, {Product.CAHPS: offering}, [Product.CAHPS])
    html = page(client, "/registration/2021/overview/practices/")
    assert "Registered" in offer(html, BETTER, CAHPS)
    assert WEB not in html
