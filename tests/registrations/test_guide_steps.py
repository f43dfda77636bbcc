"""Steps of the guide that no other test shows: navigation, each kind's words, status marks."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from accounts.models import Message, User
from organizations.models import Organization
from registrations.models import Enrollment, Offering
from tests.factories import (
    ApmEntityFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage

pytestmark = pytest.mark.usefixtures("june")
LISTS = "/registration/2023/cahps/"
SignIn = Callable[[User], Client]
Start = Callable[[User, Organization], RegisterPage]


def html_of(client: Client, path: str) -> str:
    return " ".join(unescape(client.get(path).content.decode()).split())


def item_of(html: str, name: str) -> str:
    """The organization's item of the list."""
    return next(item for item in html.split('<li class="org">') if f"<h3>{name}</h3>" in item)


def test_left_navigation_leads_to_registration_and_below_it_to_the_list(
    sign_in: SignIn, jane: User, practice: Organization, offering: Offering
) -> None:
    client = sign_in(jane)
    menu = re.findall(r'<nav class="side".*?</nav>', html_of(client, "/home/"))[0]
    labels = [re.sub(r"<[^>]+>", "", link).strip() for link in re.findall(r"<a .*?</a>", menu)]
    assert labels[2:4] == ["Registration", "CAHPS For MIPS Survey Registration"]
    assert client.get("/registration/cahps/", follow=True).redirect_chain[-1][0] == (
        f"{LISTS}practices/"
    )


def test_home_and_registration_screen_lead_on_by_the_guides_words(
    sign_in: SignIn, jane: User, practice: Organization, offering: Offering
) -> None:
    client = sign_in(jane)
    assert re.search(r'href="/registration/">\s*Start Registration', html_of(client, "/home/"))
    assert re.search(
        rf'href="{LISTS}">\s*Register and Edit CAHPS Registration',
        html_of(client, "/registration/"),
    )


@pytest.mark.parametrize("has_role", [True, False])
def test_without_the_security_official_role_nothing_can_be_edited_and_the_page_says_why(
    sign_in: SignIn, jane: User, offering: Offering, has_role: bool
) -> None:
    if has_role:
        RoleFactory(user=jane, name="staff_user")
    html = html_of(sign_in(jane), "/registration/")
    assert "Register and Edit" not in html
    assert "You can’t register an organization yet" in html
    assert "Security Official role" in html
    assert "Review <em>Connect to an Organization</em>" in html


def test_every_list_helps_with_an_organization_that_is_missing(
    sign_in: SignIn, jane: User, practice: Organization, offering: Offering
) -> None:
    for person, tab in ((jane, "practices/"), (UserFactory(), "")):
        html = html_of(sign_in(person), f"{LISTS}{tab}")
        assert "Don’t see an organization you expected?" in html
        assert "you don’t have the required Security Official role for it" in html


@pytest.mark.parametrize(
    ("factory", "tab", "words"),
    [
        (OrganizationFactory, "practices", "Group"),
        (VirtualGroupFactory, "virtual-groups", "Virtual Group"),
        (ApmEntityFactory, "apm-entities", "APM Entity"),
    ],
)
def test_each_kind_is_registered_in_its_own_words(
    start: Start, sign_in: SignIn, jane: User, offering: Offering, factory, tab: str, words: str
) -> None:
    organization = factory(name="Lakeside")
    ParticipationFactory(organization=organization, approved=True)
    RoleFactory(user=jane, organization=organization)
    client = sign_in(jane)
    item = item_of(html_of(client, f"{LISTS}{tab}/"), "Lakeside")
    assert f"Register {words} for CAHPS" in item

    start(jane, organization).type(size="100+", **CONTACT).save()
    item = item_of(html_of(client, f"{LISTS}{tab}/"), "Lakeside")
    assert f"Download {words} CAHPS Registration Summary" in item
    assert "Complete" in item


def test_status_is_a_mark_and_a_word_and_not_started_shows_none(
    start: Start, sign_in: SignIn, jane: User, offering: Offering
) -> None:
    for name in ("Ready", "Begun", "Untouched"):
        RoleFactory(user=jane, organization=OrganizationFactory(name=name))
    made = {role.organization.name: role.organization for role in jane.roles.all()}
    start(jane, made["Ready"]).type(size="2-24", **CONTACT).save()
    start(jane, made["Begun"])
    html = html_of(sign_in(jane), f"{LISTS}practices/")

    ready, begun, untouched = (item_of(html, name) for name in ("Ready", "Begun", "Untouched"))
    assert "sprite.svg#check_circle" in ready
    assert re.search(r"status--complete.*Complete", ready)
    assert "sprite.svg#cancel" in begun
    assert re.search(r"status--incomplete.*Incomplete", begun)
    assert 'class="status ' not in untouched
    assert '<span class="usa-sr-only">Not started</span>' in untouched


def test_header_follows_every_save(started: RegisterPage) -> None:
    def header() -> str:
        page = html_of(started.client, started.url)
        return re.sub(r"<[^>]+>|\s+", " ", page.split('<dl class="facts">')[1].split("</dl>")[0])

    assert re.search(r"Incomplete .*Contacts receiving updates +0", header())
    started.type(size="2-24", **CONTACT).save()
    assert re.search(r"Complete .*Contacts receiving updates +1", header())
    started.open("?add=1").type(1, **CONTACT | {"first_name": "Maria"}).save()
    assert re.search(r"Complete .*Contacts receiving updates +2", header())


def test_required_fields_of_a_contact_have_an_asterisk(started: RegisterPage) -> None:
    html = html_of(started.client, started.url)
    for label in ("First name", "Last name", "E-mail", "Phone", "Organization Size"):
        assert re.search(rf'{label} <span class="required" aria-hidden="true">\*</span>', html)
    assert not re.search(r"Extension <span", html)


def test_no_confirmation_mail_is_sent_and_the_page_says_so(complete_page: RegisterPage) -> None:
    assert Enrollment.objects.get().status == "complete"
    assert not Message.objects.exists()
    html = html_of(complete_page.client, f"{complete_page.url}?completed=1")
    assert "No confirmation e-mail is sent. Keep the summary as your record:" in html
    assert f'href="{complete_page.url}summary/"' in html


def test_page_says_what_happens_after_registering(complete_page: RegisterPage) -> None:
    html = html_of(complete_page.client, f"{complete_page.url}?completed=1")
    assert "Hire a CMS-approved vendor to administer the survey." in html
    assert "CMS checks whether the minimum patient sample is met" in html
    assert "We anticipate notices in the fall of 2023" in html


def test_security_official_of_several_organizations_sees_all_their_registrations(
    start: Start, sign_in: SignIn, jane: User, practice: Organization, offering: Offering
) -> None:
    ken = UserFactory(first_name="Ken", last_name="Ito")
    second = OrganizationFactory(name="Lakeside")
    for organization in (practice, second):
        RoleFactory(user=ken, organization=organization)
    start(jane, practice).type(size="2-24", **CONTACT).save()
    start(ken, second)
    html = html_of(sign_in(ken), f"{LISTS}practices/")
    assert "Complete" in item_of(html, practice.name)
    assert "Incomplete" in item_of(html, "Lakeside")
