"""What staff does about a registration of an explicit year: at any time, told, audited once."""

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEvent, Message, User
from accounts.policy.rights import StaffGroup
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Enrollment, Offering, RegistrationNumber
from tests.factories import CLOSES_2022, OrganizationFactory, RoleFactory, UserFactory
from tests.registrations.enrolled import enroll
from tests.registrations.year_pages import INFORMATION
from tests.staff.conftest import SignIn
from tests.staff.deed_pages import (
    REASON,
    DeedPage,
    deed_of,
    events,
    mails,
    main_of,
    page_of,
    press,
)

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
DEEDS = (
    *("register", "restore", "size", "information"),
    *("add-contact", "change-contact", "delete-contact", "end"),
)
MARIA = {
    "first_name": "Maria",
    "last_name": "Santos",
    "email": "maria@example.org",
    "phone": "202-555-0155",
}


@pytest.fixture
def jane(db: None) -> User:
    """The practice's Security Official."""
    return UserFactory(user_id="jane.doe", first_name="Jane", last_name="Doe")


@pytest.fixture
def practice(jane: User) -> Organization:
    practice = OrganizationFactory(name="Better Business Health")
    RoleFactory(user=jane, organization=practice)
    return practice


@pytest.fixture
def row(practice: Organization, offerings: Offerings) -> Enrollment:
    """The practice's CAHPS registration; it is registered for both offerings."""
    registration = enroll(practice, offerings, **INFORMATION)
    return registration.enrollments.get(offering__product=Product.CAHPS)


@pytest.fixture
def closed(june_2022: time_machine.Traveller) -> time_machine.Traveller:
    """The day after the close."""
    june_2022.move_to(CLOSES_2022.replace(day=2))
    return june_2022


def by_staff(event: AuditEvent, casey: User) -> bool:
    return (event.actor_kind, event.actor_id, event.reason) == ("staff", str(casey.pk), REASON)


def test_size_is_changed_after_the_close_and_its_officials_are_told(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client, casey: User, jane: User
) -> None:
    page = press(service_center, row, "size", size="100+")
    assert page.is_done
    assert "The size is changed." in page.says
    row.registration.refresh_from_db()
    assert row.registration.size == "100+"
    assert row.registration.changed_by == "CMS staff"
    event = AuditEvent.objects.get(action="registration.saved")
    assert by_staff(event, casey)
    assert events() == ["registration.saved"]
    mail = Message.objects.get(to=jane.email)
    assert "CMS staff changed the 2022 registration of Better Business Health" in mail.body
    assert "Organization Size: 25-99, now 100 or greater" in mail.body
    assert REASON not in mail.body + mail.html
    assert "Casey" not in mail.body + mail.html


def test_size_that_ends_a_registration_is_said_and_confirmed_first(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client, jane: User
) -> None:
    page = press(service_center, row, "size", size="2-24")
    assert "Its registration for the CMS Web Interface will be cancelled." in page.says
    assert events() == []
    page.send()
    assert page.is_done
    statuses = dict(Enrollment.objects.values_list("offering__product", "status"))
    assert statuses == {"web_interface": "cancelled", "cahps": "complete"}
    assert events() == ["registration.saved", "registration.cancelled"]
    assert [to for to, _ in mails()].count(jane.email) == 1


def test_size_confirmed_for_less_than_it_ends_is_told_anew(
    row: Enrollment, service_center: Client, offerings: Offerings
) -> None:
    answer = service_center.post(
        deed_of(row, "size"),
        {"size": "2-24", "version": "1", "reason": REASON, "confirmed": "cahps"},
    )
    assert "Nothing is done yet" in main_of(answer)
    assert Enrollment.objects.filter(status="cancelled").count() == 0


def test_what_somebody_changed_meanwhile_is_not_overwritten(
    row: Enrollment, service_center: Client, sign_in: SignIn
) -> None:
    page = DeedPage(service_center, deed_of(row, "size")).open()
    other = sign_in(UserFactory(staff_group=StaffGroup.SERVICE_CENTER))
    press(other, row, "information", city="Towson")
    page.fill(size="100+").send()
    assert page.answer.status_code == 422
    assert "CMS staff changed the registration meanwhile." in page.says
    row.registration.refresh_from_db()
    assert (row.registration.size, row.registration.city) == ("25-99", "Towson")


def test_information_is_changed_by_the_field_rules_of_officials(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client, jane: User
) -> None:
    filled = {"address1": "1 Main St", "city": "Towson", "state": "MD", "zip_code": "2124"}
    page = press(service_center, row, "information", **filled)
    assert "Give the ZIP code as 12345" in page.says
    assert page.answer.status_code == 422
    assert events() == []
    page.send(zip_code="21204")
    assert page.is_done
    assert events() == ["registration.saved"]
    assert "City: Baltimore, now Towson" in Message.objects.get(to=jane.email).body
    row.registration.organization.refresh_from_db()
    assert row.registration.organization.city == "Baltimore"


def test_contact_is_added_once_however_often_it_is_pressed(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client, jane: User
) -> None:
    page = DeedPage(service_center, deed_of(row, "add-contact")).open().fill(**MARIA)
    sent = dict(page.values)
    page.send()
    assert page.is_done, page.says
    again = DeedPage(service_center, deed_of(row, "add-contact"), values=sent)
    assert again.send().is_done
    assert row.registration.contacts.count() == 2
    assert events() == ["contact.added"]
    told = Message.objects.get(to=jane.email)
    assert "Contact added: Maria Santos" in told.body
    assert "0155" not in told.body


def test_contact_needs_all_that_an_official_has_to_give(
    row: Enrollment, service_center: Client
) -> None:
    page = press(service_center, row, "add-contact", **MARIA | {"phone": "12", "email": ""})
    assert page.answer.status_code == 422
    assert "Enter the e-mail address." in page.says
    assert row.registration.contacts.count() == 1


def test_contact_is_changed_and_the_audit_keeps_it_masked(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client, casey: User
) -> None:
    contact = row.registration.contacts.get()
    page = press(service_center, row, "change-contact", contact.pk, phone="2025550199")
    assert page.is_done
    contact.refresh_from_db()
    assert (contact.phone, contact.changed_by) == ("2025550199", "CMS staff")
    event = AuditEvent.objects.get(action="contact.saved")
    assert event.details["phone"] == ["***-***-0123", "***-***-0199"]
    assert by_staff(event, casey)
    assert events() == ["contact.saved"]


def test_last_complete_contact_stays(row: Enrollment, service_center: Client) -> None:
    told = main_of(service_center.get(page_of(row)))
    assert "Delete a contact This is the only complete contact" in told
    page = DeedPage(service_center, deed_of(row, "delete-contact")).open()
    page.send(contact=str(row.registration.contacts.get().pk))
    assert page.answer.status_code == 422
    assert "This is the only complete contact" in page.says
    assert row.registration.contacts.count() == 1
    assert events() == []


def test_contact_is_deleted_when_another_stays(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client
) -> None:
    press(service_center, row, "add-contact", **MARIA)
    daniel = row.registration.contacts.get(first_name="Daniel")
    page = DeedPage(service_center, deed_of(row, "delete-contact")).open()
    assert page.send(contact=str(daniel.pk)).is_done
    assert [contact.first_name for contact in row.registration.contacts.all()] == ["Maria"]
    assert events() == ["contact.added", "contact.deleted"]


def test_cancelled_and_restored_it_stands_as_before_with_the_same_registration_id(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client, jane: User, casey: User
) -> None:
    number = RegistrationNumber.objects.get().number
    before = Enrollment.objects.filter(pk=row.pk).values().get()
    assert press(service_center, row, "end").is_done
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert row.cancelled_by is None
    body = Message.objects.get(to=jane.email).body
    assert "CMS staff cancelled the 2022 CAHPS for MIPS Survey registration" in body
    assert "Casey" not in body
    closed.shift(60)
    page = press(service_center, row, "restore")
    assert page.is_done
    assert Enrollment.objects.filter(pk=row.pk).values().get() == before
    assert RegistrationNumber.objects.get().number == number
    assert events() == ["registration.cancelled", "registration.restored"]
    assert by_staff(AuditEvent.objects.get(action="registration.restored"), casey)
    told = Message.objects.filter(to=jane.email).order_by("created_at").last()
    assert told is not None
    assert "CAHPS for MIPS Survey: not registered, now registered" in told.body
    assert [subject for to, subject in mails() if to.startswith("daniel")] == [
        "Cancelled: 2022 CAHPS for MIPS Survey, registration ID 219043",
        "Restored: 2022 CAHPS for MIPS Survey, registration ID 219043",
    ]


def test_restoring_needs_a_size_that_allows_it(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client
) -> None:
    press(service_center, row, "size", size="2-24").send()
    web = Enrollment.objects.get(offering__product="web_interface")
    told = main_of(service_center.get(page_of(web)))
    assert "Restore the registration This organization’s size doesn’t qualify" in told
    page = press(service_center, web, "restore")
    assert page.answer.status_code == 422
    assert "doesn’t qualify for the CMS Web Interface" in page.says
    web.refresh_from_db()
    assert web.status == "cancelled"


def test_registered_again_it_is_of_staff(
    row: Enrollment, closed: time_machine.Traveller, service_center: Client
) -> None:
    press(service_center, row, "end")
    assert press(service_center, row, "register").is_done
    row.refresh_from_db()
    assert (row.status, row.origin, row.completed_by) == ("complete", "staff", None)
    assert events() == ["registration.cancelled", "registration.registered"]


def test_officials_read_cms_staff_and_no_name_and_no_reason(
    row: Enrollment, service_center: Client, jane: User, sign_in: SignIn
) -> None:
    press(service_center, row, "size", size="100+")
    press(service_center, row, "end")
    assert REASON in main_of(service_center.get(page_of(row)))
    registration = row.registration
    year = f"/registration/2022/organizations/{registration.organization_id}"
    for address in (
        f"/registrations/{registration.pk}/history/",
        f"{year}/cahps/",
        f"/registrations/{registration.pk}/cahps/summary/",
    ):
        answer = sign_in(jane).get(address, follow=True)
        assert answer.status_code == 200, address
        html = answer.content.decode()
        assert "CMS" in html, address
        assert "Casey" not in html, address
        assert REASON not in html, address


def test_every_active_official_is_told_also_one_who_is_staff(
    row: Enrollment, service_center: Client, casey: User, jane: User
) -> None:
    organization = row.registration.organization
    RoleFactory(user=casey, organization=organization)
    RoleFactory(user=UserFactory(is_active=False), organization=organization)
    RoleFactory(user=UserFactory(), organization=organization, name="staff_user")
    press(service_center, row, "size", size="100+")
    press(service_center, row, "end")
    told = [to for to, _ in mails() if not to.startswith("daniel")]
    assert sorted(told) == sorted([casey.email, jane.email] * 2)


@pytest.mark.parametrize("deed", DEEDS)
def test_who_may_not_and_without_a_reason_nothing_happens(
    deed: str, row: Enrollment, reader: Client, service_center: Client, jane: User, sign_in: SignIn
) -> None:
    contact = row.registration.contacts.get().pk if deed == "change-contact" else ""
    address = deed_of(row, deed, contact)
    assert reader.get(address).status_code == 403
    assert reader.post(address, {"reason": REASON}).status_code == 403
    assert sign_in(jane).post(address, {"reason": REASON}).status_code == 404
    assert Client().post(address, {"reason": REASON}).status_code == 302
    answer = service_center.post(address, {"reason": " "})
    assert answer.status_code == 422
    assert "Enter the reason." in main_of(answer)
    refused = {"access.refused"}
    assert set(events()) <= refused
    assert service_center.get(address).status_code == 200


@pytest.mark.parametrize("group", [StaffGroup.PROGRAM_MANAGER, StaffGroup.ADMINISTRATOR])
def test_groups_with_more_rights_may_too(
    group: StaffGroup, row: Enrollment, sign_in: SignIn
) -> None:
    assert press(sign_in(UserFactory(staff_group=group)), row, "end").is_done


def test_contact_of_another_registration_is_not_found(
    row: Enrollment, offerings: Offerings, service_center: Client
) -> None:
    other = enroll(OrganizationFactory(), offerings, contacts=("Otto",))
    for key in (other.contacts.get().pk, "x", ""):
        assert service_center.get(deed_of(row, "change-contact", key)).status_code == 404
