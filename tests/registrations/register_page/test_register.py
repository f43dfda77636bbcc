"""Registering a practice, from the list to Complete (2023 guide, III.7 to IV)."""

from collections.abc import Callable

from django.test import Client

from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Contact, Enrollment, Offering, Registration, RegistrationNumber
from tests.factories import (
    DURING,
    ApmEntityFactory,
    ParticipationFactory,
    RoleFactory,
    VirtualGroupFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage


def start_address(organization: Organization) -> str:
    return f"/registration/2023/cahps/organizations/{organization.pk}/start/"


def test_starting_gives_a_registration_id_and_is_incomplete(
    started: RegisterPage, practice: Organization
) -> None:
    assert started.enrollment.status == "incomplete"
    assert started.enrollment.origin == "official"
    number = practice.registration_number.number
    assert 100_000 <= number <= 999_999
    html = started.client.get(started.url).content.decode()
    assert str(number) in html
    assert "Incomplete" in html
    note = html.split('<p class="page-note">')[1].split("</p>")[0]
    assert "Registering" in note
    assert note.rstrip().endswith("· 2023")


def test_starting_twice_writes_nothing_twice(started: RegisterPage, practice: Organization) -> None:
    number = practice.registration_number.number
    again = started.client.post(start_address(practice))
    assert again.url == started.url
    assert Registration.objects.count() == Enrollment.objects.count() == 1
    assert RegistrationNumber.objects.get().number == number
    assert AuditEvent.objects.filter(action="registration.started").count() == 1


def test_opening_the_page_writes_no_row(started: RegisterPage) -> None:
    started.open()
    started.open("?add=1")
    assert not Contact.objects.exists()


def test_first_contact_suggests_the_official_and_isnt_stored_unless_something_is_typed(
    started: RegisterPage,
) -> None:
    contact = started.contact_ids[0]
    assert started.values[f"contact-{contact}-first_name"] == "Jane"
    assert started.values[f"contact-{contact}-last_name"] == "Doe"
    started.type(size="2-24").save()
    assert not Contact.objects.exists()
    assert started.enrollment.status == "incomplete"


def test_size_and_one_contact_complete_the_registration(started: RegisterPage) -> None:
    answer = started.type(size="25-99", **CONTACT).save()
    assert answer.status_code == 302
    assert answer.url.endswith("?completed=1#complete")
    enrollment = started.enrollment
    assert enrollment.status == "complete"
    assert enrollment.completed_at == DURING
    assert enrollment.completed_by.user_id == "jane.doe"
    contact = Contact.objects.get()
    assert contact.phone == "2025550123"
    html = started.client.get(answer.url).content.decode()
    assert "Registration complete" in html
    assert "Hire a CMS-approved vendor" in html
    assert "fall of 2023" in html


def test_until_then_the_page_says_what_is_missing(started: RegisterPage) -> None:
    started.type(**{**CONTACT, "phone": ""}).save()
    html = started.client.get(started.url).content.decode()
    missing = html.split("What is still missing")[1].split("</section>")[0]
    assert "Phone of contact 1" in missing
    assert "Until then, Daniel Okafor gets no updates." in missing
    assert ">Organization Size</a>" in missing
    assert ">One complete contact</a>" in missing


def test_half_filled_contact_beside_a_complete_one_is_flagged_not_counted(
    complete_page: RegisterPage,
) -> None:
    complete_page.open("?add=1").type(1, first_name="Maria", last_name="Lopez").save()
    html = complete_page.client.get(complete_page.url).content.decode()
    assert complete_page.enrollment.status == "complete"
    assert "E-mail of contact 2" in html
    counted = html.split("Contacts receiving updates")[1]
    assert counted.split("<dd>")[1].startswith("1<")


def test_adding_another_contact_saves_what_was_typed_and_offers_an_empty_form(
    started: RegisterPage,
) -> None:
    answer = started.type(size="2-24", **CONTACT).save(add_contact="1")
    assert answer.url.endswith("?add=1#new-contact")
    assert started.enrollment.status == "complete"
    started.open("?add=1")
    assert len(started.contact_ids) == 2
    assert started.values[f"contact-{started.contact_ids[1]}-first_name"] == ""


def test_each_change_is_audited_once_with_personal_data_masked(started: RegisterPage) -> None:
    started.type(size="25-99", **CONTACT).save()
    actions = list(AuditEvent.objects.order_by("id").values_list("action", flat=True))
    assert actions == [
        "registration.started",
        "registration.saved",
        "contact.added",
        "registration.completed",
    ]
    details = AuditEvent.objects.get(action="contact.added").details
    assert details["phone"] == ["", "***-***-0123"]
    assert details["email"] == ["", "***@example.org"]


def test_automatic_registration_of_an_aco_needs_nothing(
    june: object, offering: Offering, jane: User, sign_in: Callable[[User], Client]
) -> None:
    aco = ApmEntityFactory()
    ParticipationFactory(organization=aco, shared_savings_program=True)
    RoleFactory(user=jane, organization=aco)
    client = sign_in(jane)
    html = client.get("/registration/2023/cahps/apm-entities/").content.decode()
    assert "Registered automatically" in html
    assert "hire a CMS-approved vendor" in html
    assert "Register APM Entity for CAHPS" not in html
    answer = client.post(start_address(aco))
    assert answer.status_code == 403
    assert "registered automatically" in answer.content.decode()
    assert not Registration.objects.exists()


def test_virtual_group_needs_approval_for_the_year(
    june: object, offering: Offering, jane: User, sign_in: Callable[[User], Client]
) -> None:
    group = VirtualGroupFactory()
    participation = ParticipationFactory(organization=group, approved=False)
    RoleFactory(user=jane, organization=group)
    client = sign_in(jane)
    html = client.get("/registration/2023/cahps/virtual-groups/").content.decode()
    assert "Only virtual groups that CMS approved for the 2023 performance year" in html
    assert client.post(start_address(group)).status_code == 403
    assert not Registration.objects.exists()

    participation.approved = True
    participation.save()
    html = client.get("/registration/2023/cahps/virtual-groups/").content.decode()
    assert "Register Virtual Group for CAHPS" in html
    assert client.post(start_address(group)).status_code == 302
    assert Registration.objects.count() == 1
