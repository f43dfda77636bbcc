"""Input that nobody types by accident: told at its field, kept on the page, never stored wrong."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent, Session, User
from organizations.models import Organization
from registrations.forms.register import Shown, prefix_of
from registrations.models import Contact, Registration
from tests.factories import (
    ApmEntityFactory,
    OrganizationFactory,
    RoleFactory,
    VirtualGroupFactory,
)
from tests.registrations.conftest import CONTACT, RegisterPage

LIST = "/registration/2023/cahps/practices/"
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7|add:7 }}"


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def stored() -> dict[str, list[Any]]:
    """Every row of every table, sessions left out, and the events of what was refused."""
    rows = {
        model._meta.label: list(model._default_manager.order_by("pk").values())
        for model in apps.get_models()
        if model is not Session
    }
    events = rows["accounts.AuditEvent"]
    return rows | {
        "accounts.AuditEvent": [row for row in events if row["action"] != "access.refused"]
    }


def message_beside(answer: Any, name: str) -> str:
    """The message that stands beside the field of that name, which points to it; or nothing."""
    html = answer.content.decode()
    found = re.search(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', html)
    assert found, f"{name} isn't on the page"
    tag = found[0]
    if 'aria-invalid="true"' not in tag:
        return ""
    described = re.search(r'aria-describedby="([^"]*)"', tag)
    assert described, "an invalid field points to its message"
    error_id = next(part for part in described[1].split() if part.endswith("_error"))
    return unescape(html.split(f'id="{error_id}"')[1].split("</p>")[0])


def value_of(answer: Any, name: str) -> str:
    """What stands in the field of that name."""
    tag = re.search(rf'<input[^>]* name="{name}"[^>]*>', answer.content.decode())
    assert tag, f"{name} isn't on the page"
    value = re.search(r' value="([^"]*)"', tag[0])
    return unescape(value[1]) if value else ""


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


def another_registration(page: RegisterPage, *, mine: bool) -> Contact:
    """A complete contact elsewhere: of the same person's other practice, or of a stranger's."""
    organization = OrganizationFactory()
    if mine:
        RoleFactory(user=User.objects.get(user_id="jane.doe"), organization=organization)
    registration = Registration.objects.create(
        organization=organization,
        year_id=2023,
        name=organization.name,
        started_at=page.registration.started_at,
        changed_at=page.registration.changed_at,
    )
    return Contact.objects.create(
        registration=registration,
        position=1,
        first_name="Elsewhere",
        last_name="Person",
        email="elsewhere@example.org",
        phone="2025550166",
    )


@pytest.mark.parametrize("mine", [False, True])
@pytest.mark.parametrize("is_new", [False, True])
def test_contact_of_another_registration_cant_be_touched_or_read(
    complete_page: RegisterPage, mine: bool, is_new: bool
) -> None:
    foreign = another_registration(complete_page, mine=mine)
    before = stored()
    prefix = prefix_of(foreign.pk)
    note = Shown(section=prefix, is_new=is_new, values=foreign.values(), offered={}).sign()
    taken_over = {f"{prefix}-{name}": value for name, value in CONTACT.items()}
    answer = complete_page.save(**{f"{prefix}-shown": note}, **taken_over)
    assert answer.status_code == 409
    assert stored() == before
    assert "Elsewhere" not in text(answer)
    assert "2025550166" not in text(answer)
    address = f"{complete_page.url}contacts/{foreign.pk}/delete/"
    assert complete_page.client.get(address).status_code == 404
    complete_page.client.post(address)
    assert stored() == before


@pytest.mark.parametrize("mine", [False, True])
def test_contact_of_another_registration_and_a_missing_one_are_answered_alike(
    complete_page: RegisterPage, mine: bool
) -> None:
    answers = []
    for contact_id in (another_registration(complete_page, mine=mine).pk, uuid4()):
        prefix = prefix_of(contact_id)
        values = {f"{prefix}-{name}": value for name, value in CONTACT.items()}
        for verb in ("get", "post"):
            address = f"{complete_page.url}contacts/{contact_id}/delete/"
            answer = getattr(complete_page.client, verb)(address)
            answers.append((answer.status_code, answer.get("Location")))
        saved = complete_page.save(**{f"{prefix}-shown": "forged"}, **values)
        answers.append((saved.status_code, "deleted this contact" in text(saved)))
    assert answers[:3] == answers[3:]


# --- The notes of what the page showed ----------------------------------------------------------


def forged_notes(page: RegisterPage) -> dict[str, dict[str, str]]:
    """The page's values with other notes than those that belong there."""
    values = page.values
    contact = f"contact-{page.contact_ids[0]}-shown"
    return {
        "forged": {**values, "size-shown": "x", contact: "eyJzIjoic2l6ZSJ9:1abc:zzzz"},
        "empty": {**values, "size-shown": "", contact: ""},
        "exchanged": {**values, "size-shown": values[contact], contact: values["size-shown"]},
        "cut": {**values, "size-shown": values["size-shown"][:-1], contact: values[contact][:-1]},
        "absent": {n: value for n, value in values.items() if not n.endswith("-shown")},
    }


@pytest.mark.parametrize("kind", ["forged", "empty", "exchanged", "cut", "absent"])
def test_note_that_isnt_the_servers_overwrites_nothing(
    complete_page: RegisterPage, kind: str
) -> None:
    complete_page.type(size="100+", phone="202-555-0188")
    complete_page.values = forged_notes(complete_page)[kind]
    before = stored()
    answer = complete_page.save()
    assert answer.status_code == (302 if kind == "absent" else 409)
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


# --- A Staff User -------------------------------------------------------------------------------


@pytest.fixture
def staff_user(
    complete_page: RegisterPage, practice: Organization, sign_in: Callable[[User], Client]
) -> Client:
    return sign_in(RoleFactory(organization=practice, name="staff_user").user)


def test_staff_user_who_forges_a_save_changes_nothing_and_reads_no_mail_and_no_phone(
    complete_page: RegisterPage, staff_user: Client
) -> None:
    before = stored()
    contact = Contact.objects.get()
    forged = {"size-shown": complete_page.values["size-shown"], "size": "100+"}
    for address in ("", "delete/", f"contacts/{contact.pk}/delete/"):
        for data in ({}, forged):
            answer = staff_user.post(f"{complete_page.url}{address}", data)
            assert answer.status_code == 403
            assert "Staff User" in text(answer)
            assert contact.email not in text(answer)
            assert "555-0123" not in text(answer)
    assert stored() == before


# --- The list -----------------------------------------------------------------------------------


@pytest.fixture
def client(june: object, offering: object, practice: Organization, sign_in: Callable) -> Client:
    return sign_in(User.objects.get(user_id="jane.doe"))


@pytest.mark.parametrize(
    "typed", ["x" * 101, "x" * 50_000, "Better\0", "Bet\nter", "Bet\u2028ter", "\u202eretteB"]
)
def test_bad_search_is_told_at_its_field_and_kept(client: Client, typed: str) -> None:
    answer = client.post(f"{LIST}search/", {"text": typed})
    assert answer.status_code == 422
    assert message_beside(answer, "text")
    assert value_of(answer, "text") == typed
    assert "Better Business Health" in text(answer), "the list is still there"


@pytest.mark.parametrize("status", ["finished", "automatic", "not_possible", "\0", SCRIPT])
def test_unknown_status_is_told_in_a_search_and_ignored_in_an_address(
    client: Client, status: str
) -> None:
    assert client.post(f"{LIST}search/", {"status": status}).status_code == 422
    answer = client.get(LIST, {"status": status})
    assert answer.status_code == 200
    assert "Better Business Health" in text(answer)


@pytest.mark.parametrize(
    "query",
    [
        {"page": page}
        for page in ("0", "-1", "9" * 30, "1e9", "٣", "\0", "last", "1.5", "9" * 5000, SCRIPT)
    ]
    + [
        {"organization": text}
        for text in ("1", "\0", "{}", "g" * 32, "urn:uuid:", SCRIPT, "٣" * 32)
    ]
    + [{"q": text} for text in ("\0", " ", "\u2028")],
)
def test_odd_addresses_of_the_list_show_a_list(client: Client, query: dict[str, str]) -> None:
    assert client.get(LIST, query).status_code == 200
    assert "Traceback" not in text(client.get(LIST, query))


def test_very_long_search_in_an_address_finds_nothing_and_shows_a_list(client: Client) -> None:
    answer = client.get(LIST, {"q": "x" * 5000})
    assert answer.status_code == 200
    assert "None of your Practices match." in text(answer)


@pytest.mark.parametrize("wildcard", ["%", "_", "\\", "%_%"])
def test_wildcards_of_the_database_are_plain_characters(client: Client, wildcard: str) -> None:
    assert "None of your Practices match." in text(client.get(LIST, {"q": wildcard}))


@pytest.mark.parametrize("year", ["1", "0", "2022", "9999", "99999", "9" * 19, "9" * 40])
def test_impossible_year_is_not_found(client: Client, practice: Organization, year: str) -> None:
    address = f"/registration/{year}/cahps/"
    assert client.get(address).status_code == 404
    assert client.get(f"{address}practices/").status_code == 404
    assert client.post(f"{address}practices/search/").status_code == 404
    assert client.post(f"{address}organizations/{practice.pk}/start/").status_code == 404


TIN_TYPED = [
    "00-0765630",
    "000765630",
    " 00 0765630 ",
    "00–0765630",
    "00—0765630",
    "00‑0765630",
    "00.0765630",
    "00/0765630",
    "TIN 00-0765630",
    "TIN: 000765630",
    "#000765630",
    "００-０７６５６３０",
    "00-0765630 Better",
    "99-9999999",
]


@pytest.mark.parametrize("tab", ["practices", "virtual-groups", "apm-entities"])
def test_tin_typed_into_the_search_is_never_in_an_address(client: Client, tab: str) -> None:
    jane = User.objects.get(user_id="jane.doe")
    RoleFactory(user=jane, organization=VirtualGroupFactory())
    RoleFactory(user=jane, organization=ApmEntityFactory())
    for typed in TIN_TYPED:
        answer = client.post(f"/registration/2023/cahps/{tab}/search/", {"text": typed})
        location = unquote(answer.get("Location", ""))
        assert sum(character.isdigit() for character in location.partition("?q=")[2]) < 9
        if answer.status_code != 302:
            assert message_beside(answer, "text")
            assert value_of(answer, "text") == typed


def test_tin_is_found_however_it_is_written(client: Client, practice: Organization) -> None:
    for typed in TIN_TYPED[:-1]:
        answer = client.post(f"{LIST}search/", {"text": typed})
        assert answer.url == f"{LIST}?organization={practice.pk}"


# --- Signing in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["user_id", "password", "next"])
@pytest.mark.parametrize(
    "typed", ["\0", "a\0b", "x" * 300, "x" * 100_000, "a\r\nb", "\u2028", "\ud7ff", SCRIPT]
)
def test_sign_in_page_answers_anything_with_a_page(
    offering: object, client: Client, field: str, typed: str
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
