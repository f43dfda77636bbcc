"""The list: tabs, figures, search, filter, order, pages (2023 guide, III.7, VI, VII)."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.models import Offering
from tests.factories import (
    ApmEntityFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage

PRACTICES = "/registration/2023/cahps/practices/"


def names(html: str) -> list[str]:
    return re.findall(r"<h3>([^<]+)</h3>", html)


@pytest.fixture
def client(june: object, offering: Offering, jane: User, sign_in: Callable) -> Client:
    return sign_in(jane)


def give(user: User, *organizations: Organization, name: str = "security_official") -> None:
    for organization in organizations:
        RoleFactory(user=user, organization=organization, name=name)


def test_only_tabs_of_kinds_the_person_has(client: Client, jane: User) -> None:
    give(jane, OrganizationFactory(), OrganizationFactory(), ApmEntityFactory())
    VirtualGroupFactory()
    answer = client.get("/registration/2023/cahps/")
    assert answer.url == "/registration/2023/cahps/apm-entities/"
    html = client.get(answer.url).content.decode()
    assert "APM Entities (1)" in html
    assert "Practices (2)" in html
    assert "Virtual Groups" not in html


def test_tab_the_person_has_not_leads_to_the_first_one(client: Client, jane: User) -> None:
    give(jane, OrganizationFactory())
    assert client.get("/registration/2023/cahps/virtual-groups/", follow=True).redirect_chain[-1][
        0
    ] == (PRACTICES)


def test_person_without_a_role_reads_how_to_get_one(client: Client) -> None:
    html = client.get("/registration/2023/cahps/").content.decode()
    assert "Security Official role" in html
    assert "/help/#role" in html


def test_figures_count_each_status_and_automatic_ones_as_complete(
    client: Client, jane: User, start: Callable[[User, Organization], RegisterPage]
) -> None:
    first, second, third = (ApmEntityFactory() for _ in range(3))
    aco = ApmEntityFactory()
    ParticipationFactory(organization=aco, shared_savings_program=True)
    give(jane, first, second, third, aco)
    start(jane, first).type(size="2-24", **CONTACT).save()
    start(jane, second)
    html = client.get("/registration/2023/cahps/apm-entities/").content.decode()
    figures = html.split("facts-line")[1].split("</ul>")[0]
    counts = re.findall(r"<strong>(\d+)</strong> ([a-z ]+)", figures)
    assert counts == [("1", "not started"), ("1", "incomplete"), ("2", "complete")]
    assert "28 days left" in html
    assert "June 30, 2023 at 8:00 p.m. ET" in html


def test_incomplete_first_then_not_started_then_complete_each_by_name(
    client: Client, jane: User, start: Callable[[User, Organization], RegisterPage]
) -> None:
    made = {name: OrganizationFactory(name=name) for name in ("Alder", "Birch", "Cedar", "dogwood")}
    give(jane, *made.values())
    start(jane, made["Alder"]).type(size="2-24", **CONTACT).save()
    start(jane, made["dogwood"])
    html = client.get(PRACTICES).content.decode()
    assert names(html) == ["dogwood", "Birch", "Cedar", "Alder"]
    assert "Missing: Organization Size and one complete contact" in html


def test_filter_by_status(
    client: Client, jane: User, start: Callable[[User, Organization], RegisterPage]
) -> None:
    made = {name: OrganizationFactory(name=name) for name in ("Alder", "Birch", "Cedar")}
    give(jane, *made.values())
    start(jane, made["Alder"]).type(size="2-24", **CONTACT).save()
    start(jane, made["Birch"])
    for status, expected in (
        ("complete", ["Alder"]),
        ("incomplete", ["Birch"]),
        ("not_started", ["Cedar"]),
    ):
        answer = client.post(f"{PRACTICES}search/", {"text": "", "status": status}, follow=True)
        assert names(answer.content.decode()) == expected


def test_search_by_part_of_the_name_in_any_case(client: Client, jane: User) -> None:
    give(jane, OrganizationFactory(name="Étoile Clinic"), OrganizationFactory(name="Other"))
    answer = client.post(f"{PRACTICES}search/", {"text": "éTOILE", "status": ""}, follow=True)
    assert names(answer.content.decode()) == ["Étoile Clinic"]
    assert 'value="éTOILE"' in answer.content.decode()


@pytest.mark.parametrize("typed", ["00-0765630", "000765630", " 00-0765630 "])
def test_search_by_tin_finds_the_practice_and_the_tin_is_in_no_address(
    client: Client, jane: User, practice: Organization, typed: str
) -> None:
    give(jane, OrganizationFactory())
    answer = client.post(f"{PRACTICES}search/", {"text": typed, "status": ""})
    assert answer.url == f"{PRACTICES}?organization={practice.pk}"
    assert names(client.get(answer.url).content.decode()) == ["Better Business Health"]


def test_tin_of_somebody_elses_practice_is_answered_like_an_unknown_one(
    client: Client, jane: User, practice: Organization
) -> None:
    foreign = OrganizationFactory(identifier="001234567")
    RoleFactory(organization=foreign)
    for typed in ("00-1234567", "00-7654321"):
        answer = client.post(f"{PRACTICES}search/", {"text": typed, "status": ""})
        assert answer.status_code == 422
        html = answer.content.decode()
        assert "None of your practices has this TIN." in html
        assert f'value="{typed}"' in html


def test_half_a_tin_is_told_so(client: Client, practice: Organization) -> None:
    answer = client.post(f"{PRACTICES}search/", {"text": "00-0765", "status": ""})
    assert "Enter all nine digits of the TIN, or part of the name." in answer.content.decode()


def test_nothing_found_offers_a_way_back(client: Client, practice: Organization) -> None:
    html = client.get(f"{PRACTICES}?q=nowhere").content.decode()
    assert "None of your Practices match." in html
    assert f'href="{PRACTICES}"' in html


def test_pages_of_25_keep_the_filter(client: Client, jane: User) -> None:
    give(jane, *(OrganizationFactory(name=f"Clinic {n:02}") for n in range(60)))
    html = client.get(f"{PRACTICES}?q=clinic&page=2").content.decode()
    assert len(names(html)) == 25
    assert names(html)[0] == "Clinic 25"
    assert "Showing 26–50 of 60" in html
    assert "?q=clinic&amp;page=3" in html


def test_staff_user_sees_the_list_without_buttons(
    june: object, offering: Offering, sign_in: Callable, practice: Organization
) -> None:
    person = UserFactory()
    give(person, practice, name="staff_user")
    html = sign_in(person).get(PRACTICES).content.decode()
    assert "Better Business Health" in html
    assert "Your role: Staff User" in html
    assert "Register Group for CAHPS" not in html


def test_organizations_of_others_are_not_on_the_list(
    client: Client, practice: Organization
) -> None:
    RoleFactory(organization=OrganizationFactory(name="Foreign Clinic"))
    assert names(client.get(PRACTICES).content.decode()) == ["Better Business Health"]
