"""Register selected for CAHPS: selecting, and the page with sizes and contacts."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from accounts.models import Role, User
from organizations.models import Organization
from registrations.models import Contact, Offering, Registration, WindowExtension
from tests.conftest import signed_in_session
from tests.factories import (
    CLOSES,
    DURING,
    ApmEntityFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
)
from tests.registrations.many_pages import (
    ALEX,
    LIST,
    MANY,
    PAT,
    chosen_on_list,
    confirmed,
    outcome_of,
    practices,
    registered,
    reviewed,
    sent,
    sizes_filled,
    statuses,
    text,
    written,
)

# --- Selecting ----------------------------------------------------------------------------------


def test_only_rows_that_can_be_registered_have_a_box(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    registered(jane, six[0], offering, PAT)
    registered(jane, six[1], offering, PAT, size="")
    staff = practices(jane, 1, role="staff_user")[0]
    html = client.get(LIST).content.decode()
    boxes = {org.pk: f'value="{org.pk}"' in html for org in (*six, staff)}
    assert boxes == {six[0].pk: False, staff.pk: False} | {org.pk: True for org in six[1:]}
    assert "Select all 5 that can be registered" in text(client.get(LIST))


def test_official_of_one_practice_sees_no_boxes_and_no_tools(client: Client, jane: User) -> None:
    practices(jane, 1)
    page = text(client.get(LIST))
    assert "Register selected" not in page
    assert "Tools for many" not in page


def test_nothing_selected_is_told_and_nothing_happens(
    client: Client, six: list[Organization]
) -> None:
    before = written()
    answer = client.post(MANY, {}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Nothing is selected. Tick the practices" in text(answer)
    assert written() == before


def test_ticked_ones_are_on_the_next_page(client: Client, six: list[Organization]) -> None:
    page = text(chosen_on_list(client, six[1:3]))
    assert "Register 2 practices for CAHPS" in page
    assert "Practice 001" in page
    assert "Practice 004" not in page


def test_all_on_this_page_are_those_shown_and_not_other_pages(client: Client, jane: User) -> None:
    practices(jane, 30)
    shown = sent(client.get(LIST), 'id="many"')
    assert "Register 25 practices" in text(client.post(MANY, {**shown, "page": "1"}))


def test_all_that_match_are_those_of_the_search_on_every_page(client: Client, jane: User) -> None:
    practices(jane, 30)
    RoleFactory(user=jane, organization=OrganizationFactory(name="Lakeside Clinic"))
    shown = sent(client.get(f"{LIST}?q=practice"), 'id="many"')
    assert "Register 30 practices" in text(client.post(MANY, {**shown, "all": "1"}))


def test_more_than_200_come_in_parts_and_the_page_says_so(client: Client, jane: User) -> None:
    practices(jane, 203)
    answer = client.post(MANY, {"all": "1"})
    assert "Register 200 practices" in text(answer)
    assert "At most 200 at a time" in text(answer)
    assert "3 more match" in text(answer)
    assert "Upload a registration sheet" in text(answer)
    outcome = confirmed(client, client.post(MANY, sizes_filled(answer)))
    assert "Go on with the next 3" in text(outcome)
    following = client.post(MANY, sent(outcome, "actions"))
    assert "Register 3 practices for CAHPS" in text(following)


def test_box_and_sql_agree_before_during_and_after_the_window_and_in_an_extension(
    client: Client, six: list[Organization], offering: Offering, jane: User
) -> None:
    WindowExtension.objects.create(
        organization=six[0],
        offering=offering,
        until=CLOSES + timedelta(days=5),
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )
    WindowExtension.objects.create(
        organization=six[1],
        offering=offering,
        until=CLOSES + timedelta(days=5),
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING,
    )
    registered(jane, six[1], offering, PAT, size="")
    for days, number in ((-70, 0), (0, 6), (30, 2), (40, 0)):
        with time_machine.travel(DURING + timedelta(days=days), tick=False):
            user = UserFactory()
            Role.objects.filter(organization__in=six).update(user=user)
            page = Client()
            page.cookies["session"] = signed_in_session(user, DURING + timedelta(days=days))
            html = page.get(LIST).content.decode()
        assert html.count("data-select-row") == number
        assert (f'data-select-all="{number}"' in html) == bool(number)


# --- Sizes and contacts -------------------------------------------------------------------------


def test_first_contact_suggests_the_officials_name_and_a_stored_size_is_chosen(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    registered(jane, six[0], offering, size="100+")
    values = sent(chosen_on_list(client, six[:2]), 'class="steps"')
    assert values["contact-0-first_name"] == ["Jane"]
    assert values["contact-0-last_name"] == ["Doe"]
    assert values[f"size-{six[0].pk}"] == ["100+"]
    assert f"size-{six[1].pk}" not in values


def test_set_for_all_sets_every_row_and_keeps_what_was_typed(
    client: Client, six: list[Organization]
) -> None:
    values = sizes_filled(chosen_on_list(client, six), phone="not a phone")
    answer = client.post(MANY, {**values, "set_all": "1"})
    again = sent(answer, 'class="steps"')
    assert [again[f"size-{org.pk}"] for org in six] == [["2-24"]] * 6
    assert again["contact-0-phone"] == ["not a phone"]
    assert again["contact-0-email"] == [PAT["email"]]


def test_each_row_without_a_size_says_so_and_nothing_typed_is_lost(
    client: Client, six: list[Organization]
) -> None:
    values = sizes_filled(chosen_on_list(client, six[:3]))
    del values["same_size"]
    values[f"size-{six[0].pk}"] = ["25-99"]
    answer = client.post(MANY, values)
    assert answer.status_code == 422
    assert "Choose the size of Practice 000." not in text(answer)
    assert "Choose the size of Practice 001." in text(answer)
    assert f'id="error-{six[2].pk}"' in answer.content.decode()
    again = sent(answer, 'class="steps"')
    assert again[f"size-{six[0].pk}"] == ["25-99"]
    assert again["contact-0-email"] == [PAT["email"]]


@pytest.mark.parametrize(
    ("contact", "message"),
    [
        ({"email": ""}, "Contact 1: Enter the e-mail address."),
        ({"phone": "555-01"}, "Contact 1: Enter a 10-digit phone number"),
        ({"first_name": "<b>"}, "may only contain letters"),
        (dict.fromkeys(PAT, ""), "Contact 1: Enter the first name."),
    ],
)
def test_contact_is_complete_or_told_beside_its_field(
    client: Client, six: list[Organization], contact: dict[str, str], message: str
) -> None:
    before = written()
    answer = reviewed(client, six[:2], **contact)
    assert answer.status_code == 422
    assert message in text(answer)
    assert written() == before


def test_contact_can_be_left_out_where_each_has_a_complete_one(
    client: Client, six: list[Organization], jane: User, offering: Offering
) -> None:
    registered(jane, six[0], offering, ALEX, size="")
    values = sent(chosen_on_list(client, six[:1]), 'class="steps"')
    review = client.post(MANY, {**values, "same_size": "25-99"})
    assert "Practice 000" in outcome_of(review, "Practice 000")
    confirmed(client, review)
    assert statuses() == {six[0].pk: "complete"}
    assert [contact.email for contact in Contact.objects.all()] == [ALEX["email"]]


def test_two_contacts_with_one_email_are_refused(client: Client, six: list[Organization]) -> None:
    values = sizes_filled(chosen_on_list(client, six))
    answer = client.post(MANY, {**values, "add_contact": "1"})
    more = sent(answer, 'class="steps"')
    for name, value in (ALEX | {"email": PAT["email"].upper()}).items():
        more[f"contact-1-{name}"] = [value]
    answer = client.post(MANY, more)
    assert answer.status_code == 422
    assert "Contact 1 has this e-mail." in text(answer)


def test_unticked_rows_are_left_out_and_come_back_with_edit(
    client: Client, six: list[Organization]
) -> None:
    values = sizes_filled(chosen_on_list(client, six[:3]))
    values["organization"] = [str(six[0].pk)]
    review = client.post(MANY, values)
    assert "register 1 practice for" in text(review)
    again = client.post(MANY, {**sent(review, "actions"), "change": "1"})
    assert sent(again, 'class="steps"')["organization"] == [str(six[0].pk)]
    assert "Practice 002" in text(again)
    assert sent(again, 'class="steps"')["contact-0-phone"] == ["(202) 555-0144"]
    confirmed(client, review)
    assert set(statuses()) == {six[0].pk}


def test_nothing_ticked_on_the_sizes_page_is_told(client: Client, six: list[Organization]) -> None:
    values = sizes_filled(chosen_on_list(client, six))
    del values["organization"]
    answer = client.post(MANY, values)
    assert answer.status_code == 422
    assert "Tick at least one" in text(answer)


# --- Hostile input ------------------------------------------------------------------------------


def test_organizations_of_others_and_other_kinds_arent_there(
    client: Client, six: list[Organization], jane: User
) -> None:
    theirs = OrganizationFactory(name="Elsewhere Practice")
    RoleFactory(organization=theirs)
    entity = ApmEntityFactory(name="Some Entity")
    RoleFactory(user=jane, organization=entity)
    answer = client.post(
        MANY, {"organization": [str(theirs.pk), str(entity.pk), "x", "", str(six[0].pk)]}
    )
    assert "Register 1 practice for CAHPS" in text(answer)
    assert "Elsewhere" not in text(answer)
    alone = client.post(MANY, {"organization": [str(theirs.pk)]}, follow=True)
    assert "Nothing is selected" in text(alone)
    values = sizes_filled(answer)
    values["organization"].append(str(theirs.pk))
    values[f"size-{theirs.pk}"] = ["2-24"]
    confirmed(client, client.post(MANY, values))
    assert set(statuses()) == {six[0].pk}


@pytest.mark.parametrize("size", ["1000", "", "2-24 ", "<b>", "2-24\0"])
def test_forged_size_is_no_size(client: Client, six: list[Organization], size: str) -> None:
    values = sizes_filled(chosen_on_list(client, six[:1]))
    del values["same_size"]
    answer = client.post(MANY, {**values, f"size-{six[0].pk}": size})
    assert answer.status_code == 422
    assert "Choose the size of Practice 000" in text(answer)


@pytest.mark.parametrize("field", ["selection", "wish"])
@pytest.mark.parametrize("forge", ["", "forged", "another person's", "swapped"])
def test_forged_note_leads_back_to_the_list(
    client: Client,
    six: list[Organization],
    sign_in: Callable,
    field: str,
    forge: str,
) -> None:
    values = {**sent(reviewed(client, six), "actions"), "confirm": "1"}
    other = "wish" if field == "selection" else "selection"
    if forge == "another person's":
        ken = UserFactory()
        for organization in six:
            RoleFactory(user=ken, organization=organization)
        values[field] = sent(reviewed(sign_in(ken), six), "actions")[field]
    else:
        values[field] = values[other] if forge == "swapped" else [forge]
    answer = client.post(MANY, values, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert not Registration.objects.exists()


def test_too_many_fields_are_refused_and_change_nothing(
    client: Client, six: list[Organization]
) -> None:
    values = {f"size-{uuid4()}": "2-24" for _ in range(1001)}
    before = written()
    assert (
        client.post(MANY, {**sizes_filled(chosen_on_list(client, six)), **values}).status_code
        == 400
    )
    assert written() == before


def test_200_organizations_and_all_contacts_stay_below_the_limit_of_fields(
    client: Client, jane: User
) -> None:
    practices(jane, 200)
    values = sizes_filled(client.post(MANY, {"all": "1"}))
    for _ in range(12):
        answer = client.post(MANY, {**values, "set_all": "1", "add_contact": "1"})
        assert answer.status_code == 200
        values = sent(answer, 'class="steps"')
    assert "At most 10 contacts for all" in text(answer)
    assert sum(len(found) for found in values.values()) < 500


def test_staff_user_can_select_nothing(june: object, offering: Offering, sign_in: Callable) -> None:
    staff = UserFactory()
    made = practices(staff, 3, role="staff_user")
    client = sign_in(staff)
    assert "Register selected" not in text(client.get(LIST))
    answer = chosen_on_list(client, made)
    assert (answer.status_code, answer.url) == (302, LIST)


def test_page_opened_by_its_address_leads_to_the_list(client: Client, six: object) -> None:
    assert client.get(MANY).url == LIST
