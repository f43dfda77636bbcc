"""Two Security Officials at the same registration: nobody's words are overwritten unseen."""

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from registrations.models import Contact, Enrollment, Registration, RegistrationNumber
from tests.factories import RoleFactory, UserFactory
from tests.registrations.conftest import CONTACT, RegisterPage, hidden_and_typed

MARIA = {
    "first_name": "Maria",
    "last_name": "Lopez",
    "email": "maria.lopez@example.org",
    "phone": "(202) 555-0155",
}


@dataclass
class Both:
    """The same registration in the browsers of Jane and of Ken, both opened just now."""

    jane: RegisterPage
    ken: RegisterPage

    def open(self, query: str = "") -> "Both":
        self.jane.open(query)
        self.ken.open(query)
        return self


@pytest.fixture
def both(
    complete_page: RegisterPage, practice: Organization, sign_in: Callable[[User], Client]
) -> Both:
    ken = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=ken, organization=practice)
    page = RegisterPage(client=sign_in(ken), registration=complete_page.registration, values={})
    return Both(jane=complete_page, ken=page.open())


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def size() -> str:
    return Registration.objects.get().size


def written() -> tuple[Any, ...]:
    """Everything that a save can write: rows, how many, and which version they are."""
    return (
        list(Registration.objects.values()),
        list(Enrollment.objects.values()),
        list(Contact.objects.order_by("position").values()),
        list(RegistrationNumber.objects.values()),
        AuditEvent.objects.exclude(action="access.refused").count(),
        Message.objects.count(),
    )


def press_again(page: RegisterPage, answer: Any, **more: str) -> Any:
    """Press a button on the page that came back with the answer."""
    page.values = hidden_and_typed(answer.content.decode())
    return page.save(**more)


def theirs(answer: Any, field: str) -> str:
    """What the button *Use theirs* of a field sends."""
    value = text(answer).split(f'value="{field}=')[1].split('"')[0]
    return f"{field}={value}"


# --- The same field -----------------------------------------------------------------------------


def test_same_field_shows_both_values_and_overwrites_nothing(both: Both) -> None:
    both.jane.type(phone="202-555-0177").save()
    answer = both.ken.type(phone="202-555-0188").save()
    assert answer.status_code == 409
    assert "Jane Doe changed it to (202) 555-0177. You typed 202-555-0188." in " ".join(
        text(answer).replace("<strong>", "").replace("</strong>", "").split()
    )
    assert 'value="202-555-0188"' in text(answer)
    assert 'aria-invalid="true"' in text(answer)
    assert Contact.objects.get().phone == "2025550177"


def test_same_field_of_the_size_shows_both_values(both: Both) -> None:
    both.jane.type(size="2-24").save()
    answer = both.ken.type(size="100+").save()
    assert answer.status_code == 409
    assert "Jane Doe" in text(answer)
    assert size() == "2-24"


def test_saving_again_keeps_mine_once_both_were_seen(both: Both) -> None:
    both.jane.type(phone="202-555-0177").save()
    conflict = both.ken.type(phone="202-555-0188").save()
    assert press_again(both.ken, conflict).status_code == 302
    assert Contact.objects.get().phone == "2025550188"
    assert Contact.objects.get().changed_by == "Ken Ito"


def test_use_theirs_keeps_theirs(both: Both) -> None:
    both.jane.type(phone="202-555-0177").save()
    conflict = both.ken.type(phone="202-555-0188").save()
    before = written()
    name = f"contact-{both.ken.contact_ids[0]}-phone"
    answer = press_again(both.ken, conflict, use_theirs=theirs(conflict, name))
    assert answer.status_code == 302
    assert written() == before


def test_use_theirs_where_they_left_the_field_blank_stores_a_blank(both: Both) -> None:
    both.jane.type(extension="").save()
    conflict = both.ken.type(extension="99").save()
    assert conflict.status_code == 409
    name = f"contact-{both.ken.contact_ids[0]}-extension"
    answer = press_again(both.ken, conflict, use_theirs=theirs(conflict, name))
    assert answer.status_code == 302
    assert Contact.objects.get().extension == ""


def test_someone_who_changes_it_once_more_meanwhile_is_shown_too(both: Both) -> None:
    both.jane.type(phone="202-555-0177").save()
    conflict = both.ken.type(phone="202-555-0188").save()
    both.jane.open().type(phone="202-555-0199").save()
    again = press_again(both.ken, conflict)
    assert again.status_code == 409
    assert "(202) 555-0199" in text(again)
    assert Contact.objects.get().phone == "2025550199"


def test_both_typing_the_same_is_no_conflict(both: Both) -> None:
    both.jane.type(phone="202-555-0177").save()
    before = written()
    assert both.ken.type(phone="(202) 555 0177").save().status_code == 302
    assert written() == before


# --- Different fields ---------------------------------------------------------------------------


def test_different_fields_are_both_kept(both: Both) -> None:
    both.jane.type(phone="202-555-0177").save()
    assert both.ken.type(size="100+", email="dan@example.org").save().status_code == 302
    contact = Contact.objects.get()
    assert (contact.phone, contact.email, size()) == ("2025550177", "dan@example.org", "100+")


def test_field_left_alone_stays_theirs_when_another_one_has_to_be_mended(both: Both) -> None:
    both.jane.type(size="2-24", phone="202-555-0177").save()
    mistake = both.ken.type(email="no address").save()
    assert mistake.status_code == 422
    both.ken.values = hidden_and_typed(mistake.content.decode())
    assert both.ken.type(email="dan@example.org").save().status_code == 302
    contact = Contact.objects.get()
    assert (contact.phone, contact.email, size()) == ("2025550177", "dan@example.org", "2-24")


def test_field_left_alone_stays_theirs_when_another_one_conflicts(both: Both) -> None:
    both.jane.type(size="2-24", phone="202-555-0177", email="first@example.org").save()
    conflict = both.ken.type(email="second@example.org").save()
    assert conflict.status_code == 409
    assert press_again(both.ken, conflict).status_code == 302
    contact = Contact.objects.get()
    assert (contact.phone, contact.email, size()) == ("2025550177", "second@example.org", "2-24")


def test_each_conflict_is_decided_on_its_own(both: Both) -> None:
    both.jane.type(phone="202-555-0177", email="first@example.org").save()
    conflict = both.ken.type(phone="202-555-0188", email="second@example.org").save()
    contact_id = both.ken.contact_ids[0]
    decided = press_again(both.ken, conflict, keep_mine=f"contact-{contact_id}-phone")
    assert Contact.objects.get().phone == "2025550188"
    assert decided.status_code == 409, "nobody chose the other one yet"
    assert Contact.objects.get().email == "first@example.org"
    button = theirs(decided, f"contact-{contact_id}-email")
    assert press_again(both.ken, decided, use_theirs=button).status_code == 302
    assert Contact.objects.get().email == "first@example.org"


def test_new_contacts_of_both_are_both_kept(both: Both) -> None:
    both.open("?add=1")
    both.jane.type(1, **MARIA).save()
    both.ken.type(1, **{**MARIA, "first_name": "Nora"}).save()
    names = Contact.objects.order_by("position").values_list("first_name", flat=True)
    assert list(names) == ["Daniel", "Maria", "Nora"]


# --- Deleted meanwhile --------------------------------------------------------------------------


@pytest.fixture
def two_contacts(both: Both) -> Both:
    both.jane.open("?add=1").type(1, **MARIA).save()
    return both.open()


def delete(page: RegisterPage, first_name: str) -> Any:
    contact = Contact.objects.get(first_name=first_name)
    return page.client.post(f"{page.url}contacts/{contact.pk}/delete/")


def test_contact_deleted_meanwhile_keeps_what_was_typed_and_adds_it_only_when_saved_again(
    two_contacts: Both,
) -> None:
    delete(two_contacts.jane, "Maria")
    answer = two_contacts.ken.type(1, phone="202-555-0188").save()
    assert answer.status_code == 409
    assert "Somebody else deleted this contact." in text(answer)
    assert 'value="202-555-0188"' in text(answer)
    assert Contact.objects.count() == 1
    assert press_again(two_contacts.ken, answer).status_code == 302
    assert Contact.objects.get(first_name="Maria").phone == "2025550188"


def test_contact_deleted_meanwhile_and_left_alone_stays_deleted(two_contacts: Both) -> None:
    delete(two_contacts.jane, "Maria")
    answer = two_contacts.ken.type(size="100+").save()
    if answer.status_code != 302:
        press_again(two_contacts.ken, answer)
    assert size() == "100+"
    assert not Contact.objects.filter(first_name="Maria").exists()


def test_registration_deleted_meanwhile_refuses_and_keeps_what_was_typed(both: Both) -> None:
    both.jane.client.post(f"{both.jane.url}delete/")
    before = written()
    answer = both.ken.type(phone="202-555-0188").save()
    assert answer.status_code == 403
    assert "This registration was deleted." in text(answer)
    assert 'value="202-555-0188"' in text(answer)
    assert written() == before


def test_registration_deleted_and_begun_again_meanwhile_conflicts_with_the_blank_size(
    both: Both, practice: Organization
) -> None:
    both.jane.client.post(f"{both.jane.url}delete/")
    both.jane.client.post(f"/registration/2023/cahps/organizations/{practice.pk}/start/")
    answer = both.ken.type(size="100+").save()
    assert answer.status_code == 409
    assert size() == "", "nothing completes unseen"
    again = press_again(both.ken, answer, use_theirs=theirs(answer, "size"))
    assert again.status_code == 302
    assert size() == ""


# --- The same thing twice -----------------------------------------------------------------------


def test_repeated_save_writes_nothing_twice(both: Both) -> None:
    both.jane.type(size="100+", phone="202-555-0177").save()
    before = written()
    assert both.jane.save().status_code == 302
    assert both.jane.save(add_contact="1").status_code == 302
    assert written() == before


def test_new_contact_saved_twice_is_one_contact(both: Both) -> None:
    both.jane.open("?add=1").type(1, **MARIA).save()
    before = written()
    assert both.jane.save().status_code == 302
    assert Contact.objects.count() == 2
    assert written() == before


def test_late_save_of_a_deleted_new_contact_doesnt_bring_it_back(both: Both) -> None:
    both.jane.open("?add=1").type(1, **MARIA).save()
    delete(both.jane, "Maria")
    before = written()
    answer = both.jane.save()
    assert answer.status_code == 409
    assert written() == before


def test_repeated_deletion_of_a_contact_writes_nothing_twice(two_contacts: Both) -> None:
    maria = Contact.objects.get(first_name="Maria")
    address = f"{two_contacts.jane.url}contacts/{maria.pk}/delete/"
    assert two_contacts.jane.client.post(address).status_code == 302
    before = written()
    assert two_contacts.jane.client.post(address).status_code == 302
    assert written() == before


# --- Complete stays complete --------------------------------------------------------------------


@pytest.mark.parametrize("field", ["first_name", "last_name", "email", "phone"])
def test_blank_in_the_last_complete_contact_is_refused_with_the_stored_value(
    both: Both, field: str
) -> None:
    answer = both.jane.type(**{field: ""}).save()
    assert answer.status_code == 422
    assert f"We still have {CONTACT[field]}." in text(answer)
    assert both.jane.enrollment.status == "complete"
    assert Contact.objects.get().is_complete


def test_blanks_in_all_complete_contacts_leave_one(two_contacts: Both) -> None:
    two_contacts.jane.type(0, email="", phone="").type(1, email="", phone="")
    assert two_contacts.jane.save().status_code == 422
    assert [c.is_complete for c in Contact.objects.order_by("position")] == [False, True]
    assert two_contacts.jane.enrollment.status == "complete"


def test_blanks_of_two_officials_leave_one(two_contacts: Both) -> None:
    two_contacts.jane.type(0, email="").save()
    assert two_contacts.ken.type(1, email="").save().status_code == 422
    assert two_contacts.ken.enrollment.status == "complete"
    assert Contact.objects.complete().count() == 1


def test_last_complete_contact_cant_be_deleted_by_either(two_contacts: Both) -> None:
    delete(two_contacts.jane, "Maria")
    assert delete(two_contacts.ken, "Daniel").status_code == 403
    assert Contact.objects.count() == 1


def test_last_official_of_two_told_by_mail_when_the_other_deletes_the_registration(
    both: Both,
) -> None:
    both.jane.client.post(f"{both.jane.url}delete/")
    both.ken.client.post(f"{both.ken.url}delete/")
    message = Message.objects.get()
    assert message.to == User.objects.get(first_name="Ken").email
