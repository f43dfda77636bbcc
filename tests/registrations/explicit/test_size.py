"""Select Size and Confirm Change in Size? (2022 guide, IV.1 and V)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.actors import official
from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Enrollment, Registration, RegistrationNumber
from registrations.registering.begin import begin_registration
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OPENS_2022,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.year_pages import YearPages, form_values, text_of

BOTH = "will allow you to register for the CMS Web Interface and/or the CAHPS for MIPS Survey."
WARNING = (
    "You have chosen a new group size that doesn't qualify you to participate in CMS Web "
    "Interface. By accepting the new group size, your CMS Web Interface registration will be "
    "deleted. Are you sure you want to change your group size?"
)


def test_page_says_what_each_size_allows_by_the_offerings_minimum_sizes(
    pages: YearPages, offerings: dict
) -> None:
    assert re.findall(
        r"<li> <strong>(.*?)</strong> clinicians (.*?) </li>", pages.html("size/")
    ) == [
        ("2-24", "will allow you to register for the CAHPS for MIPS Survey."),
        (
            "25-99 or 100 or greater",
            BOTH,
        ),
    ]
    offerings["cahps"].minimum_size = "100+"
    offerings["cahps"].save()
    assert re.findall(
        r"<li> <strong>(.*?)</strong> clinicians (.*?) </li>", pages.html("size/")
    ) == [
        ("2-24", "won’t allow you to register."),
        ("25-99", "will allow you to register for the CMS Web Interface."),
        (
            "100 or greater",
            BOTH,
        ),
    ]


def test_page_says_who_can_use_the_web_interface_under_which_reporting(pages: YearPages) -> None:
    html = pages.html("size/")
    assert "quality reporting requirements under traditional MIPS" in html
    assert "only Shared Savings Program Accountable Care Organizations (ACOs) can use it" in html


def test_size_of_the_directory_is_filled_in_to_be_confirmed(
    pages: YearPages, practice: Organization
) -> None:
    assert "size" not in pages.open("size/").values
    ParticipationFactory(organization=practice, performance_year=2022, size="100+")
    html = pages.html("size/")
    assert "CMS has 100 or greater on record: please confirm" in html
    assert pages.open("size/").values["size"] == "100+"
    assert not Registration.objects.exists()


def test_size_of_an_earlier_year_is_told(pages: YearPages, practice: Organization) -> None:
    Registration.objects.create(
        organization=practice,
        year=YearFactory(year=2021),
        size="25-99",
        name="Old",
        started_at=OPENS_2022,
        changed_at=OPENS_2022,
        changed_by="Jane Doe",
    )
    assert "In 2021: 25-99." in pages.html("size/")
    assert "size" not in pages.open("size/").values


def test_first_choice_begins_the_registration_and_leads_back(pages: YearPages) -> None:
    answer = pages.choose("25-99")
    assert answer.url == f"/registration/2022/overview/practices/?at={pages.organization.pk}"
    registration = pages.registration
    assert (registration.size, registration.changed_by) == ("25-99", "Jane Doe")
    assert (registration.name, registration.city) == ("Better Business Health", "Baltimore")
    assert not RegistrationNumber.objects.exists()


def test_who_came_from_a_register_page_is_led_back_to_it(pages: YearPages) -> None:
    page = "size/?back=web_interface"
    answer = pages.open(page).fill(size="25-99").send(page)
    assert answer.url == pages.url("web-interface/")
    assert (
        "overview/practices/?at=" in pages.open("size/?back=//elsewhere.example").send("size/").url
    )


def test_nothing_chosen_and_a_forged_size_are_told_at_the_tiles(pages: YearPages) -> None:
    for size, words in (("", "Choose the size of the organization."), ("1", "one of the three")):
        answer = pages.post("size/", size=size)
        assert answer.status_code == 422
        assert words in text_of(answer)
    assert not Registration.objects.exists()


def test_change_asks_first_and_cancel_changes_nothing(sized: YearPages) -> None:
    answer = sized.open("size/").fill(size="100+").send("size/")
    html = text_of(answer)
    assert "<h1> Confirm Change in Size? </h1>" in html
    assert WARNING not in html
    assert (
        f'href="/registration/2022/overview/practices/?at={sized.organization.pk}#organization-{sized.organization.pk}">Cancel'
        in html
    )
    assert sized.registration.size == "25-99"


def test_yes_changes_the_size_once(sized: YearPages) -> None:
    assert sized.choose("100+").status_code == 302
    version = sized.registration.version
    assert sized.registration.size == "100+"
    assert sized.choose("100+").status_code == 302
    assert sized.registration.version == version


def test_size_that_ends_a_registration_warns_in_the_guides_words(enrolled: YearPages) -> None:
    answer = enrolled.open("size/").fill(size="2-24").send("size/")
    assert WARNING in text_of(answer)
    assert enrolled.registration.size == "25-99"
    assert enrolled.status("web_interface") == "complete"


def test_yes_does_both_and_the_registration_id_stays(enrolled: YearPages) -> None:
    number = RegistrationNumber.objects.get().number
    enrolled.register("cahps")
    answer = enrolled.choose("2-24")
    assert answer.status_code == 302
    assert enrolled.registration.size == "2-24"
    assert (enrolled.status("web_interface"), enrolled.status("cahps")) == ("cancelled", "complete")
    assert RegistrationNumber.objects.get().number == number
    assert "You have successfully cancelled your registration" in enrolled.html("cahps/")


def test_yes_that_was_pressed_without_the_warning_ends_nothing(
    ready: YearPages, sign_in: Callable[[User], Client], practice: Organization
) -> None:
    """Somebody registers while the page that asks is open: it asks again, with the warning."""
    asked = ready.open("size/").fill(size="2-24").send("size/")
    assert WARNING not in text_of(asked)
    ken = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=ken, organization=practice)
    YearPages(sign_in(ken), practice).register("web-interface")
    ready.values = form_values(asked.content.decode())
    answer = ready.send("size/")
    assert answer.status_code == 409
    assert WARNING in text_of(answer)
    assert (ready.registration.size, ready.status("web_interface")) == ("25-99", "complete")


def test_size_changed_by_somebody_else_meanwhile_is_told(
    sized: YearPages, sign_in: Callable[[User], Client], practice: Organization
) -> None:
    ken = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=ken, organization=practice)
    sized.open("size/")
    YearPages(sign_in(ken), practice).choose("100+")
    sized.values = form_values(sized.fill(size="2-24").send("size/").content.decode())
    answer = sized.send("size/")
    assert answer.status_code == 409
    assert "Ken Ito changed this to 100 or greater" in text_of(answer)
    assert sized.registration.size == "100+"


def test_choosing_what_the_page_showed_is_told_when_something_else_stands_by_then(
    sized: YearPages, sign_in: Callable[[User], Client], practice: Organization
) -> None:
    sized.open("size/")
    ken = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=ken, organization=practice)
    YearPages(sign_in(ken), practice).choose("100+")
    sized.values = form_values(sized.fill(size="25-99").send("size/").content.decode())
    answer = sized.send("size/")
    assert answer.status_code == 409
    assert "Ken Ito changed this to 100 or greater" in text_of(answer)
    assert sized.registration.size == "100+"


def test_note_of_another_organizations_page_is_told_as_changed(
    sized: YearPages, sign_in: Callable[[User], Client], jane: User
) -> None:
    other = OrganizationFactory()
    RoleFactory(user=jane, organization=other)
    sized.open("size/")
    answer = YearPages(sign_in(jane), other).post("size/", **sized.values | {"size": "100+"})
    assert answer.status_code == 409
    assert "changed this to nothing" in text_of(answer)
    assert not Registration.objects.filter(organization=other).exists()


def test_first_choice_may_end_what_was_registered_automatically(
    pages: YearPages, offerings: dict, jane: User
) -> None:
    registration = begin_registration(
        pages.organization, 2022, actor=official(jane), received_at=DURING_2022
    )
    Enrollment.objects.create(
        registration=registration,
        offering=offerings["web_interface"],
        status="complete",
        origin="automatic",
        completed_at=DURING_2022,
    )
    RegistrationNumber.objects.create(organization=pages.organization, number=123456)
    asked = pages.open("size/").fill(size="2-24").send("size/")
    assert asked.status_code == 409
    assert WARNING in text_of(asked)
    pages.values = form_values(asked.content.decode())
    assert pages.send("size/").status_code == 302
    assert (pages.registration.size, pages.status("web_interface")) == ("2-24", "cancelled")


def test_size_is_refused_where_it_would_end_what_is_closed(
    enrolled: YearPages, offerings: dict, june_2022
) -> None:
    offerings["web_interface"].closes_at = CLOSES_2022 - timedelta(days=40)
    offerings["web_interface"].save()
    answer = enrolled.open("size/").fill(size="2-24").send("size/")
    assert answer.status_code == 403
    assert "This size would end the registration for the CMS Web Interface" in text_of(answer)
    forged = enrolled.send("size/", confirm="1", accepts="web_interface")
    assert forged.status_code == 403
    assert (enrolled.registration.size, enrolled.status("web_interface")) == ("25-99", "complete")
    assert enrolled.choose("100+").status_code == 302


@pytest.mark.parametrize(
    ("moment", "words"),
    [(OPENS_2022 - timedelta(seconds=1), "Registration opens on"), (CLOSES_2022, "closed on")],
)
def test_outside_the_window_the_page_says_so_and_nothing_is_stored(
    pages: YearPages, june_2022, sign_in: Callable[[User], Client], jane: User, moment, words: str
) -> None:
    pages.open("size/")
    june_2022.move_to(moment)
    pages.client = sign_in(jane)
    assert words in pages.html("size/")
    answer = pages.fill(size="2-24").send("size/")
    assert answer.status_code == 403
    assert words in text_of(answer)
    assert form_values(answer.content.decode())["size"] == "2-24"
    assert not Registration.objects.exists()


def test_staff_user_reads_why_the_size_cant_be_changed(
    pages: YearPages, sign_in: Callable[[User], Client], practice: Organization
) -> None:
    person = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    theirs = YearPages(sign_in(person), practice)
    html = theirs.html("size/")
    assert "Your role is Staff User" in html
    assert f'href="/manage-access/connect/?organization={practice.pk}"' in html
    assert theirs.post("size/", size="2-24").status_code == 403
    assert not AuditEvent.objects.filter(organization_id=str(practice.pk)).exists()
