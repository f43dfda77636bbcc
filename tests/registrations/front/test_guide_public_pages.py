"""The front page tells what the guide's sections I, II, VIII and IX tell, from the year's data."""

import re
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from registrations.models import Offering, ResourceLink
from tests.factories import OfferingFactory, YearFactory

EASTERN = ZoneInfo("America/New_York")
pytestmark = pytest.mark.usefixtures("june")


def text_of(client: Client, path: str = "/") -> str:
    """What a person reads on the page."""
    html = client.get(path).content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html)))


@pytest.fixture
def page(client: Client, offering: Offering) -> str:
    """The front page in the guide's year, while registration is open."""
    return text_of(client)


def test_front_page_tells_the_key_dates(page: str) -> None:
    assert "Register for the 2023 CAHPS for MIPS Survey" in page
    assert "Registration opens Monday, April 3, 2023 at 10:00 a.m. ET" in page
    assert "Registration closes Friday, June 30, 2023 at 8:00 p.m. ET" in page
    assert "28 days left" in page


def test_front_page_leads_to_sign_in(client: Client, offering: Offering) -> None:
    header = client.get("/").content.decode().split("</header>")[0]
    assert re.search(r'<a [^>]*href="/sign-in/">Sign In</a>', header)


@pytest.mark.parametrize(
    "definition",
    [
        "Group A single Taxpayer Identification Number (TIN) with 2 or more eligible clinicians",
        "Virtual group A combination of 2 or more whole TINs",
        (
            "Only virtual groups that CMS approves and identifies as official virtual groups can "
            "participate in MIPS as a virtual group for the 2023 performance year."
        ),
        "Subgroup A subset of clinicians within a group",
        (
            "Alternative Payment Model (APM) Entity The group of eligible clinicians participating "
            "in an APM Entity"
        ),
    ],
)
def test_front_page_gives_the_definitions(page: str, definition: str) -> None:
    assert definition in page


@pytest.mark.parametrize(
    "sentence",
    [
        "required to report the APP, so they are automatically registered for the survey",
        "They don’t need to register, but will still need to hire a CMS-approved vendor",
    ],
)
def test_front_page_says_who_need_not_register(page: str, sentence: str) -> None:
    assert sentence in page


def test_front_page_says_who_must_register(page: str) -> None:
    assert (
        "groups and APM Entities (excluding Shared Savings Program ACOs) that choose to report the "
        "APP must register, because the CAHPS for MIPS Survey is a required measure" in page
    )


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "an optional measure available to groups, virtual groups, and APM Entities with 2 or "
            "more eligible clinicians reporting traditional MIPS"
        ),
        "1 of the 6 required quality measures",
        "improvement activity (IA_BE_6)",
        (
            "groups, subgroups, and APM Entities with 2 or more eligible clinicians that are "
            "registered to report certain MVPs"
        ),
        "1 of the 4 required quality measures",
        (
            "Interested groups, virtual groups and APM Entities must register by June 30, 2023 at "
            "8:00 p.m. ET."
        ),
    ],
)
def test_front_page_says_who_can_register_and_what_the_survey_counts_for(
    page: str, sentence: str
) -> None:
    assert sentence in page


def test_front_page_says_for_whom_the_survey_is_most_appropriate(page: str) -> None:
    before = page.index("Before You Register")
    assert "experience of patients receiving primary care services" in page[before:]


@pytest.mark.parametrize(
    "sentence",
    [
        "Subgroups don’t register here.",
        "complete their registration through the Quality Payment Program Service Center",
        (
            "before June 30, 2023 at 8:00 p.m. ET, a Service Center representative will follow "
            "up with the practice’s Security Official who submitted the subgroup’s MVP registration"
        ),
    ],
)
def test_front_page_sends_subgroups_their_own_way(page: str, sentence: str) -> None:
    assert sentence in page


@pytest.mark.parametrize(
    "sentence",
    [
        "CMS conducts an assignment and sampling methodology process",
        "must meet minimum patient sampling requirements to administer the 2023 survey",
        (
            "will be notified that they won’t be able to administer the survey; we anticipate "
            "notifications in the fall of 2023."
        ),
        "qualify for a denominator reduction, and the survey measure is excluded from scoring",
        "This includes Shared Savings Program ACOs reporting the APP.",
    ],
)
def test_front_page_says_what_happens_below_the_minimum_sample(page: str, sentence: str) -> None:
    assert sentence in page


@pytest.mark.parametrize(
    "sentence",
    [
        "Organization Size: 2-24 clinicians, 25-99 clinicians, or 100 or more clinicians.",
        "first name, last name, phone number, and e-mail",
        "You must provide complete information for at least one contact.",
    ],
)
def test_front_page_says_what_to_gather(page: str, sentence: str) -> None:
    assert sentence in page


@pytest.mark.parametrize(
    "sentence",
    [
        (
            "needs an account to sign in and the Security Official role for the organization to "
            "submit, modify, or delete a registration"
        ),
        (
            "Start the account creation process now to avoid any delays: the registration period "
            "closes on June 30, 2023 at 8:00 p.m. ET."
        ),
        "If you’re a returning user, sign in with your existing account credentials.",
        (
            "If you’re a new user, you must first create a Health Care Quality Information System "
            "(HCQIS) Access Roles and Profile (HARP) account. Then request the Security Official "
            "role"
        ),
        (
            "Review Register for a HARP Account and Connect to an Organization in the Quality "
            "Payment Program Access User Guide"
        ),
        (
            "contact the Quality Payment Program with the group’s TIN, the virtual group "
            "identifier, or the APM Entity identifier, and the name of the organization"
        ),
    ],
)
def test_front_page_says_how_to_obtain_access(page: str, sentence: str) -> None:
    assert sentence in page


@pytest.mark.parametrize("path", ["/", "/help/", "/accessibility/"])
def test_contacts_of_the_program_are_at_hand(client: Client, offering: Offering, path: str) -> None:
    page = text_of(client, path)
    assert "Monday through Friday between 8 a.m. and 8 p.m. ET" in page
    assert "1-866-288-8292 (customers who are hearing impaired can dial 711" in page
    assert "E-mail: QPP@cms.hhs.gov" in page


def test_front_page_carries_the_omb_statement(page: str) -> None:
    assert "The valid OMB control number for this information collection is 0938-1222." in page
    assert "estimated to average 0.25 hours per response" in page
    assert (
        "7500 Security Boulevard, Attn: PRA Reports Clearance Officer, Mail Stop C4-26-05" in page
    )
    assert "Please do not send applications, claims, payments, medical records" in page


def test_front_page_links_the_documents_that_the_year_has(client: Client, offering: Offering):
    assert "documents.example.org" not in client.get("/").content.decode()
    for purpose in ("fact_sheet", "access_guide", "mvp_registration", "mvp_overview"):
        ResourceLink.objects.create(
            year=offering.year, purpose=purpose, url=f"https://documents.example.org/{purpose}"
        )
    html = client.get("/").content.decode()
    for name, purpose in {
        "CAHPS for MIPS Survey Overview Fact Sheet": "fact_sheet",
        "Quality Payment Program Access User Guide": "access_guide",
        "MVP Registration Form and Fact Sheet": "mvp_registration",
        "MIPS Value Pathways (MVPs)": "mvp_overview",
    }.items():
        assert f'<a href="https://documents.example.org/{purpose}">{name}</a>' in html


def test_everything_that_differs_in_another_year_is_its_data(client: Client, db: None):
    year = YearFactory(
        year=2024,
        omb_control_number="0938-9999",
        burden_hours="1.50",
        sampling_notices="winter of 2024",
        minimum_sample_small=125,
        minimum_sample_medium=190,
        minimum_sample_large=255,
        notice="Offices are closed on May 27.",
    )
    OfferingFactory(
        year=year,
        opens_at=datetime(2023, 5, 1, 9, 30, tzinfo=EASTERN),
        closes_at=datetime(2023, 7, 5, 17, tzinfo=EASTERN),
    )
    page = text_of(client)
    assert "2023 performance" not in page
    assert "June 30" not in page
    assert "0938-1222" not in page
    assert "fall of" not in page
    for expected in (
        "Register for the 2024 CAHPS for MIPS Survey",
        "Registration opens Monday, May 1, 2023 at 9:30 a.m. ET",
        "Registration closes Wednesday, July 5, 2023 at 5:00 p.m. ET",
        "APM Entities must register by July 5, 2023 at 5:00 p.m. ET.",
        "as a virtual group for the 2024 performance year.",
        "notifications in the winter of 2024.",
        "Winter of 2024 (anticipated)",
        "information collection is 0938-9999.",
        "average 1.50 hours per response",
        "2-24 clinicians 125 25-99 clinicians 190 100 or more clinicians 255",
        "Offices are closed on May 27.",
    ):
        assert expected in page


def test_front_page_of_an_open_year_comes_before_a_later_one_that_isnt_open(
    client: Client, offering: Offering
):
    OfferingFactory(
        year=YearFactory(year=2024),
        opens_at=datetime(2024, 4, 1, 10, tzinfo=EASTERN),
        closes_at=datetime(2024, 6, 30, 20, tzinfo=EASTERN),
    )
    assert "Register for the 2023 CAHPS" in text_of(client)


def test_front_page_without_a_year_says_so(client: Client, db: None):
    page = text_of(client)
    assert "No performance year can be registered for yet." in page
    assert "Group A single Taxpayer Identification Number" in page
