"""Registering for an organization as CMS staff, in years of both kinds, also after the close."""

import pytest
import time_machine
from django.test import Client

from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import (
    Enrollment,
    Offering,
    PerformanceYear,
    Registration,
    RegistrationNumber,
)
from tests.factories import (
    CLOSES,
    DURING,
    ApmEntityFactory,
    OfferingFactory,
    OrganizationFactory,
    ParticipationFactory,
    RoleFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.enrolled import begun, enroll
from tests.registrations.year_pages import INFORMATION
from tests.staff.conftest import SignIn
from tests.staff.deed_pages import (
    REASON,
    DeedPage,
    deed_of,
    events,
    main_of,
    page_of,
    press,
)

pytestmark = pytest.mark.django_db
Offerings = dict[Product, Offering]
DANIEL = {
    "first_name": "Daniel",
    "last_name": "Okafor",
    "email": "daniel.okafor@example.org",
    "phone": "(202) 555-0123",
}


@pytest.fixture
def practice(db: None) -> Organization:
    """A practice whose Security Official is Jane."""
    practice = OrganizationFactory(name="Better Business Health")
    RoleFactory(user=UserFactory(user_id="jane.doe"), organization=practice)
    return practice


@pytest.fixture
def cahps(june_2022: time_machine.Traveller, db: None) -> Offering:
    """CAHPS of 2023, after its close."""
    june_2022.move_to(CLOSES.replace(day=3))
    return OfferingFactory()


def told() -> Message:
    return Message.objects.get(to="jane.doe@example.org")


# --- Years in which Register is pressed ---------------------------------------------------------


def test_explicit_year_asks_for_what_is_lacking_and_registers_with_it(
    practice: Organization, offerings: Offerings, service_center: Client, casey: User
) -> None:
    cahps = offerings[Product.CAHPS]
    page = DeedPage(service_center, deed_of(practice, "register", cahps.pk)).open()
    assert "name" not in page.values  # the directory has name and address
    page.send()
    assert page.answer.status_code == 422
    for missing in ("Choose the size of the organization.", "Enter the first name."):
        assert missing in page.says
    assert not Registration.objects.exists()
    page.fill(size="25-99", **DANIEL).send()
    assert page.is_done
    assert "Registered. The contacts and the Security Officials are told" in page.says
    row = Enrollment.objects.get()
    assert page.answer.redirect_chain[-1][0] == page_of(row)
    assert (row.status, row.origin, row.completed_by) == ("complete", "staff", None)
    assert row.registration.size == "25-99"
    assert RegistrationNumber.objects.get().organization == practice
    assert events() == ["registration.saved", "contact.added", "registration.registered"]
    last = AuditEvent.objects.get(action="registration.registered")
    assert (last.actor_id, last.reason) == (str(casey.pk), REASON)
    assert "CAHPS for MIPS Survey: not registered, now registered" in told().body
    assert "Contact added: Daniel Okafor" in told().body
    to_contact = Message.objects.get(to="daniel.okafor@example.org")
    assert "CMS staff registered Better Business Health" in to_contact.body
    assert "Casey" not in to_contact.body + told().body + told().html


def test_size_that_is_too_small_is_refused_and_nothing_is_kept(
    practice: Organization, offerings: Offerings, service_center: Client
) -> None:
    web = offerings[Product.WEB_INTERFACE]
    page = press(service_center, practice, "register", web.pk, size="2-24", **DANIEL)
    assert page.answer.status_code == 422
    assert "doesn’t qualify for the CMS Web Interface" in page.says
    assert not Registration.objects.exists()
    assert not RegistrationNumber.objects.exists()
    assert events() == []


def test_what_is_stored_is_not_asked_for_and_not_overwritten(
    practice: Organization, offerings: Offerings, service_center: Client
) -> None:
    begun(practice, offerings, size="25-99", address1="1 Main St", city="Towson", state="MD")
    page = DeedPage(
        service_center, deed_of(practice, "register", offerings[Product.CAHPS].pk)
    ).open()
    assert {"size", "city", "first_name"}.isdisjoint(page.values)
    assert page.send(zip_code="21204", city="Elsewhere").is_done
    registration = Registration.objects.get()
    assert (registration.city, registration.zip_code) == ("Towson", "21204")
    assert Enrollment.objects.get().origin == "staff"


def test_official_hears_of_it_also_when_older_changes_are_told_with_it(
    practice: Organization,
    offerings: Offerings,
    service_center: Client,
    june_2022: time_machine.Traveller,
) -> None:
    """Registering sends what waited for its ten minutes, to whoever is no contact any more too."""
    PerformanceYear.objects.update(mails_contacts=True)
    registration = enroll(practice, offerings, [Product.CAHPS], **INFORMATION)
    contact = registration.contacts.get()
    contact.email = "jane.doe@example.org"
    contact.save()
    row = registration.enrollments.get()
    press(service_center, row, "change-contact", contact.pk, email="other@example.org")
    Message.objects.all().delete()
    june_2022.shift(60)
    assert press(service_center, practice, "register", offerings[Product.WEB_INTERFACE].pk).is_done
    hers = Message.objects.filter(to="jane.doe@example.org")
    by_staff = hers.exclude(subject__startswith="Changed: ")
    assert hers.count() == 2
    assert "CMS Web Interface" in by_staff.get().body


def test_pressed_twice_it_is_registered_once(
    practice: Organization, offerings: Offerings, service_center: Client
) -> None:
    address = deed_of(practice, "register", offerings[Product.CAHPS].pk)
    page = DeedPage(service_center, address).open().fill(size="25-99", **DANIEL)
    sent = dict(page.values)
    assert page.send().is_done
    before = events()
    assert service_center.post(address, {**sent, "reason": REASON}).status_code == 302
    assert events() == before
    assert Message.objects.filter(to="jane.doe@example.org").count() == 1


def test_before_the_opening_staff_may_as_well(
    practice: Organization,
    offerings: Offerings,
    service_center: Client,
    june_2022: time_machine.Traveller,
) -> None:
    Offering.objects.update(opens_at=DURING.replace(year=2022, month=6, day=20))
    page = press(
        service_center, practice, "register", offerings[Product.CAHPS].pk, size="2-24", **DANIEL
    )
    assert page.is_done
    assert Enrollment.objects.get().status == "complete"


# --- Years that complete registrations by themselves --------------------------------------------


def test_automatic_year_completes_by_itself_after_the_close(
    practice: Organization, cahps: Offering, service_center: Client
) -> None:
    page = press(service_center, practice, "register", cahps.pk, size="2-24", **DANIEL)
    assert page.is_done
    row = Enrollment.objects.get()
    assert (row.status, row.origin, row.completed_by) == ("complete", "staff", None)
    assert events() == [
        *("registration.started", "registration.saved", "contact.added", "registration.completed"),
    ]
    assert "CAHPS for MIPS Survey: not registered, now registered" in told().body


def test_automatic_year_starts_with_nothing_and_completes_when_staff_gives_the_rest(
    practice: Organization, cahps: Offering, service_center: Client
) -> None:
    page = press(service_center, practice, "register", cahps.pk)
    assert page.is_done
    assert "Started. Something is still missing, so it isn’t registered yet." in page.says
    row = Enrollment.objects.get()
    assert row.status == "incomplete"
    assert "now started, incomplete" in told().body
    press(service_center, row, "size", size="2-24")
    assert press(service_center, row, "add-contact", **DANIEL).is_done
    row.refresh_from_db()
    assert (row.status, row.origin) == ("complete", "staff")
    assert events()[-2:] == ["contact.added", "registration.completed"]


def test_half_a_contact_is_none(
    practice: Organization, cahps: Offering, service_center: Client
) -> None:
    page = press(service_center, practice, "register", cahps.pk, first_name="Daniel")
    assert page.answer.status_code == 422
    assert "Enter the last name." in page.says
    assert not Registration.objects.exists()


def test_deleted_and_restored_in_an_automatic_year_it_keeps_size_and_contacts(
    practice: Organization,
    cahps: Offering,
    service_center: Client,
    june_2022: time_machine.Traveller,
) -> None:
    press(service_center, practice, "register", cahps.pk, size="2-24", **DANIEL)
    row = Enrollment.objects.get()
    before = Enrollment.objects.filter(pk=row.pk).values().get()
    june_2022.shift(60)
    assert press(service_center, row, "end").is_done
    june_2022.shift(60)
    assert press(service_center, row, "restore").is_done
    assert Enrollment.objects.filter(pk=row.pk).values().get() == before
    assert row.registration.size == "2-24"
    assert row.registration.contacts.count() == 1
    assert events()[-2:] == ["registration.deleted", "registration.restored"]


def test_registered_again_in_an_automatic_year_the_size_is_asked_for_anew(
    practice: Organization, cahps: Offering, service_center: Client
) -> None:
    press(service_center, practice, "register", cahps.pk, size="2-24", **DANIEL)
    row = Enrollment.objects.get()
    press(service_center, row, "end")
    page = DeedPage(service_center, deed_of(row, "register")).open()
    assert "Organization Size" in page.says
    assert "first_name" not in page.values
    assert page.send(size="100+").is_done
    row.refresh_from_db()
    assert (row.status, row.registration.size) == ("complete", "100+")


# --- What can't be registered -------------------------------------------------------------------


def test_organizations_page_offers_what_is_possible_and_says_why_the_rest_is_not(
    offerings: Offerings, service_center: Client, django_assert_max_num_queries
) -> None:
    group = VirtualGroupFactory()
    aco = ApmEntityFactory()
    ParticipationFactory(organization=aco, performance_year=2022, shared_savings_program=True)
    practice = OrganizationFactory()
    for row, why in (
        (group, "Only virtual groups that CMS approved"),
        (aco, "registered automatically for the CAHPS for MIPS Survey"),
    ):
        page = main_of(service_center.get(page_of(row)))
        assert "Not possible now Register for 2022 CMS Web Interface" in page
        assert why in page
        key = offerings[Product.CAHPS].pk
        refused = press(service_center, row, "register", key, size="25-99", **DANIEL)
        assert refused.answer.status_code == 422
        assert why in refused.says
    with django_assert_max_num_queries(30):
        page = main_of(service_center.get(page_of(practice)))
    assert "Register for 2022 CAHPS for MIPS Survey" in page
    assert "Not possible now" not in page
    assert not Registration.objects.exists()
    assert events() == []


def test_acos_survey_is_not_ended_by_staff_either(
    offerings: Offerings, service_center: Client
) -> None:
    aco = ApmEntityFactory()
    ParticipationFactory(organization=aco, performance_year=2022, shared_savings_program=True)
    row = enroll(aco, offerings, [Product.CAHPS], origin="automatic").enrollments.get()
    assert "can’t end its registration" in main_of(service_center.get(page_of(row)))
    page = press(service_center, row, "end")
    assert page.answer.status_code == 422
    row.refresh_from_db()
    assert row.status == "complete"


def test_unknown_offering_is_not_found(
    practice: Organization, offerings: Offerings, service_center: Client
) -> None:
    for key in ("x", "", "00000000-0000-4000-8000-000000000000"):
        assert service_center.get(deed_of(practice, "register", key)).status_code == 404


def test_who_may_not_register(
    practice: Organization, offerings: Offerings, reader: Client, sign_in: SignIn
) -> None:
    address = deed_of(practice, "register", offerings[Product.CAHPS].pk)
    assert reader.post(address, {"size": "25-99", "reason": REASON}).status_code == 403
    jane = User.objects.get(user_id="jane.doe")
    assert sign_in(jane).post(address, {"size": "25-99", "reason": REASON}).status_code == 404
    assert "Register for 2022" not in main_of(reader.get(page_of(practice)))
    assert not Registration.objects.exists()
