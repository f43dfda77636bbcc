"""What the pages of a year that completes by itself say of an automatic registration, and of what
came of the sample."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from organizations.models import Organization
from registrations.models import Offering, Registration
from tests.factories import CLOSES, ApmEntityFactory, ParticipationFactory, RoleFactory, UserFactory
from tests.registrations.conftest import CONTACT, RegisterPage
from tests.registrations.pdf_file import PdfFile

LIST = "/registration/2023/cahps/apm-entities/"
AUTOMATIC = "Registered automatically, as a Shared Savings Program ACO."
GAPS = "Please add: Organization Size and one complete contact."
AFTERWARDS = CLOSES + timedelta(days=90)


@pytest.fixture
def aco(jane: User) -> Organization:
    """A Shared Savings Program ACO of which Jane is a Security Official."""
    organization = ApmEntityFactory(name="Blue Crab ACO")
    ParticipationFactory(organization=organization, shared_savings_program=True, size="100+")
    RoleFactory(user=jane, organization=organization)
    return organization


@pytest.fixture
def page(
    june: Any, offering: Offering, aco: Organization, jane: User, sign_in: Callable
) -> RegisterPage:
    """Its page, after the command ran."""
    call_command("auto_register", "2023")
    registration = Registration.objects.get(organization=aco)
    return RegisterPage(client=sign_in(jane), registration=registration, values={}).open()


@pytest.fixture
def load(tmp_path: Path) -> Callable[[Organization, str], None]:
    def load(organization: Organization, result: str) -> None:
        file = tmp_path / "results.csv"
        row = f"{organization.kind},{organization.identifier},cahps,{result}"
        file.write_text(f"kind,identifier,offering,result\n{row}\n")
        call_command("load_sampling_results", "2023", str(file))

    return load


def html_of(page: RegisterPage, address: str = "") -> str:
    return page.client.get(address or page.url).content.decode()


def test_list_says_complete_and_what_to_add_and_offers_no_deletion(page, aco):
    html = html_of(page, LIST)
    assert "Complete" in html
    assert f"{AUTOMATIC} {GAPS}" in html
    assert str(aco.registration_number.number) in html
    assert "<strong>1</strong> complete" in html
    assert "Delete Registration" not in html
    assert "data-select-row" not in html


def test_page_names_the_gaps_preselects_no_size_and_offers_no_deletion(page):
    html = html_of(page)
    assert f"{AUTOMATIC} {GAPS}" in html
    assert "can’t end its registration for the CAHPS for MIPS Survey" in html
    assert "What is still missing" in html
    assert "Delete Registration" not in html
    assert "You can change it until" in html
    assert " checked" not in html.split('name="size"', 1)[1].split("</fieldset>", 1)[0]


def test_gaps_are_filled_in_and_the_registration_stays_complete(page):
    answer = page.type(size="100+", **CONTACT).save()
    assert answer.status_code == 302
    assert (page.enrollment.status, page.enrollment.origin) == ("complete", "automatic")
    for html in (html_of(page), html_of(page, LIST)):
        assert AUTOMATIC in html
        assert "Please add" not in html
    page.open().type(phone="").save()
    assert page.registration.contacts.get().phone == "2025550123"


def test_deleting_is_refused_and_says_why(page):
    answer = page.client.post(f"{page.url}delete/")
    assert answer.status_code == 403
    assert "required to report the APM Performance Pathway" in answer.content.decode()
    assert page.enrollment.status == "complete"


def test_summary_and_pdf_tell_what_there_is(page):
    html = html_of(page, f"{page.url}summary/")
    pdf = PdfFile(page.client.get(f"{page.url}summary.pdf").content)
    for said in (html, pdf.text):
        assert "Registered automatically" in said
        assert "June 2, 2023 at 2:31:05 p.m. ET" in said
        assert "Not chosen" in said
        assert "No contact receives updates yet." in said
    assert "E-mail" not in html.split("Contacts", 1)[1]


def test_result_stands_on_list_page_summary_and_pdf(page, aco, jane, june, load, sign_in):
    page.type(size="100+", **CONTACT).save()
    june.move_to(AFTERWARDS)
    page.client = sign_in(jane)
    for address in (LIST, page.url, f"{page.url}summary/"):
        assert "Minimum sample" not in html_of(page, address)

    load(aco, "minimum_not_met")

    pdf = PdfFile(page.client.get(f"{page.url}summary.pdf").content)
    shown = [html_of(page, address) for address in (LIST, page.url, f"{page.url}summary/")]
    for said in (*shown, pdf.text):
        assert "Minimum sample not met" in said
        assert "won’t be able to administer the CAHPS for MIPS Survey" in " ".join(said.split())
        assert "will be excluded from scoring" in " ".join(said.split())
    load(aco, "eligible")
    assert "Minimum sample met" in html_of(page)


def test_staff_user_sees_the_result_too(page, aco, june, load, sign_in):
    june.move_to(AFTERWARDS)
    load(aco, "minimum_not_met")
    person = UserFactory()
    RoleFactory(user=person, organization=aco, name="staff_user")
    page.client = sign_in(person)
    assert "Minimum sample not met" in html_of(page)
    html = html_of(page, LIST)
    assert AUTOMATIC in html
    assert "Please add" not in html, "nothing can be added any more"
