"""Contacts over many registrations: copied, and applied to others."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import AuditEvent, Role, User
from organizations.models import Organization
from registrations.models import Contact, Enrollment, Offering, Registration
from tests.factories import (
    CLOSES,
    DURING,
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.many_pages import (
    ALEX,
    PAT,
    close,
    confirmed,
    contact_of,
    mails,
    outcome_of,
    practices,
    registered,
    sent,
    text,
    url,
    written,
)

# --- Copy contacts from another organization ----------------------------------------------------


def copy_of(registration: Registration) -> str:
    return url(registration, "contacts/copy/")


def test_copy_adds_who_is_not_there_yet_in_any_case(
    client: Client, three: list[Registration], jane: User
) -> None:
    Contact.objects.filter(registration=three[0]).update(email="PAT.Example@example.ORG")
    preview = client.get(copy_of(three[0]), {"from": three[1].pk})
    assert "New contact: Alex Example" in outcome_of(preview, "Practice 000")
    assert "Already there: Pat Example" in outcome_of(preview, "Practice 000")
    assert mails(three[0]) == ["PAT.Example@example.ORG"]
    answer = confirmed(client, preview)
    assert answer.url == url(three[0], "")
    assert mails(three[0]) == ["PAT.Example@example.ORG", "alex@example.org"]
    added = AuditEvent.objects.filter(
        action="contact.added", object_id=str(contact_of(three[0]).pk)
    )
    assert added.get().actor_name == "Jane Doe"


def test_copy_completes_a_registration_that_lacked_only_a_contact(
    client: Client, three: list[Registration]
) -> None:
    confirmed(client, client.get(copy_of(three[2]), {"from": three[0].pk}))
    assert Enrollment.objects.get(registration=three[2]).status == "complete"


def test_copying_twice_changes_nothing_twice(client: Client, three: list[Registration]) -> None:
    preview = client.get(copy_of(three[2]), {"from": three[1].pk})
    confirmed(client, preview)
    before = written()
    confirmed(client, preview)
    assert written() == before


def test_copy_that_comes_after_a_deletion_revives_no_contact(
    client: Client, three: list[Registration]
) -> None:
    preview = client.get(copy_of(three[2]), {"from": three[1].pk})
    confirmed(client, preview)
    client.post(url(three[2], f"contacts/{contact_of(three[2]).pk}/delete/"))
    before = written()
    answer = confirmed(client, preview)
    assert "It was left alone" in outcome_of(answer, "Practice 002")
    assert written() == before


def test_sources_are_own_organizations_with_contacts_of_this_or_an_earlier_year(
    client: Client, three: list[Registration], jane: User
) -> None:
    for year in (2022, 2024):
        other = OfferingFactory(
            year=YearFactory(year=year),
            opens_at=DURING - timedelta(days=1),
            closes_at=CLOSES,
        )
        registered(jane, three[0].organization, other, ALEX)
    foreign = OrganizationFactory(name="Elsewhere Practice")
    ken = RoleFactory(organization=foreign).user
    RoleFactory(user=jane, organization=foreign, name="staff_user")
    theirs = registered(ken, foreign, Offering.objects.get(year=2023), ALEX)
    page = text(client.get(copy_of(three[0])))
    assert "Practice 001 TIN" in page
    assert "2023, 2 contacts" in page
    assert "2022, 1 contact" in page
    assert "2024" not in page
    assert "Practice 002" not in page
    assert "Elsewhere" not in page
    for key in (theirs.pk, three[2].pk, three[0].pk, uuid4(), "x"):
        assert client.get(copy_of(three[0]), {"from": key}).status_code == 404


def test_sources_are_searched_by_name_and_a_tin_stays_out_of_the_address(
    client: Client, three: list[Registration]
) -> None:
    answer = client.post(copy_of(three[2]), {"text": "practice 001"}, follow=True)
    assert "Practice 001" in text(answer)
    assert "Practice 000" not in text(answer)
    refused = client.post(copy_of(three[2]), {"text": "00-1234567"})
    assert refused.status_code == 422
    assert "Enter part of the name" in text(refused)
    assert "None of your other organizations match" in text(
        client.get(copy_of(three[2]), {"q": "nothing like it"})
    )


def test_copy_respects_50_contacts(client: Client, three: list[Registration]) -> None:
    Contact.objects.bulk_create(
        Contact(registration=three[2], position=place, first_name=f"P{place}")
        for place in range(1, 50)
    )
    preview = client.get(copy_of(three[2]), {"from": three[1].pk})
    assert "It has 49 contacts and would get 2 more" in outcome_of(preview, "Practice 002")
    assert 'name="confirm"' not in preview.content.decode()


def test_copy_is_refused_after_the_close_and_to_a_staff_user(
    client: Client, three: list[Registration], offering: Offering, sign_in: Callable
) -> None:
    preview = client.get(copy_of(three[2]), {"from": three[1].pk})
    staff = UserFactory()
    RoleFactory(user=staff, organization=three[2].organization, name="staff_user")
    answer = sign_in(staff).get(copy_of(three[2]), {"from": three[1].pk})
    assert "Your role is Staff User" in text(answer)
    assert "example.org" not in text(answer).replace("QPP@cms.hhs.gov", "")
    close(offering)
    answer = confirmed(client, preview)
    assert answer.status_code == 403
    assert "Registration closed" in text(answer)
    assert not three[2].contacts.exists()


# --- Apply this contact to others ---------------------------------------------------------------


def apply_of(registration: Registration, email: str = PAT["email"]) -> str:
    return url(registration, f"contacts/{contact_of(registration, email).pk}/apply/")


def ticked(*registrations: Registration) -> dict[str, list[str]]:
    return {"organization": [str(each.organization_id) for each in registrations]}


def test_contact_is_applied_to_the_chosen_registrations(
    client: Client, three: list[Registration]
) -> None:
    review = client.post(apply_of(three[1], ALEX["email"]), ticked(three[0], three[2]))
    assert "Apply to 2 organizations" in text(review)
    assert not Contact.objects.filter(registration=three[2]).exists()
    outcome = confirmed(client, review)
    assert mails(three[0]) == [ALEX["email"], PAT["email"]]
    assert mails(three[2]) == [ALEX["email"]]
    assert "Changed" in outcome_of(outcome, "Practice 002")
    before = written()
    again = confirmed(client, review)
    assert "Nothing to do" in outcome_of(again, "Practice 002")
    assert written() == before


def test_where_the_person_is_a_contact_already_there_is_nothing_to_do(
    client: Client, three: list[Registration]
) -> None:
    review = client.post(apply_of(three[0]), ticked(three[1], three[2]))
    assert "Nothing to do Already there: Pat Example" in outcome_of(review, "Practice 001")
    assert "Apply to 1 organization" in text(review)


def test_only_own_running_registrations_can_be_chosen(
    client: Client, three: list[Registration], jane: User, offering: Offering
) -> None:
    ended, fresh, looked_at = practices(jane, 3)
    registered(jane, ended, offering, ALEX)
    Enrollment.objects.filter(registration__organization=ended).update(
        status="cancelled", cancelled_at=DURING
    )
    theirs = RoleFactory(organization=OrganizationFactory(name="Elsewhere Practice"))
    registered(theirs.user, theirs.organization, offering)
    registered(jane, looked_at, offering)
    Role.objects.filter(user=jane, organization=looked_at).update(name="staff_user")
    others = [ended, fresh, looked_at, theirs.organization, three[0].organization]
    keys = [str(other.pk) for other in others]
    page = client.get(apply_of(three[0])).content.decode()
    assert not [key for key in keys if f'value="{key}"' in page]
    answer = client.post(apply_of(three[0]), {"organization": [*keys, "x"]})
    assert answer.status_code == 422
    assert "Tick at least one organization." in text(answer)


def test_all_on_the_page_and_edit_keep_what_was_ticked(
    client: Client, three: list[Registration]
) -> None:
    shown = sent(client.get(apply_of(three[0])), 'id="many"')
    review = client.post(apply_of(three[0]), {**shown, "page": "1"})
    assert "to 2 organizations" in text(review)
    again = client.post(apply_of(three[0]), {**sent(review, "actions"), "change": "1"})
    assert sorted(sent(again, 'id="many"')["organization"]) == sorted(
        str(each.organization_id) for each in three[1:]
    )


def test_choosing_searches_by_name(client: Client, three: list[Registration]) -> None:
    answer = client.post(apply_of(three[0]), {"search": "1", "text": "practice 002"}, follow=True)
    assert "Practice 002" in text(answer)
    assert "Practice 001" not in text(answer)


def test_unfinished_contact_is_applied_to_nobody(client: Client, three: list[Registration]) -> None:
    Contact.objects.filter(registration=three[0]).update(phone="")
    address = apply_of(three[0])
    assert "isn’t complete yet" in text(client.get(address))
    assert client.post(address, ticked(three[2])).status_code == 422


def test_apply_shows_no_contact_to_a_staff_user(
    client: Client, three: list[Registration], sign_in: Callable
) -> None:
    staff = UserFactory()
    RoleFactory(user=staff, organization=three[0].organization, name="staff_user")
    answer = sign_in(staff).get(apply_of(three[0]))
    assert PAT["email"] not in answer.content.decode()


def test_apply_after_the_close_of_some_is_told_for_each(
    client: Client, three: list[Registration], offering: Offering
) -> None:
    review = client.post(apply_of(three[0]), ticked(three[1], three[2]))
    Role.objects.filter(organization=three[2].organization).update(name="staff_user")
    outcome = confirmed(client, review)
    assert "Your role is Staff User" in outcome_of(outcome, "Practice 002")
    assert not three[2].contacts.exists()


@pytest.mark.parametrize("page", ["copy", "apply"])
def test_forged_note_leads_to_the_first_step(
    client: Client, three: list[Registration], page: str
) -> None:
    address = copy_of(three[0]) if page == "copy" else apply_of(three[0])
    before = written()
    answer = client.post(address, {"additions": "forged", "confirm": "1"}, follow=True)
    assert "That page can’t be used any more" in text(answer)
    assert written() == before


def test_contact_pages_are_linked_only_for_officials_of_several(
    client: Client, three: list[Registration], sign_in: Callable, offering: Offering
) -> None:
    page = text(client.get(url(three[0], "")))
    assert "Copy contacts from another organization" in page
    assert "Apply this contact to other organizations" in page
    one: Organization = OrganizationFactory()
    solo = RoleFactory(organization=one).user
    registration = registered(solo, one, offering, PAT)
    page = text(sign_in(solo).get(url(registration, "")))
    assert "Copy contacts" not in page
    assert "Apply this contact" not in page
