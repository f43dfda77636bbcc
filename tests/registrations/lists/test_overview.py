"""The Registration Overview: what it says of each organization, and what it offers (2022 guide, IV
to VI)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Enrollment, Offering, SamplingResult, WindowExtension
from tests.factories import (
    CLOSES_2022,
    DURING_2022,
    ApmEntityFactory,
    ParticipationFactory,
    UserFactory,
    VirtualGroupFactory,
)
from tests.registrations.enrolled import Offerings, begun, enroll, give, item, offer, words
from tests.registrations.lists.overview_page import BETTER, CAHPS, ENTITIES, WEB, page


@pytest.fixture
def client(
    june_2022: object, offerings: Offerings, jane: User, sign_in: Callable[[User], Client]
) -> Client:
    return sign_in(jane)


# --- The rows -----------------------------------------------------------------------------------


def test_organization_shows_identifier_size_and_both_offerings_with_mark_and_word(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    registration = enroll(practice, offerings, [Product.CAHPS])
    html = page(client)
    row = item(html, BETTER)
    assert "TIN 00-0765630" in words(row)
    assert "Size: 25-99 Edit" in words(row)
    assert f'href="/registration/2022/organizations/{practice.pk}/size/"' in row
    assert f'id="organization-{practice.pk}"' in row
    registered, not_registered = offer(html, BETTER, CAHPS), offer(html, BETTER, WEB)
    assert "sprite.svg#check_circle" in registered
    assert words(registered).startswith(
        f"{CAHPS} Registered Registration ID: 219043 Cancel Registration"
    )
    assert "icon--waiting" in not_registered
    assert f"{WEB} Not registered Register" in words(not_registered)
    assert "Registration ID" not in not_registered
    here = f"/registration/2022/organizations/{practice.pk}"
    assert f'action="{here}/web_interface/register/"' in not_registered.replace("-i", "_i")
    assert "/cahps/cancel/" in registered
    assert registration.enrollments.count() == 1


@pytest.mark.parametrize(("size", "shown"), [("2-24", [CAHPS]), ("25-99", [WEB, CAHPS])])
def test_only_offerings_that_the_size_allows_are_shown(
    client: Client, practice: Organization, offerings: Offerings, size: str, shown: list[str]
) -> None:
    begun(practice, offerings, size=size)
    row = item(page(client), BETTER)
    assert [name for name in (WEB, CAHPS) if f'<p class="offered__name">{name}<' in row] == shown
    too_small = "doesn’t qualify for the CMS Web Interface" in row
    assert too_small == (WEB not in shown)


def test_without_a_size_selecting_it_comes_first_and_the_directorys_is_a_hint(
    client: Client, practice: Organization
) -> None:
    ParticipationFactory(organization=practice, performance_year=2022, size="25-99")
    row = item(page(client), BETTER)
    assert "Select Size of Better Business Health" in words(row)
    assert "CMS has the size 25-99 on file; please confirm it." in words(row)
    assert "Register" not in words(row)


def test_details_hold_address_and_contacts_with_ways_to_change_them(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    registration = enroll(
        practice,
        offerings,
        contacts=["Daniel", "Erin"],
        name="Renamed Health",
        address1="12 Moved Street",
        city="Baltimore",
        state="MD",
        zip_code="21239",
    )
    html = page(client)
    row = item(html, "Renamed Health")
    text = words(row)
    assert "Show Details Show Less" in text
    assert "12 Moved Street Baltimore, MD 21239 Edit" in text
    assert "Daniel Okafor daniel.okafor@example.org (202) 555-0123, ext. 14 Edit" in text
    assert "Erin Okafor erin.okafor@example.org" in text
    assert text.count("Delete") == 2
    assert "+ Add New Contact" in text
    here = f"/registration/2022/organizations/{practice.pk}"
    first = registration.contacts.earliest("position")
    for way in ("information/", "contacts/add/", f"contacts/{first.pk}/"):
        assert f'href="{here}/{way}"' in row
    assert f'href="{here}/contacts/{first.pk}/delete/"' in row


def test_the_only_complete_contact_is_edited_not_deleted(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    enroll(practice, offerings)
    text = words(item(page(client), BETTER))
    assert "Delete" not in text
    assert "At least one contact is required: to change who it is, edit it." in text


def test_staff_user_reads_without_buttons_and_without_addresses_of_contacts(
    june_2022: object,
    offerings: Offerings,
    practice: Organization,
    sign_in: Callable[[User], Client],
) -> None:
    staff = UserFactory()
    give(staff, practice, name="staff_user")
    enroll(practice, offerings, [Product.CAHPS])
    row = item(page(sign_in(staff)), BETTER)
    text = words(row)
    assert "Your role: Staff User" in text
    assert "Registration ID: 219043" in text
    assert "Daniel Okafor" in text
    for hidden in ("example.org", "555-0123", "Edit", "Delete", "Cancel", "Add New", "<form"):
        assert hidden not in row


def test_cancelled_is_not_registered_and_can_be_registered_again(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    enroll(practice, offerings, status="cancelled")
    for product in (WEB, CAHPS):
        found = offer(page(client), BETTER, product)
        assert f"{product} Not registered Register" in words(found)
        assert "219043" not in found


def test_virtual_group_that_cms_didnt_approve_reads_why(client: Client, jane: User) -> None:
    give(jane, VirtualGroupFactory(name="Valley Virtual Group"))
    row = item(page(client, "/registration/2022/overview/virtual-groups/"), "Valley Virtual Group")
    assert "Only virtual groups that CMS approved for the 2022 performance year" in words(row)
    assert "Select Size" not in row
    assert "<form" not in row


def test_approved_virtual_group_is_registered_like_others(
    client: Client, jane: User, offerings: Offerings
) -> None:
    group = VirtualGroupFactory(name="Harbor Virtual Group")
    ParticipationFactory(organization=group, performance_year=2022, approved=True)
    give(jane, group)
    begun(group, offerings)
    html = page(client, "/registration/2022/overview/virtual-groups/")
    assert "Not registered Register" in words(offer(html, "Harbor Virtual Group", WEB))


@pytest.fixture
def aco(jane: User, offerings: Offerings) -> Organization:
    """A Shared Savings Program ACO of Jane's."""
    entity = ApmEntityFactory(name="Riverside ACO")
    ParticipationFactory(organization=entity, performance_year=2022, shared_savings_program=True)
    give(jane, entity)
    return entity


def test_aco_is_registered_automatically_and_may_end_only_the_web_interface(
    client: Client, offerings: Offerings, aco: Organization
) -> None:
    enroll(aco, offerings, origin="automatic", contacts=())
    html = page(client, ENTITIES)
    web, cahps = (words(offer(html, "Riverside ACO", name)) for name in (WEB, CAHPS))
    assert "Registered automatically" in web
    assert "Registered automatically" in cahps
    assert "Cancel Registration" in web
    assert "Cancel Registration" not in cahps
    assert "can’t end its registration for the CAHPS for MIPS Survey" in cahps


def test_aco_before_the_automatic_registration_ran_is_registered_all_the_same(
    client: Client, aco: Organization
) -> None:
    html = page(client, ENTITIES)
    for name in (WEB, CAHPS):
        found = words(offer(html, "Riverside ACO", name))
        assert "Registered automatically As a Shared Savings Program ACO" in found
        assert "Registration ID" not in found


def test_details_that_were_taken_over_are_to_be_confirmed_until_the_close(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    registration = enroll(
        practice, offerings, [Product.WEB_INTERFACE], origin="automatic", carried_from=2021
    )
    web = offer(page(client), BETTER, WEB)
    assert "Please confirm the details" in web
    assert "or cancel by June 30, 2022 at 8:00 p.m. ET." in words(web)
    assert f"/organizations/{practice.pk}/web-interface/" in web
    registration.confirmed_at, registration.confirmed_by = DURING_2022, "Jane Doe"
    registration.save()
    assert "Please confirm" not in page(client)


def test_what_came_of_the_sample_is_told(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    enroll(practice, offerings, [Product.CAHPS])
    SamplingResult.objects.create(
        enrollment=Enrollment.objects.get(),
        outcome="minimum_not_met",
        loaded_at=DURING_2022,
        loaded_by="Operations",
    )
    html = page(client)
    assert "Minimum sample not met" in offer(html, BETTER, CAHPS).split("Show Details")[0]
    details = words(item(html, BETTER).split("Show Less")[1])
    assert "CAHPS for MIPS Survey Minimum sample not met This organization doesn’t" in details
    assert "It may qualify for a denominator reduction" in details


# --- The window ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moved", "told"),
    [
        ({"opens_at": CLOSES_2022 - timedelta(days=1)}, "Registration opens on"),
        ({"closes_at": DURING_2022 + timedelta(hours=5)}, "The last day to register"),
        ({"closes_at": DURING_2022}, "Registration is closed"),
    ],
)
def test_page_tells_of_the_window_and_offers_nothing_outside_of_it(
    client: Client, practice: Organization, offerings: Offerings, moved: dict, told: str
) -> None:
    enroll(practice, offerings, [Product.CAHPS])
    Offering.objects.update(**moved)
    html = page(client)
    row = item(html, BETTER)
    assert told in words(html)
    assert "Registration ID: 219043" in words(row)
    assert "daniel.okafor@example.org" in row
    is_open = told == "The last day to register"
    for way in ("Cancel Registration", "<form", "/size/", "contacts/add/", "information/"):
        assert (way in row) == is_open


def test_offering_that_closed_earlier_says_so_beside_the_open_one(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    enroll(practice, offerings)
    Offering.objects.filter(product=Product.WEB_INTERFACE).update(closes_at=DURING_2022)
    html = page(client)
    web = words(offer(html, BETTER, WEB))
    assert "Registration closed on June 2, 2022 at 2:31 p.m. ET." in web
    assert "Cancel Registration" not in web
    assert "Cancel Registration" in words(offer(html, BETTER, CAHPS))
    facts = words(html.split('class="facts-line"')[1].split("</ul>")[0])
    assert "CMS Web Interface: Closed June 2, 2022" in facts
    assert "CAHPS for MIPS Survey: Closes June 30, 2022 at 8:00 p.m. ET" in facts


def test_extension_is_told_and_keeps_the_buttons(
    client: Client, practice: Organization, offerings: Offerings
) -> None:
    enroll(practice, offerings, [Product.CAHPS])
    Offering.objects.update(closes_at=DURING_2022)
    WindowExtension.objects.create(
        organization=practice,
        offering=offerings[Product.CAHPS],
        until=CLOSES_2022,
        reason="Flood",
        granted_by="Operations",
        granted_at=DURING_2022,
    )
    html = page(client)
    cahps = words(offer(html, BETTER, CAHPS))
    assert "Extended for this organization until June 30, 2022 at 8:00 p.m. ET." in cahps
    assert "Cancel Registration" in cahps
    assert "/size/" in item(html, BETTER)
    assert "Registration closed on" in words(offer(html, BETTER, WEB))
    assert "Only organizations with an extension can still be changed" in html
    assert "Nothing can be changed any more" not in html
