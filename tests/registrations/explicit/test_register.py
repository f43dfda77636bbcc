"""The page with Register, Congratulations, and the second offering (2022 guide, IV)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.messages.outbox import Email, queue_emails
from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Contact, Enrollment, Registration, RegistrationNumber
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    OPENS_2022,
    ApmEntityFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.year_pages import YearPages, text_of

SignIn = Callable[[User], Client]


@pytest.fixture
def ken(sign_in: SignIn, practice: Organization, pages: YearPages) -> YearPages:
    """Another Security Official of the practice."""
    person = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=person, organization=practice)
    return YearPages(sign_in(person), practice)


# --- Before anything can be registered ------------------------------------------------------------


def test_without_a_size_the_page_leads_to_select_size_and_back(pages: YearPages) -> None:
    html = pages.html("web-interface/")
    assert "Select the Organization Size first" in html
    assert f'href="{pages.url("size/")}?back=web_interface">Select Size' in html
    answer = pages.post("web-interface/")
    assert (answer.status_code, Enrollment.objects.count()) == (403, 0)


def test_too_small_a_size_says_so_and_leads_to_edit_size(pages: YearPages) -> None:
    pages.choose("2-24")
    html = pages.html("web-interface/")
    assert "open to organizations with 25 or more clinicians" in html
    assert "Edit Size" in html
    pages.add_contact()
    answer = pages.post("web-interface/")
    assert (answer.status_code, pages.status("web_interface")) == (403, "")
    assert pages.register("cahps").url == pages.url("cahps/registered/")


@pytest.mark.parametrize(
    ("factory", "participation", "words"),
    [
        (VirtualGroupFactory, {}, "Only virtual groups that CMS approved"),
        (
            ApmEntityFactory,
            {"shared_savings_program": True},
            "this organization is registered automatically for the CMS Web Interface",
        ),
    ],
)
def test_who_cant_or_neednt_register_is_told(
    pages: YearPages, jane: User, factory, participation: dict, words: str
) -> None:
    organization = factory()
    ParticipationFactory(organization=organization, performance_year=2022, **participation)
    RoleFactory(user=jane, organization=organization)
    theirs = YearPages(pages.client, organization)
    theirs.choose("25-99")
    assert words in theirs.html("web-interface/")
    assert theirs.post("web-interface/").status_code == 403


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (OPENS_2022 - timedelta(seconds=1), "Registration opens on April 1, 2022 at 10:00 a.m. ET"),
        (CLOSES_2022, "Registration closed on June 30, 2022 at 8:00 p.m. ET"),
    ],
)
def test_outside_the_window_the_page_reads_but_doesnt_register(
    ready: YearPages, june_2022, sign_in: SignIn, jane: User, moment, words: str
) -> None:
    ready.open("cahps/")
    june_2022.move_to(moment)
    ready.client = sign_in(jane)
    html = ready.html("cahps/")
    assert words in html
    assert "daniel.okafor@example.org" in html
    for absent in (">Register<", ">Edit<", "Add New"):
        assert absent not in html
    answer = ready.send("cahps/")
    assert answer.status_code == 403
    assert words in text_of(answer)
    assert ready.status("cahps") == ""


def test_staff_user_reads_without_buttons_mail_and_phone(
    ready: YearPages, sign_in: SignIn, practice: Organization
) -> None:
    person = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    theirs = YearPages(sign_in(person), practice)
    html = theirs.html("cahps/")
    assert "Your role is Staff User" in html
    asking = f'href="/manage-access/connect/?organization={practice.pk}"'
    assert asking in html
    assert asking in theirs.html("information/")
    assert asking not in ready.html("cahps/")
    assert "Daniel Okafor" in html
    for absent in ("daniel.okafor@example.org", "555-0123", ">Register<", ">Edit<", "Add New"):
        assert absent not in html
    assert theirs.post("cahps/").status_code == 403
    assert ready.status("cahps") == ""


@pytest.mark.parametrize("where", ["cahps/", "cahps/registered/", "cahps/cancel/", "size/"])
def test_year_that_completes_by_itself_has_no_such_pages(
    pages: YearPages, offering: object, where: str
) -> None:
    for client_method in (pages.client.get, pages.client.post):
        address = pages.url(where).replace("2022", "2023")
        assert client_method(address, {"size": "2-24"}).status_code in {404, 405}
    assert not Registration.objects.filter(year=2023).exists()


# --- Review ---------------------------------------------------------------------------------------


def test_page_shows_each_item_with_its_mark_and_where_it_is_edited(ready: YearPages) -> None:
    html = ready.html("web-interface/")
    assert "<h1>CMS Web Interface Registration</h1>" in html
    assert "Review or edit your information to register for CMS Web Interface." in html
    items = re.findall(
        r"<dt>([^<]*)</dt> <dd[^>]*> <span.*?sr-only\">(\w+ ?\w*):</span></span> <span> ([^<]*?) <",
        html,
    )
    assert items == [
        ("Organization name", "Complete", "Better Business Health"),
        ("Address", "Complete", "100 Example Street, Baltimore, MD 21239"),
        ("Size", "Complete", "25-99"),
        ("TIN", "Complete", "00-0765630"),
    ]
    assert f'href="{ready.url("information/")}?back=web_interface">Edit' in html
    assert f'href="{ready.url("size/")}?back=web_interface">Change' in html
    contact = ready.contacts[0]
    assert f'href="{ready.url(f"contacts/{contact.pk}/")}?back=web_interface">Edit' in html
    assert f'href="{ready.url("contacts/add/")}?back=web_interface"' in html
    assert "All points of contact will receive important updates" in html
    assert "Nothing is missing" in html


def test_first_contact_is_offered_the_officials_name_and_no_row_is_made(sized: YearPages) -> None:
    html = sized.html("cahps/")
    assert '<p class="name">Jane Doe</p> <p class="review__gap">Missing: e-mail, phone</p>' in html
    values = sized.open("contacts/add/?back=cahps").values
    names = {key.rpartition("-")[2]: value for key, value in values.items()}
    assert (names["first_name"], names["last_name"], names["email"]) == ("Jane", "Doe", "")
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("product", "words"),
    [
        ("web-interface", "Do we have to submit data through the CMS Web Interface if we’re"),
        (
            "web-interface",
            "strongly encouraged to cancel the registration by June 30, 2022 at 8:00",
        ),
        ("web-interface", "Is it possible that we won’t be able to report through the CMS Web"),
        ("web-interface", "only Shared Savings Program ACOs can use the CMS Web Interface"),
        ("cahps", "Is it possible that we won’t be able to administer the survey?"),
        (
            "cahps",
            "most appropriate for groups, virtual groups, and APM Entities that provide primary",
        ),
        (
            "cahps",
            "required under the APM Performance Pathway (APP) and optional under traditional",
        ),
    ],
)
def test_page_says_what_to_know_before_registering(
    ready: YearPages, product: str, words: str
) -> None:
    assert words in ready.html(f"{product}/")


# --- Register -------------------------------------------------------------------------------------


def test_register_gives_the_registration_id_and_leads_to_congratulations(
    ready: YearPages, practice: Organization
) -> None:
    assert not RegistrationNumber.objects.exists()
    answer = ready.register("web-interface")
    assert answer.url == ready.url("web-interface/registered/")
    enrollment = Enrollment.objects.get()
    assert (enrollment.status, enrollment.completed_at) == ("complete", DURING_2022)
    html = text_of(ready.client.get(answer.url))
    assert "Congratulations, you have successfully registered!" in html
    for text in (
        str(practice.registration_number.number),
        "Better Business Health",
        "00-0765630",
        "CMS Web Interface",
        "June 2, 2022 at 2:31:05 p.m. ET, from Jane Doe",
        "You don’t have to submit quality data through the CMS Web Interface.",
        "If you won’t, you are strongly encouraged to cancel the registration by",
        "Register for CAHPS for MIPS Survey too",
    ):
        assert text in html
    back = f"/registration/2022/overview/practices/?at={practice.pk}#organization-{practice.pk}"
    assert f'href="{back}">Back to List' in html


def test_registering_twice_registers_once(ready: YearPages) -> None:
    ready.open("cahps/")
    assert [ready.send("cahps/").status_code for _ in range(2)] == [302, 302]
    assert AuditEvent.objects.filter(action="registration.registered").count() == 1


@pytest.mark.parametrize(
    ("gap", "leads_to"), [("city", "information/"), ("zip_code", "information/"), ("name", "")]
)
def test_with_a_gap_nothing_happens_but_that_it_has_the_focus(
    ready: YearPages, gap: str, leads_to: str
) -> None:
    if gap == "name":  # can't be blank; the contact is the gap then
        ready.contacts[0].delete()
        gap = "contact"
    else:
        Registration.objects.update(**{gap: ""})
    answer = ready.register("cahps")
    html = text_of(answer)
    assert answer.status_code == 422
    assert ready.status("cahps") == ""
    focused = re.findall(r"<[^>]* autofocus", html.split("</main>")[0])
    assert len(focused) == 1
    assert f'id="mend-{gap}"' in focused[0]
    if leads_to:
        assert f"{ready.url(leads_to)}?back=cahps#id_{gap}" in focused[0]
    assert f'href="#mend-{gap}"' in html
    assert "What is still missing" in html


def test_gap_of_an_unfinished_contact_leads_to_its_first_empty_field(ready: YearPages) -> None:
    Contact.objects.update(email="", phone="")
    contact = ready.contacts[0]
    html = text_of(ready.register("cahps"))
    assert "Missing: e-mail, phone" in html
    target = f"contacts/{contact.pk}/?back=cahps#id_contact-{contact.pk}-email"
    assert f'href="{ready.url(target)}"' in html


def test_what_somebody_else_changed_is_shown_before_it_is_registered(
    ready: YearPages, ken: YearPages
) -> None:
    ready.open("cahps/")
    ken.choose("100+")
    page = f"contacts/{ready.contacts[0].pk}/"
    ken.open(page).fill(phone="202-555-0188").send(page)
    ken.add_contact(first_name="Maria", last_name="Lopez", email="maria@example.org")
    answer = ready.send("cahps/")
    html = text_of(answer)
    assert answer.status_code == 409
    assert "Ken Ito changed the registration meanwhile." in html
    assert "<strong>Organization Size</strong>: 25-99, now 100 or greater" in html
    assert (
        "<strong>Contact Daniel Okafor, phone</strong>: (202) 555-0123, now (202) 555-0188" in html
    )
    assert "<strong>Contact</strong>: Maria Lopez (new)" in html
    assert ready.status("cahps") == ""
    assert ready.register("cahps").status_code == 302
    assert ready.status("cahps") == "complete"


def test_registered_page_shows_id_status_and_what_can_be_done(enrolled: YearPages) -> None:
    html = enrolled.html("web-interface/")
    number = RegistrationNumber.objects.get().number
    assert f'<dd class="figures">{number}</dd>' in html
    assert re.search(r"status--complete.*? Registered </span>", html)
    assert f'href="{enrolled.url("web-interface/cancel/")}?back=web_interface">Cancel' in html
    assert ">Register<" not in html
    assert f'href="/registrations/{enrolled.registration.pk}/web-interface/summary.pdf"' in html


# --- Congratulations ------------------------------------------------------------------------------


def test_congratulations_can_be_read_later_and_only_while_registered(enrolled: YearPages) -> None:
    page = "web-interface/registered/"
    assert "Congratulations" in enrolled.html(page)
    assert enrolled.get("cahps/registered/").url == enrolled.url("cahps/")
    enrolled.post("web-interface/cancel/")
    assert enrolled.get(page).url == enrolled.url("web-interface/")


def test_congratulations_names_who_is_told_and_mail_addresses_to_officials_only(
    enrolled: YearPages, sign_in: SignIn, practice: Organization
) -> None:
    enrolled.add_contact(first_name="Nobody", last_name="Told", email="nobody@example.org")
    queue_emails(
        [
            Email(
                to="daniel.okafor@example.org",
                subject="Registered",
                body="Registered",
                due_at=DURING_2022,
                dedupe_key="of this test",
                about=enrolled.registration.pk,
            )
        ]
    )
    person = UserFactory()
    RoleFactory(user=person, organization=practice, name="staff_user")
    for client, sees in ((enrolled.client, True), (sign_in(person), False)):
        told = YearPages(client, practice).html("web-interface/registered/")
        told = told.split("Who is told by e-mail")[1].split("</section>")[0]
        assert "Daniel Okafor" in told
        assert "Nobody Told" not in told
        assert ("daniel.okafor@example.org" in told) is sees


# --- Register for the second offering -------------------------------------------------------------


def test_second_offering_is_registered_straight(enrolled: YearPages) -> None:
    number = RegistrationNumber.objects.get().number
    answer = enrolled.post("cahps/register/")
    assert answer.url == enrolled.url("cahps/registered/")
    assert enrolled.status("cahps") == "complete"
    assert RegistrationNumber.objects.get().number == number
    assert "too</button>" not in enrolled.html("cahps/registered/")


def test_second_offering_leads_to_the_page_while_something_is_missing(enrolled: YearPages) -> None:
    Registration.objects.update(zip_code="")
    assert enrolled.post("cahps/register/").url == enrolled.url("cahps/")
    assert enrolled.status("cahps") == ""


def test_first_offering_is_always_reviewed(ready: YearPages) -> None:
    assert ready.post("cahps/register/").url == ready.url("cahps/")
    assert ready.status("cahps") == ""


def test_second_offering_that_is_refused_leads_to_the_page_that_says_why(
    enrolled: YearPages, june_2022, sign_in: SignIn, jane: User
) -> None:
    june_2022.move_to(CLOSES_2022)
    enrolled.client = sign_in(jane)
    answer = enrolled.client.post(enrolled.url("cahps/register/"), follow=True)
    assert "Registration closed on June 30, 2022" in text_of(answer)
    assert enrolled.status("cahps") == ""
