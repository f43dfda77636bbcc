"""The public pages tell what the 2022 guide's sections I, II, VIII and IX tell, from the year's
data and by its offerings."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from registrations.models import Offering
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OfferingFactory,
    YearFactory,
    explicit_year,
)

pytestmark = pytest.mark.usefixtures("june_2022", "db")


def text_of(client: Client, path: str = "/") -> str:
    """What a person reads on the page."""
    html = client.get(path).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


@pytest.fixture
def page(client: Client) -> str:
    """The front page in the guide's year, while registration is open."""
    explicit_year()
    return text_of(client)


def test_front_page_tells_what_and_when(page: str) -> None:
    for sentence in (
        "Register for the 2022 CMS Web Interface and CAHPS for MIPS Survey",
        "submit quality data through the CMS Web Interface and/or to administer the",
        "Registration opens Friday, April 1, 2022 at 10:00 a.m. ET",
        "Registration closes Thursday, June 30, 2022 at 8:00 p.m. ET",
        "28 days left",
    ):
        assert sentence in page


def test_front_page_gives_the_definitions_without_subgroups(page: str) -> None:
    for sentence in (
        "Group A single Taxpayer Identification Number (TIN) with 2 or more eligible clinicians",
        "Virtual group A combination of 2 or more whole TINs",
        "as a virtual group for the 2022 performance year.",
        "Alternative Payment Model (APM) Entity The group of eligible clinicians",
    ):
        assert sentence in page
    assert "ubgroup" not in page


def test_front_page_says_who_can_register_for_the_web_interface(page: str) -> None:
    for sentence in (
        "open to groups, virtual groups, and APM Entities that have 25 or more clinicians",
        "reporting requirements under traditional MIPS",
        (
            "that submitted quality data through the CMS Web Interface for the 2021 performance "
            "period are automatically registered for the CMS Web Interface for the 2022"
        ),
        "Only Shared Savings Program Accountable Care Organizations (ACOs) can use the CMS Web",
        "Shared Savings Program ACOs are automatically registered for the CMS Web Interface.",
        "aren’t required to report quality data through the CMS Web Interface",
    ):
        assert sentence in page


def test_front_page_says_who_can_register_for_the_survey(page: str) -> None:
    for sentence in (
        "open to groups, virtual groups, and APM Entities with 2 or more eligible clinicians",
        "a required measure for groups and APM Entities reporting through the APP",
        "an optional measure for groups, virtual groups, and APM Entities reporting through",
        "1 of the 6 required quality measures",
        "improvement activity (IA_BE_6)",
        "improvement activity (IA_PSPA_11) was removed",
        "Advance registration is required for any group, virtual group, or APM Entity",
        "they’re automatically registered for the CAHPS for MIPS Survey",
    ):
        assert sentence in page


def test_front_page_says_for_whom_the_survey_is_most_appropriate(page: str) -> None:
    assert (
        "most appropriate for groups, virtual groups, and APM Entities that provide primary care"
        in page
    )


def test_front_page_says_whether_data_must_be_submitted(page: str) -> None:
    for sentence in (
        "No, registered organizations don’t have to submit quality data",
        "would need to select a different collection type",
        "strongly encouraged to cancel their registration by June 30, 2022 at 8:00 p.m. ET",
        "they can still submit quality data through other submission types",
    ):
        assert sentence in page


def test_front_page_says_what_may_turn_out_after_registering(page: str) -> None:
    for sentence in (
        "an organization may have zero Medicare patients assigned to it",
        "we anticipate notifications in the fall of 2022",
        "need to submit quality measures from another collection type",
        "must meet minimum patient sampling requirements to administer the 2022 survey",
        "Won’t be able to supplement their quality score from CMS Web Interface reporting",
        "May qualify for a denominator reduction in the quality performance category",
        "ACOs that don’t meet the minimum patient sampling requirement will receive a",
    ):
        assert sentence in page


def test_front_page_says_what_to_gather_and_to_choose(page: str) -> None:
    for sentence in (
        "Organization information: organization name and mailing address.",
        "first name, last name, phone number, and e-mail",
        (
            "for at least one contact; all contacts will be notified by e-mail when a registration "
            "is submitted, modified, or cancelled."
        ),
        "Organization Size: 2-24 clinicians, 25-99 clinicians, or 100 or more clinicians.",
        (
            "the CMS Web Interface (25 or more clinicians) and/or the CAHPS for MIPS Survey (2 or "
            "more clinicians)"
        ),
    ):
        assert sentence in page


def test_front_page_says_how_to_obtain_access(page: str) -> None:
    for sentence in (
        "Security Official role for the organization to submit, modify, or cancel a registration",
        "the registration period closes on June 30, 2022 at 8:00 p.m. ET",
        "If you’re a returning user, sign in with your existing account credentials.",
        "Then request the Security Official role for your organization.",
        "Review Register for a HARP Account and Connect to an Organization in the Quality",
        "contact the Quality Payment Program with the group’s TIN, the virtual group",
    ):
        assert sentence in page


def test_front_page_carries_the_omb_statement_of_its_year(page: str) -> None:
    assert "control number for this information collection is 0938-1314." in page
    assert "estimated to average 0.25 hours per response" in page


def test_help_says_how_registering_cancelling_and_the_size_go(client: Client) -> None:
    explicit_year()
    page = text_of(client, "/help/")
    for sentence in (
        "necessary to submit, modify, or cancel its registration",
        "As soon as you press Register and see the registration ID.",
        "Until June 30, 2022 at 8:00 p.m. ET you can change the size",
        "It is open to organizations with 25 or more clinicians.",
    ):
        assert sentence in page
    assert "Complete" not in page


def test_words_follow_the_offerings_not_the_year(client: Client) -> None:
    year = YearFactory(year=2025, completion="explicit")
    OfferingFactory(year=year, opens_at=DURING_2022 - timedelta(days=1), closes_at=CLOSES_2022)
    page = text_of(client)
    assert "Register for the 2025 CAHPS for MIPS Survey" in page
    assert "Web Interface" not in page
    assert "the survey measure is excluded from scoring" in page
    assert "all contacts will be notified" not in page


def test_two_windows_are_told_by_name(client: Client) -> None:
    explicit_year()
    Offering.objects.filter(product="web_interface").update(closes_at=DURING_2022)
    page = text_of(client)
    assert "CMS Web Interface Registration opens Friday, April 1, 2022" in page
    assert "Registration closes Thursday, June 2, 2022 at 2:31 p.m. ET" in page
    assert "Registration closes Thursday, June 30, 2022 at 8:00 p.m. ET" in page


def test_of_several_open_years_the_newest_comes_first_and_leads_to_the_other(
    client: Client,
) -> None:
    explicit_year()
    OfferingFactory(opens_at=DURING_2022 - timedelta(days=1))
    html = client.get("/").content.decode()
    page = text_of(client)
    assert "Register for the 2023 CAHPS for MIPS Survey" in page
    assert 'href="/?year=2022"' in html
    other = "2022: CMS Web Interface and CAHPS for MIPS Survey – open as well, until June 30, 2022"
    assert other in page
    assert "Register for the 2022 CMS Web Interface and" in text_of(client, "/?year=2022")
    assert "Register for the 2023" in text_of(client, "/?year=1999")
