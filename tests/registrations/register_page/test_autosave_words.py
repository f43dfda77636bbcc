"""What is one's own and what is another's, when the register page saves by itself."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Contact, Registration
from tests.factories import RoleFactory, UserFactory
from tests.registrations.conftest import JSON, ONE, TWO, RegisterPage, Script, of_a_new_contact

# --- Own words ----------------------------------------------------------------------------------


def test_lost_answer_and_more_typing_is_no_conflict(script: Script) -> None:
    script.send(phone="202-555-0177")  # not heard
    assert script.send(phone="202-555-0188").status_code == 200
    assert Contact.objects.get().phone == "2025550188"


def test_lost_answer_and_typing_back_stores_what_stood_there(script: Script) -> None:
    script.send(phone="202-555-0177")
    assert script.send(phone="202-555-0123").status_code == 200
    assert Contact.objects.get().phone == "2025550123"


def test_lost_first_answer_and_clearing_what_was_typed_clears_it(started: RegisterPage) -> None:
    script = Script(started)
    script.send(**of_a_new_contact(phone="202-555-0177"))
    assert script.send(**of_a_new_contact()).status_code == 200
    assert Contact.objects.get().phone == ""


def test_repeat_writes_nothing(script: Script) -> None:
    script.send(phone="202-555-0177", size="2-24")
    before = list(Contact.objects.values()), list(Registration.objects.values())
    events = AuditEvent.objects.count()
    assert script.send(phone="202-555-0177", size="2-24", count=1).status_code == 200
    assert (list(Contact.objects.values()), list(Registration.objects.values())) == before
    assert AuditEvent.objects.count() == events


def test_save_that_was_overtaken_changes_nothing(script: Script) -> None:
    script.send(phone="202-555-0188", count=2)
    assert script.send(phone="202-555-0177", count=1).status_code == 200
    assert Contact.objects.get().phone == "2025550188"


def test_save_that_was_overtaken_by_typing_back_changes_nothing(script: Script) -> None:
    script.send(phone="202-555-0123", size="25-99", count=2)
    assert script.send(phone="202-555-0177", size="2-24", count=1).status_code == 200
    assert Contact.objects.get().phone == "2025550123"
    assert Registration.objects.get().size == "25-99"


def test_other_window_of_the_same_person_is_told_so(script: Script) -> None:
    script.send(phone="202-555-0177")
    other = Script(script.page, token=TWO)
    answer = other.send(phone="202-555-0188")
    assert answer.status_code == 409
    told = answer.json()
    assert told["status"] == "changed"
    assert told["says"] == "Changed in another window"
    assert told["clashes"] == [
        {
            "name": f"{other.prefix()}-phone",
            "label": "Phone",
            "text": "You changed this to (202) 555-0177 in another window.",
            "take": "Use the other",
            "stored": "(202) 555-0177",
        }
    ]
    assert Contact.objects.get().phone == "2025550177"


def test_button_of_the_page_keeps_own_words_after_a_lost_answer(script: Script) -> None:
    script.send(phone="202-555-0177", count=1)
    script.page.type(phone="202-555-0188")
    assert script.page.save(page=ONE, count="2").status_code == 302
    assert Contact.objects.get().phone == "2025550188"


@pytest.mark.parametrize("stamp", [("", ""), (ONE, "x"), ("<script>", "3"), (ONE, "9" * 30)])
def test_stamp_that_is_none_gives_no_right_over_the_value(
    script: Script, stamp: tuple[str, str]
) -> None:
    script.send(phone="202-555-0177")
    script.page.type(phone="202-555-0188")
    assert script.page.save(page=stamp[0], count=stamp[1]).status_code == 409
    assert Contact.objects.get().phone == "2025550177"


# --- Other people's words -----------------------------------------------------------------------


@pytest.fixture
def ken(
    script: Script, practice: Organization, sign_in: Callable[[User], Client]
) -> Callable[[], Script]:
    """Opens the page for Ken, another official."""
    user = UserFactory(first_name="Ken", last_name="Ito")
    RoleFactory(user=user, organization=practice)
    client = sign_in(user)

    def make() -> Script:
        page = RegisterPage(client=client, registration=script.page.registration, values={})
        return Script(page.open(), token=TWO)

    return make


def test_same_field_is_a_conflict_until_it_is_decided(
    script: Script, ken: Callable[[], Script]
) -> None:
    other = ken()
    other.send(phone="202-555-0177")
    told = script.hear(script.send(phone="202-555-0188"))
    assert told["says"] == "Changed by someone else"
    assert told["clashes"][0]["text"] == "Ken Ito changed this to (202) 555-0177."
    open_ = {f"clash-{script.prefix()}-phone": "1"}
    prefix = script.prefix()
    values = {
        "page": ONE,
        "count": "5",
        f"{prefix}-shown": script.page.values[f"{prefix}-shown"],
        f"{prefix}-phone": "202-555-0188",
        f"{prefix}-extension": "9",
    }
    undecided = script.page.client.post(script.page.url, values | open_, **JSON)
    assert undecided.status_code == 409
    assert Contact.objects.get().phone == "2025550177"
    assert Contact.objects.get().extension == "9"
    decided = script.page.client.post(script.page.url, values | {"count": "6"}, **JSON)
    assert decided.status_code == 200
    assert Contact.objects.get().phone == "2025550188"


def test_conflict_names_who_wrote_that_field_and_not_who_wrote_last(
    script: Script, ken: Callable[[], Script], practice: Organization, sign_in: Callable
) -> None:
    ken().send(phone="202-555-0177")
    lee = UserFactory(first_name="Lee", last_name="Park")
    RoleFactory(user=lee, organization=practice)
    page = RegisterPage(client=sign_in(lee), registration=script.page.registration, values={})
    Script(page.open(), token="3" * 24).send(extension="8")
    told = script.send(phone="202-555-0188").json()
    assert told["clashes"][0]["text"].startswith("Ken Ito changed this")


def test_value_that_was_written_without_a_name_is_somebody_elses(script: Script) -> None:
    script.send(phone="202-555-0177")
    Contact.objects.update(phone="2025550199", changed_by="Operations")
    told = script.send(phone="202-555-0188").json()
    assert told["clashes"][0]["text"] == "Operations changed this to (202) 555-0199."


def test_page_of_another_person_with_the_same_token_has_no_right_over_the_value(
    script: Script, ken: Callable[[], Script]
) -> None:
    other = ken()
    other.token = ONE
    script.send(phone="202-555-0177")
    assert other.send(phone="202-555-0188", count=9).status_code == 409


def test_contact_that_was_deleted_is_told_and_can_be_added_again(script: Script) -> None:
    script.page.open("?add=1")
    script.hear(script.send(1, **of_a_new_contact(first_name="Maria")))
    prefix = script.prefix(1)
    Contact.objects.filter(first_name="Maria").get().delete()
    answer = script.send(1, phone="202-555-0188")
    assert answer.status_code == 409
    section = answer.json()["sections"][prefix]
    assert section["gone"].startswith("This contact was deleted meanwhile.")
    assert Contact.objects.count() == 1
    values = {
        f"{section['again']}-shown": section["shown"],
        f"{section['again']}-phone": "2025550188",
    }
    assert script.page.client.post(script.page.url, values, **JSON).status_code == 200
    assert Contact.objects.count() == 2


def test_late_save_of_a_deleted_new_contact_revives_nothing(script: Script) -> None:
    script.page.open("?add=1")
    script.send(1, **of_a_new_contact(first_name="Maria"))
    maria = Contact.objects.get(first_name="Maria")
    script.page.client.post(f"{script.page.url}contacts/{maria.pk}/delete/")
    assert script.send(1, **of_a_new_contact(first_name="Marian")).status_code == 409
    assert Contact.objects.count() == 1
