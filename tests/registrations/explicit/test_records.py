"""What is kept and carried over in explicit years: summary, receipt, automatic registrations, last
year's details (2022 guide, I, V and VI)."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Registration, RegistrationNumber
from tests.factories import DURING_2022, OPENS_2022, RoleFactory, UserFactory, YearFactory
from tests.registrations.pdf_file import PdfFile
from tests.registrations.year_pages import INFORMATION, YearPages, text_of

SignIn = Callable[[User], Client]


def last_year(organization: Organization, **more: str) -> Registration:
    """A registration of 2021 with two complete contacts and one that isn't."""
    values = INFORMATION | {"address1": "9 Old Road", "size": "100+"} | more
    registration = Registration.objects.create(
        organization=organization,
        year=YearFactory(year=2021, completion="explicit"),
        started_at=OPENS_2022,
        changed_at=OPENS_2022,
        changed_by="Jane Doe",
        **values,
    )
    for position, (first, email) in enumerate([("Maria", "m"), ("Pat", "p"), ("Half", "")], 1):
        Contact.objects.create(
            registration=registration,
            position=position,
            first_name=first,
            last_name="Lopez",
            email=f"{email}@example.org" if email else "",
            phone="2025550144",
        )
    return registration


def made_automatic(pages: YearPages, **more: object) -> Registration:
    """The practice's Web Interface registration as if it had been made automatically."""
    Enrollment.objects.update(origin="automatic", completed_by=None)
    Registration.objects.update(**more)
    return pages.registration


# --- Summary and receipt --------------------------------------------------------------------------


@pytest.fixture
def paper(enrolled: YearPages) -> str:
    """Where the registration's summary stands."""
    return f"/registrations/{enrolled.registration.pk}/web-interface/summary"


def test_summary_holds_organization_information_size_and_contacts(
    enrolled: YearPages, paper: str
) -> None:
    enrolled.open("information/").fill(name="Renamed Practice").send("information/")
    number = str(RegistrationNumber.objects.get().number)
    answer = enrolled.client.get(f"{paper}/")
    pdf = enrolled.client.get(f"{paper}.pdf")
    assert f"CMS-Web-Interface-2022-registration-{number}.pdf" in pdf["Content-Disposition"]
    for shown in (text_of(answer), PdfFile(pdf.content).text):
        for words in (
            "Group CMS Web Interface Registration Summary",
            number,
            "Registered",
            "Renamed Practice",
            "100 Example Street, Baltimore, MD 21239",
            "25-99 clinicians",
            "June 2, 2022 at 2:31:05 p.m. ET, from Jane Doe",
            "Daniel Okafor",
            "daniel.okafor@example.org",
        ):
            assert words in shown


def test_receipt_of_a_cancellation_tells_who_and_when(enrolled: YearPages, paper: str) -> None:
    enrolled.post("web-interface/cancel/")
    html = text_of(enrolled.client.get(f"{paper}/"))
    pdf = enrolled.client.get(f"{paper}.pdf")
    assert "-2022-cancellation-" in pdf["Content-Disposition"]
    for shown in (html, PdfFile(pdf.content).text):
        for words in ("Receipt of cancellation", "Cancelled by", "Jane Doe"):
            assert words in shown
        assert "daniel.okafor@example.org" not in shown
    assert re.search(rf'#organization-{enrolled.organization.pk}">Back', html)


def test_there_is_no_summary_of_what_was_never_registered(enrolled: YearPages, paper: str) -> None:
    assert enrolled.client.get(f"{paper}/".replace("web-interface", "cahps")).status_code == 404


# --- Automatic registrations ----------------------------------------------------------------------


def test_automatic_registration_is_to_be_confirmed_detail_by_detail(
    enrolled: YearPages, practice: Organization
) -> None:
    made_automatic(enrolled, carried_from=2021, address1="9 Old Road")
    html = enrolled.html("web-interface/")
    assert "Registered automatically: please confirm" in html
    assert "The details were taken over from 2021." in html
    assert re.search(r"Confirm or cancel by <time[^>]*>June 30, 2022 at 8:00 p.m. ET</time>", html)
    table = html.split('<table class="data-table">')[1].split("</table>")[0]
    rows = [re.sub(r"<[^>]+>|\s+", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", table)]
    words = [" ".join(row) for row in rows]
    assert "Organization name Better Business Health (the same)" in words
    assert (
        "Address From 2021: 9 Old Road, Baltimore, MD 21239 On record now: "
        "100 Example Street, Baltimore, MD 21239" in words
    )


def test_confirm_is_stored_once_and_not_asked_again(enrolled: YearPages) -> None:
    made_automatic(enrolled, carried_from=2021)
    page = "confirm/?back=web_interface"
    answers = [enrolled.post(page) for _ in range(2)]
    assert [answer.url for answer in answers] == [enrolled.url("web-interface/")] * 2
    registration = enrolled.registration
    assert (registration.confirmed_at, registration.confirmed_by) == (DURING_2022, "Jane Doe")
    assert AuditEvent.objects.filter(action="registration.confirmed").count() == 1
    html = enrolled.html("web-interface/")
    assert "please confirm" not in html
    assert "Registered automatically" in html


def test_what_an_official_registered_has_nothing_to_confirm(enrolled: YearPages) -> None:
    assert "please confirm" not in enrolled.html("web-interface/")


@pytest.mark.parametrize("where", ["confirm/", "last-year/"])
def test_confirming_is_for_security_officials_and_the_window(
    enrolled: YearPages, sign_in: SignIn, practice: Organization, june_2022, jane: User, where: str
) -> None:
    made_automatic(enrolled, carried_from=2021)
    person = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    assert YearPages(sign_in(person), practice).post(where).status_code == 403
    june_2022.move_to("2022-07-01 00:00:00Z")
    enrolled.client = sign_in(jane)
    assert enrolled.post(where).status_code == 403
    assert enrolled.registration.confirmed_at is None


# --- Last year's details --------------------------------------------------------------------------


def test_last_years_contacts_are_offered_and_copied_once(
    sized: YearPages, practice: Organization
) -> None:
    old = last_year(practice)
    html = sized.html("cahps/")
    offer = html.split("Use the contacts of 2021?")[1].split("</form>")[0]
    assert "Maria Lopez" in offer
    assert "Half" not in offer
    assert not sized.contacts
    page = "last-year/?back=cahps"
    for _ in range(2):
        assert sized.post(page, use="contacts").url == sized.url("cahps/")
    assert [contact.first_name for contact in sized.contacts] == ["Maria", "Pat"]
    assert old.contacts.count() == 3
    assert "Use the contacts of 2021?" not in sized.html("cahps/")
    assert AuditEvent.objects.filter(action="contacts.copied").count() == 1


def test_last_years_address_is_offered_while_nobody_wrote_this_years(
    sized: YearPages, practice: Organization
) -> None:
    last_year(practice)
    assert "9 Old Road, Baltimore, MD 21239" in sized.html("cahps/")
    sized.post("last-year/?back=cahps", use="address")
    assert sized.registration.address1 == "9 Old Road"
    sized.open("information/").fill(address1="7 New Road").send("information/")
    assert "Use the address of" not in sized.html("cahps/")
    sized.post("last-year/?back=cahps", use="address")
    assert sized.registration.address1 == "7 New Road"


def test_same_address_as_last_year_is_not_offered(sized: YearPages, practice: Organization) -> None:
    last_year(practice, address1="100 Example Street")
    assert "Use the address of" not in sized.html("cahps/")


def test_last_years_details_of_another_organization_are_not_offered(
    sized: YearPages, offerings: dict[Product, object]
) -> None:
    other = YearPages(sized.client, RoleFactory().organization)
    last_year(other.organization)
    assert "Use the" not in sized.html("cahps/")
