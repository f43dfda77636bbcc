"""Changing an existing registration (2023 guide, V)."""

from accounts.models import AuditEvent
from registrations.models import Contact
from tests.registrations.conftest import CONTACT, RegisterPage

MARIA = {
    "first_name": "Maria",
    "last_name": "Lopez",
    "email": "maria.lopez@example.org",
    "phone": "202.555.0155",
}


def delete_address(started: RegisterPage, contact: Contact) -> str:
    return f"{started.url}contacts/{contact.pk}/delete/"


def test_size_can_be_changed(complete_page: RegisterPage) -> None:
    before = complete_page.registration.version
    assert complete_page.type(size="100+").save().status_code == 302
    complete_page.registration.refresh_from_db()
    assert complete_page.registration.size == "100+"
    assert complete_page.registration.version > before
    assert complete_page.enrollment.status == "complete"


def test_contact_can_be_edited(complete_page: RegisterPage) -> None:
    complete_page.type(phone="202-555-0177", extension="").save()
    contact = Contact.objects.get()
    assert (contact.phone, contact.extension) == ("2025550177", "")
    assert contact.first_name == "Daniel"


def test_contact_can_be_added_and_the_header_counts_it(complete_page: RegisterPage) -> None:
    complete_page.open("?add=1").type(1, **MARIA).save()
    html = complete_page.client.get(complete_page.url).content.decode()
    counted = html.split("Contacts receiving updates")[1]
    assert counted.split("<dd>")[1].startswith("2<")


def test_contact_is_deleted_after_a_question(complete_page: RegisterPage) -> None:
    complete_page.open("?add=1").type(1, **MARIA).save()
    daniel = Contact.objects.get(first_name="Daniel")
    address = delete_address(complete_page, daniel)
    assert "Delete this contact?" in complete_page.client.get(address).content.decode()
    assert Contact.objects.count() == 2
    assert complete_page.client.post(address).url == complete_page.url
    assert Contact.objects.get().first_name == "Maria"
    assert complete_page.enrollment.status == "complete"
    event = AuditEvent.objects.get(action="contact.deleted")
    assert event.object_id == str(daniel.pk)
    assert event.details["phone"] == "***-***-0123"


def test_last_complete_contact_cant_be_deleted_and_the_page_says_what_to_do(
    complete_page: RegisterPage,
) -> None:
    complete_page.open("?add=1").type(1, first_name="Maria").save()
    daniel = Contact.objects.get(first_name="Daniel")
    address = delete_address(complete_page, daniel)
    html = complete_page.client.get(address).content.decode()
    assert "Edit it instead, or add another contact first" in html
    field = f"id_contact-{daniel.pk}-first_name"
    assert f'href="{complete_page.url}#{field}">Edit this contact<' in html
    assert f'id="{field}"' in complete_page.client.get(complete_page.url).content.decode()
    assert complete_page.client.post(address).status_code == 403
    assert Contact.objects.filter(pk=daniel.pk).exists()


def test_unfinished_contact_can_be_deleted(complete_page: RegisterPage) -> None:
    complete_page.open("?add=1").type(1, first_name="Maria").save()
    maria = Contact.objects.get(first_name="Maria")
    assert complete_page.client.post(delete_address(complete_page, maria)).status_code == 302
    assert Contact.objects.get().first_name == "Daniel"


def test_saving_unchanged_forms_writes_nothing(complete_page: RegisterPage) -> None:
    events = AuditEvent.objects.count()
    version = complete_page.registration.version
    assert complete_page.save().status_code == 302
    complete_page.registration.refresh_from_db()
    assert AuditEvent.objects.count() == events
    assert complete_page.registration.version in {version, version + 1}


def test_invalid_field_keeps_its_value_beside_what_was_typed(complete_page: RegisterPage) -> None:
    answer = complete_page.type(phone="555", email="daniel@example.org").save()
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Enter a 10-digit phone number, like (202) 555-0123." in html
    assert 'value="555"' in html
    contact = Contact.objects.get()
    assert contact.phone == "2025550123"
    assert contact.email == "daniel@example.org", "the valid field is stored"
    assert complete_page.enrollment.status == "complete"


def test_contact_of_the_guide_is_complete_with_what_is_typed_in_usual_ways(
    started: RegisterPage,
) -> None:
    for phone in ("2025550123", "+1 202 555 0123", "202-555-0123", "(202) 555-0123"):
        started.type(**{**CONTACT, "phone": phone}).save()
        assert Contact.objects.get().phone == "2025550123"
        started.open()
