"""Organization Information and contacts with Update (2022 guide, IV.4 to IV.7 and V)."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Contact
from tests.accounts.steps import sign_in_again
from tests.factories import CLOSES_2022, RoleFactory, UserFactory
from tests.registrations.year_pages import CONTACT, INFORMATION, YearPages, form_values, text_of

SignIn = Callable[[User], Client]
PAGE = "information/?back=cahps"
ADD = "contacts/add/?back=cahps"


@pytest.fixture
def ken(sign_in: SignIn, practice: Organization, pages: YearPages) -> YearPages:
    """Another Security Official of the practice."""
    person = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=person, organization=practice)
    return YearPages(sign_in(person), practice)


def done(html: str) -> list[str]:
    """The fields with a check mark."""
    marks = re.findall(r'<span class="field__check" data-check="id_([^"]*)" ?(hidden)?', html)
    return [name.rpartition("-")[2] for name, hidden in marks if not hidden]


# --- Organization Information ---------------------------------------------------------------------


def test_information_comes_filled_in_and_update_stores_it(sized: YearPages) -> None:
    html = sized.html(PAGE)
    assert sized.open(PAGE).values["city"] == "Baltimore"
    assert done(html) == ["name", "address1", "city", "state", "zip_code"]
    for label in ("Organization name", "Address", "City", "State", "ZIP code"):
        assert re.search(rf'> ?{label} <span class="required" aria-hidden="true">\*</span>', html)
    assert '<span class="required" aria-hidden="true">*</span> Required' in html
    assert not re.search(r"second line <span", html)
    assert "Edit</em> next to <em>Size</em> on the Registration Overview" in html
    assert "00-0765630" in html
    answer = sized.fill(**INFORMATION | {"address2": "Suite 4", "zip_code": "21239-0001"}).send(
        PAGE
    )
    assert answer.url == sized.url("cahps/")
    assert sized.registration.information() == INFORMATION | {
        "address2": "Suite 4",
        "zip_code": "21239-0001",
    }
    assert sized.organization.address2 == ""


@pytest.mark.parametrize("state", ["DC", "PR", "AE"])
def test_states_have_territories_and_military_addresses(sized: YearPages, state: str) -> None:
    assert sized.open(PAGE).fill(state=state).send(PAGE).status_code == 302
    assert sized.registration.state == state


def test_wrong_and_missing_fields_are_told_beside_them_and_nothing_is_stored(
    sized: YearPages,
) -> None:
    typed = {"name": "New Name", "address1": " ", "city": "", "state": "XX", "zip_code": "123"}
    answer = sized.open(PAGE).fill(**typed).send(PAGE)
    html = text_of(answer)
    assert answer.status_code == 422
    for field, words in (
        ("address1", "Enter the street address or P.O. box."),
        ("city", "Enter the city."),
        ("state", "Choose one of the states."),
        ("zip_code", "Give the ZIP code as 12345 or 12345-6789"),
    ):
        beside = html.split(f'id="id_{field}_error"')[1].split("</p>")[0]
        assert words in beside
        assert f'<a href="#id_{field}">' in html
    assert done(html) == ["name"]
    values = form_values(answer.content.decode())
    assert (values["name"], values["zip_code"]) == ("New Name", "123")
    assert sized.registration.name == "Better Business Health"


def test_two_officials_who_change_different_fields_both_win(
    sized: YearPages, ken: YearPages
) -> None:
    sized.open(PAGE)
    ken.open(PAGE).fill(city="Towson").send(PAGE)
    assert sized.fill(zip_code="21204").send(PAGE).status_code == 302
    assert (sized.registration.city, sized.registration.zip_code) == ("Towson", "21204")


def test_field_that_somebody_else_changed_shows_both_values_to_choose(
    sized: YearPages, ken: YearPages
) -> None:
    sized.open(PAGE)
    ken.open(PAGE).fill(city="Towson", zip_code="21204").send(PAGE)
    answer = sized.fill(city="Columbia").send(PAGE)
    html = text_of(answer)
    assert answer.status_code == 409
    assert (
        "<strong>City</strong>: Ken Ito changed it to <strong>Towson</strong>. You typed "
        "<strong>Columbia</strong>." in html
    )
    assert sized.registration.city == "Towson"
    sized.values = form_values(answer.content.decode())
    assert sized.values["zip_code"] == "21204"
    taken = {**sized.values}
    answer = sized.send(PAGE, use_theirs="city=Towson")
    assert (answer.status_code, sized.registration.city) == (302, "Towson")
    sized.values = taken
    assert sized.send(PAGE, keep_mine="city").status_code == 302
    assert sized.registration.city == "Columbia"


def test_forged_note_overwrites_nothing_unseen(sized: YearPages) -> None:
    answer = sized.open(PAGE).fill(city="Columbia").send(PAGE, **{"information-shown": "forged"})
    assert answer.status_code == 409
    assert sized.registration.city == "Baltimore"


def test_nothing_is_edited_before_a_size_is_chosen(pages: YearPages) -> None:
    for page in ("information/", "contacts/add/", f"contacts/{uuid4()}/"):
        assert "Select the Organization Size first" in pages.html(page)
        assert pages.post(page, **INFORMATION).status_code == 403


# --- Contacts -------------------------------------------------------------------------------------


def test_contact_is_added_edited_and_told(sized: YearPages) -> None:
    answer = sized.add_contact()
    assert answer.url == sized.url("cahps/")
    contact = sized.contacts[0]
    assert contact.values() == CONTACT | {"phone": "2025550123"}
    page = f"contacts/{contact.pk}/"
    assert done(sized.html(page)) == ["first_name", "last_name", "email", "phone"]
    answer = sized.open(page).fill(phone="202.555.0188", extension="").send(page)
    assert answer.url.endswith(f"overview/practices/?at={sized.organization.pk}")
    contact.refresh_from_db()
    assert (contact.phone, contact.extension) == ("2025550188", "")


def test_adding_twice_adds_once(sized: YearPages) -> None:
    sized.open(ADD).fill(**CONTACT)
    assert [sized.send(ADD).status_code for _ in range(2)] == [302, 302]
    assert len(sized.contacts) == 1


def test_second_contact_is_not_offered_the_officials_name(ready: YearPages) -> None:
    values = ready.open(ADD).values
    assert [value for key, value in values.items() if key.endswith("_name")] == ["", ""]


def test_contact_with_errors_is_told_and_not_stored(sized: YearPages) -> None:
    typed = {"first_name": "Jane3", "last_name": "", "email": "no address", "phone": "555"}
    answer = sized.open(ADD).fill(**typed).send(ADD)
    html = text_of(answer)
    assert answer.status_code == 422
    for words in (
        "may only contain letters",
        "Enter the last name.",
        "Enter an e-mail address, like name@example.org.",
        "Enter a 10-digit phone number",
    ):
        assert words in html
    assert done(html) == []
    assert not Contact.objects.exists()
    sized.values = form_values(answer.content.decode())
    assert sized.fill(**CONTACT).send(ADD).status_code == 302
    assert len(sized.contacts) == 1


def test_contact_that_somebody_else_changed_shows_both_values(
    ready: YearPages, ken: YearPages
) -> None:
    page = f"contacts/{ready.contacts[0].pk}/"
    ready.open(page)
    ken.open(page).fill(phone="202-555-0177", last_name="Okafor-Lee").send(page)
    answer = ready.fill(phone="202-555-0188").send(page)
    assert answer.status_code == 409
    assert "Ken Ito changed it to <strong>(202) 555-0177</strong>" in text_of(answer)
    ready.values = form_values(answer.content.decode())
    assert ready.send(page).status_code == 302
    contact = ready.contacts[0]
    assert (contact.phone, contact.last_name) == ("2025550188", "Okafor-Lee")


@pytest.mark.parametrize("phone", ["202-555-0188", "555"])
def test_contact_that_somebody_else_deleted_can_be_added_again(
    ready: YearPages, ken: YearPages, phone: str
) -> None:
    ready.add_contact(first_name="Maria", last_name="Lopez", email="maria@example.org")
    maria = ready.contacts[1]
    page = f"contacts/{maria.pk}/"
    ready.open(page)
    ken.post(f"contacts/{maria.pk}/delete/")
    answer = ready.fill(phone=phone).send(page)
    html = text_of(answer)
    assert answer.status_code in {409, 422}
    assert "Somebody else deleted this contact. Press Update to add it as a new one." in html
    assert f'action="{ready.url("contacts/add/")}"' in html
    ready.values = form_values(answer.content.decode())
    assert ready.fill(phone="202-555-0188").send("contacts/add/").status_code == 302
    assert [contact.first_name for contact in ready.contacts] == ["Daniel", "Maria"]
    assert maria.pk not in {contact.pk for contact in ready.contacts}


def test_contact_is_deleted_after_asking_and_the_last_complete_one_never(ready: YearPages) -> None:
    only = ready.contacts[0]
    page = f"contacts/{only.pk}/delete/?back=cahps"
    assert "This contact can’t be deleted" in ready.html(page)
    answer = ready.post(page)
    assert (answer.status_code, len(ready.contacts)) == (403, 1)
    assert "Edit it instead, or add another contact first" in text_of(answer)
    ready.add_contact(first_name="Maria", last_name="Lopez", email="maria@example.org")
    html = ready.html(page)
    assert "Delete this contact?" in html
    assert f'<a href="{ready.url("cahps/")}">Cancel</a>' in html
    assert len(ready.contacts) == 2
    assert ready.post(page).url == ready.url("cahps/")
    assert [contact.first_name for contact in ready.contacts] == ["Maria"]
    assert ready.post(page).status_code == 302


def test_fifty_contacts_leave_no_room_for_another(ready: YearPages) -> None:
    ready.open(ADD).fill(**CONTACT)
    Contact.objects.bulk_create(
        Contact(registration=ready.registration, position=place, first_name="Pat")
        for place in range(2, 51)
    )
    answer = ready.send(ADD)
    assert answer.status_code == 422
    assert "at most 50 contacts" in text_of(answer)
    assert len(ready.contacts) == 50
    assert "at most 50 contacts" in ready.html(ADD)


def test_contact_of_another_registration_is_not_there(ready: YearPages) -> None:
    other = uuid4()
    for page in (f"contacts/{other}/", f"contacts/{other}/delete/"):
        assert ready.get(page).status_code == 404
    assert ready.post(f"contacts/{other}/").status_code == 404


# --- Nothing typed is lost ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "field", "text"),
    [("information/", "city", "Columbia"), ("contacts/add/", "email", "typed@example.org")],
)
def test_what_was_typed_after_the_close_stays_on_the_page(
    ready: YearPages, june_2022, sign_in: SignIn, jane: User, where: str, field: str, text: str
) -> None:
    ready.open(where).fill(**{field: text})
    june_2022.move_to(CLOSES_2022)
    ready.client = sign_in(jane)
    answer = ready.send(where)
    html = text_of(answer)
    assert answer.status_code == 403
    assert "Registration closed on June 30, 2022 at 8:00 p.m. ET." in html
    assert "What you typed is still in the fields below" in html
    assert text in form_values(answer.content.decode()).values()
    assert ">Update</button> <a" not in html
    assert "Registration closed on" in ready.html(where)
    assert ready.registration.city == "Baltimore"


@pytest.mark.parametrize(
    ("where", "field", "text"),
    [("information/", "city", "Columbia"), ("contacts/add/", "email", "typed@example.org")],
)
def test_what_was_typed_is_there_again_after_signing_in(
    ready: YearPages, june_2022, jane: User, where: str, field: str, text: str
) -> None:
    page = f"{where}?back=cahps"
    ready.open(page).fill(**{field: text})
    june_2022.shift(31 * 60)
    answer = ready.client.post(
        ready.url(page), ready.values, HTTP_REFERER=f"http://testserver{ready.url(page)}"
    )
    html = sign_in_again(ready.client, jane, answer)
    assert "What you typed is below; press Update." in html
    assert ready.registration.city == "Baltimore"
    ready.values = form_values(html)
    assert text in ready.values.values()
    answer = ready.fill(**CONTACT | {"email": text}).send(page)
    assert answer.url == ready.url("cahps/")
    stored = [ready.registration.city, *(contact.email for contact in ready.contacts)]
    assert text in stored


def test_edits_of_what_is_registered_are_audited(enrolled: YearPages) -> None:
    enrolled.open(PAGE).fill(city="Columbia").send(PAGE)
    event = AuditEvent.objects.filter(action="registration.saved").latest("pk")
    assert event.details["city"] == ["Baltimore", "Columbia"]
