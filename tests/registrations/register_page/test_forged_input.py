"""Somebody else's contacts, forged notes, another role: nothing is read, nothing is written."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.forms.register import Shown, prefix_of
from registrations.models import Contact, Registration
from tests.factories import OrganizationFactory, RoleFactory
from tests.registrations.answers import stored, text
from tests.registrations.conftest import CONTACT, RegisterPage


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


def test_staff_user_is_led_to_where_the_role_is_asked_for(
    complete_page: RegisterPage, staff_user: Client, practice: Organization
) -> None:
    asking = f'href="/manage-access/connect/?organization={practice.pk}"'
    assert asking in staff_user.get(complete_page.url).content.decode()
    assert asking not in complete_page.client.get(complete_page.url).content.decode()
