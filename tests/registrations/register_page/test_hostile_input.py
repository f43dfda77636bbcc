"""Input that nobody types by accident: told at its field, kept on the page, never stored wrong."""

import re
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.forms.register import Shown
from registrations.models import Contact, Registration
from tests.factories import OrganizationFactory
from tests.registrations.answers import SCRIPT, message_beside, stored, text, value_of
from tests.registrations.conftest import RegisterPage

LIST = "/registration/2023/cahps/practices/"


# --- One field ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("first_name", "Dan\0iel", "Remove the line break or invisible character"),
        ("first_name", "Dan\x07iel", "Remove the line break or invisible character"),
        ("first_name", "Dan\tiel", "Remove the line break or invisible character"),
        ("first_name", "Dan\x7fiel", "Remove the line break or invisible character"),
        ("first_name", "Dan\u202eleik", "Remove the line break or invisible character"),
        ("first_name", "Dan\u200biel", "Remove the line break or invisible character"),
        ("first_name", "Dan\r\niel", "Remove the line break or invisible character"),
        ("last_name", "O" * 300, "Last name can have 100 characters; this has 300."),
        ("last_name", "é" * 101, "Last name can have 100 characters; this has 101."),
        ("last_name", SCRIPT, "may only contain letters"),
        ("last_name", "=1+1", "may only contain letters"),
        ("email", "a@example.org\r\nBcc: x@example.org", "Remove the line break"),
        ("email", "a@example.org\nBcc: x@example.org", "Remove the line break"),
        ("email", "a@example.org\u2028Bcc: x@example.org", "Remove the line break"),
        ("email", "a@example.org, b@example.org", "Enter an e-mail address"),
        ("email", "=?utf-8?q?a?= <a@example.org>", "Enter an e-mail address"),
        ("email", "a@" + "b" * 300 + ".org", "E-mail can have 254 characters"),
        ("phone", "202-555-012", "Enter a 10-digit phone number"),
        ("phone", "(555) 555-0123", "Enter a 10-digit phone number"),
        ("phone", "+44 20 7946 0123", "Enter a 10-digit phone number"),
        ("phone", "202-555-0123 ext. 5", "Enter a 10-digit phone number"),
        ("phone", "2" * 31, "Phone can have 30 characters"),
        ("phone", "202555\x000123", "Remove the line break or invisible character"),
        ("extension", "12a", "An extension has digits only."),
        ("extension", "١٢", "An extension has digits only."),
        ("extension", "1" * 11, "Extension can have 10 characters"),
    ],
)
def test_bad_text_is_told_at_its_field_kept_and_not_stored(
    complete_page: RegisterPage, field: str, typed: str, message: str
) -> None:
    contact_before = Contact.objects.values().get()
    name = f"contact-{complete_page.contact_ids[0]}-{field}"
    answer = complete_page.type(size="100+", **{field: typed}).save()
    assert answer.status_code == 422
    assert message in message_beside(answer, name)
    assert message in text(answer).split("There is a problem")[1].split("</ul>")[0]
    assert value_of(answer, name) == typed
    assert Contact.objects.values().get() == contact_before
    assert Registration.objects.get().size == "100+", "the valid field is stored"
    assert complete_page.enrollment.status == "complete"


@pytest.mark.parametrize("size", ["1", "2-25", "100", "complete", "\0", SCRIPT])
def test_forged_size_is_told_at_its_field_and_not_stored(
    complete_page: RegisterPage, size: str
) -> None:
    answer = complete_page.type(size=size).save()
    assert answer.status_code == 422
    assert "Choose one of the three sizes." in text(answer)
    assert Registration.objects.get().size == "25-99"


def test_new_contact_in_error_isnt_stored_and_keeps_what_was_typed(started: RegisterPage) -> None:
    contact_id = started.contact_ids[0]
    bad = {"first_name": "1", "last_name": "2", "email": "3", "phone": "4", "extension": "five"}
    answer = started.type(**bad).save()
    assert answer.status_code == 422
    for field, typed in bad.items():
        name = f"contact-{contact_id}-{field}"
        assert message_beside(answer, name)
        assert value_of(answer, name) == typed
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "name", ["O’Brien-Smith Jr.", "Nguyễn", "李", "Ñandú", "d'Arc, M.D.", "محمد", "e\u0301"]
)
def test_names_of_people_are_accepted(complete_page: RegisterPage, name: str) -> None:
    assert complete_page.type(last_name=name).save().status_code == 302
    assert Contact.objects.get().last_name in {name, "é"}


# --- Markup -------------------------------------------------------------------------------------


@pytest.fixture
def marked(offering: object, practice: Organization) -> None:
    """Data that came past the forms, from directory and operations: it isn't trusted either."""
    Organization.objects.update(name=SCRIPT, search_name=SCRIPT.casefold())
    User.objects.update(first_name=SCRIPT, last_name=SCRIPT)


def test_markup_in_names_is_text_on_every_page(marked: None, complete_page: RegisterPage) -> None:
    Contact.objects.update(first_name=SCRIPT, last_name=SCRIPT, email='"><b>@example.org')
    contact = Contact.objects.get()
    client, here = complete_page.client, complete_page.url
    addresses = [
        "/home/",
        "/registration/",
        LIST,
        f"{LIST}?q=%3Cscript%3Ealert(1)%3C/script%3E",
        here,
        f"{here}summary/",
        f"{here}delete/",
        f"{here}contacts/{contact.pk}/delete/",
    ]
    pages = [client.get(address) for address in addresses]
    pages.append(complete_page.type(last_name=SCRIPT, extension=SCRIPT).save())
    pages.append(client.post(f"{LIST}search/", {"text": f"{SCRIPT}\0"}))
    pages.append(client.post(f"{here}delete/", follow=True))
    pages.append(client.get(here))
    for page in pages:
        html = page.content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert '"><b>' not in html
        assert "{{ 7|add:7 }}" in html or "14" not in re.findall(r">\s*14\s*<", html)


# --- The form as a whole ------------------------------------------------------------------------


@pytest.mark.parametrize("enforce_csrf_checks", [False, True])
def test_1001_fields_are_refused_with_a_page(
    complete_page: RegisterPage, enforce_csrf_checks: bool
) -> None:
    before = stored()
    complete_page.client.handler.enforce_csrf_checks = enforce_csrf_checks
    answer = complete_page.save(**{f"f{number}": "x" for number in range(1001)})
    assert answer.status_code == 400
    assert "<h1" in text(answer)
    assert "Traceback" not in text(answer)
    assert stored() == before


def test_body_of_three_megabytes_is_refused_with_a_page(complete_page: RegisterPage) -> None:
    before = stored()
    answer = complete_page.client.post(
        complete_page.url, "size=" + "x" * 3_000_000, "application/x-www-form-urlencoded"
    )
    assert answer.status_code in {400, 413}
    assert "<h1" in text(answer)
    assert stored() == before


def new_note(contact_id: object) -> dict[str, str]:
    """The note of an empty form, as the server would have signed it."""
    blank = dict.fromkeys(("first_name", "last_name", "email", "phone", "extension"), "")
    section = f"contact-{contact_id}"
    shown = Shown(section=section, is_new=True, values=blank, offered={})
    return {f"{section}-shown": shown.sign()}


def test_51st_contact_is_refused_and_what_was_typed_is_kept(complete_page: RegisterPage) -> None:
    Contact.objects.bulk_create(
        Contact(registration=complete_page.registration, position=number, first_name="Pat")
        for number in range(2, 51)
    )
    before = stored()
    answer = complete_page.open("?add=1").type(50, first_name="One", last_name="Toomany").save()
    assert answer.status_code == 422
    assert "at most 50 contacts" in text(answer)
    assert "Toomany" in text(answer)
    assert stored() == before


def test_51_contacts_at_once_are_refused_as_a_whole(started: RegisterPage) -> None:
    before = stored()
    for _ in range(51):
        contact_id = uuid4()
        started.values |= new_note(contact_id)
        started.values[f"contact-{contact_id}-first_name"] = "Pat"
    assert started.save().status_code == 422
    assert stored() == before


@pytest.mark.parametrize(
    "name",
    [
        "contact-0123456789abcdef0123456789abcdef-----shown",
        "contact------------------------------------------shown",
        "contact-zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz-shown",
        "contact--shown",
        "contact-{id}-shown-shown",
        "use_theirs",
        "keep_mine",
        "clash-",
        "clash-size",
    ],
)
@pytest.mark.parametrize("value", ["", "=", "size", "size=\0", "csrfmiddlewaretoken=x"])
def test_odd_field_names_do_no_harm(complete_page: RegisterPage, name: str, value: str) -> None:
    contact_before = Contact.objects.values().get()
    name = name.replace("{id}", str(complete_page.contact_ids[0]))
    assert complete_page.save(**{name: value}).status_code in {302, 409, 422}
    assert Contact.objects.values().get() == contact_before
    assert Registration.objects.get().size == "25-99"


def test_fields_that_no_form_has_change_nothing(complete_page: RegisterPage) -> None:
    other = OrganizationFactory()
    prefix = f"contact-{complete_page.contact_ids[0]}"
    extras = {
        "id": str(uuid4()),
        "registration": str(uuid4()),
        "registration_id": str(uuid4()),
        "organization": str(other.pk),
        "organization_id": str(other.pk),
        "year": "2022",
        "name": "Taken over",
        "address1": "1 Elsewhere",
        "version": "99",
        "number": "111111",
        "status": "cancelled",
        "origin": "staff",
        "completed_at": "2020-01-01",
        "cancelled_at": "2020-01-01",
        "changed_by": "Nobody",
        "position": "7",
        "is_staff": "on",
        "is_superuser": "on",
        "role": "security_official",
        "received_at": "2020-01-01T00:00:00Z",
        "actor": "staff",
    }
    before = stored()
    extras |= {f"{prefix}-{name}": value for name, value in extras.items()}
    assert complete_page.save(**extras).status_code == 302
    assert stored() == before
    for step in ("delete/", f"contacts/{complete_page.contact_ids[0]}/delete/"):
        complete_page.client.get(f"{complete_page.url}{step}", extras)
    assert stored() == before
    answer = complete_page.client.get(complete_page.url, extras)
    assert answer.status_code == 200


# --- Signing in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["user_id", "password", "next"])
@pytest.mark.parametrize(
    "typed", ["\0", "a\0b", "x" * 300, "x" * 100_000, "a\r\nb", "\u2028", "\ud7ff", SCRIPT]
)
def test_sign_in_page_answers_anything_with_a_page(
    june: object, offering: object, practice: object, field: str, typed: str
) -> None:
    data = {"user_id": "jane.doe", "password": "wrong words here", "agree": "on", field: typed}
    answer = Client().post("/sign-in/", data)
    assert answer.status_code == 200
    assert "<script>alert" not in text(answer).split("<form")[0]
    assert "<img src=x" not in answer.content.decode()
    assert not AuditEvent.objects.filter(action="signed_in").exists()


# --- Anything -----------------------------------------------------------------------------------

anything = st.one_of(
    st.text(max_size=120),
    st.text(st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Zs", "Lo"]), max_size=20),
    st.sampled_from(["", "Pat", "pat@example.org", "(202) 555-0123", "2-24", "100+", SCRIPT]),
)


FIELDS = ("first_name", "last_name", "email", "phone", "extension", "shown")
PLACES = [
    *("size", "size-shown", "use_theirs", "keep_mine", "clash-size"),
    *(f"{number}-{field}" for number in range(2) for field in FIELDS),
]


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.dictionaries(st.sampled_from(PLACES), anything, max_size=8))
def test_whatever_is_posted_the_answer_is_a_page_and_complete_means_complete(
    complete_page: RegisterPage, typed: dict[str, str]
) -> None:
    page = complete_page
    with transaction.atomic():
        page.open("?add=1")
        prefixes = [f"contact-{contact_id}" for contact_id in page.contact_ids]
        posted = {
            re.sub("^[01]", lambda place: prefixes[int(place[0])], name): value
            for name, value in typed.items()
        }
        assert page.save(**posted).status_code in {302, 409, 422}
        assert page.enrollment.status == "complete"
        assert Registration.objects.get().size in {"2-24", "25-99", "100+"}
        contacts = list(Contact.objects.all())
        assert 1 <= len(contacts) <= 2
        assert any(contact.is_complete for contact in contacts)
        for contact in contacts:
            contact.clean_fields(exclude=["registration", "position", "changed_by"])
            assert re.fullmatch(r"(\d{10})?", contact.phone, re.ASCII)
            for value in contact.values().values():
                assert value.isprintable()
                assert value == value.strip()
        transaction.set_rollback(True)
