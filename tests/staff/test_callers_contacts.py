"""*Look up a caller* by what contacts have: organizations count, and nobody is found twice."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import ChannelDevice
from registrations.enums import Product
from registrations.models import Contact, Offering, Registration
from tests.factories import (
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    YearFactory,
)
from tests.registrations.enrolled import begun

pytestmark = pytest.mark.django_db
PAGE = "/staff/callers/"
EMAIL, PHONE = "consultant@example.org", "2025550142"
Offerings = dict[Product, Offering]


def found(client: Client, text: str) -> tuple[set[str], str]:
    """What can be chosen, or the one page that was opened; and the page."""
    answer = client.post(PAGE, {"text": text}, follow=True)
    html = answer.content.decode()
    if answer.redirect_chain:
        return {answer.redirect_chain[0][0]}, html
    return set(re.findall(r'value="((?:person|organization):[^"]+)"', html)), html


def ones_of(rows: Any) -> set[str]:
    return {f"organization:{row.pk}" for row in rows}


def earlier_years() -> list[Offerings]:
    return [{Product.CAHPS: OfferingFactory(year=YearFactory(year=year))} for year in (2020, 2021)]


def give_everybody_the_same() -> None:
    Contact.objects.update(email=EMAIL, phone=PHONE)


@pytest.mark.parametrize("text", [EMAIL, EMAIL.upper(), PHONE[-4:]])
def test_contact_of_several_years_leaves_no_organization_out(
    text: str, service_center: Client, offerings: Offerings
) -> None:
    years = [offerings]
    years += [
        {Product.CAHPS: OfferingFactory(year=YearFactory(year=year))} for year in (2020, 2021)
    ]
    practices = [OrganizationFactory() for _ in range(10)]
    for practice in practices:
        for year in years:
            begun(practice, year)
    give_everybody_the_same()
    choices, html = found(service_center, text)
    assert choices == ones_of(practices)
    assert "there are more" not in html


@pytest.mark.parametrize("text", [EMAIL, PHONE[-4:]])
def test_many_contacts_of_one_hide_no_other_and_more_than_20_are_told(
    text: str, service_center: Client, offerings: Offerings
) -> None:
    large = begun(OrganizationFactory(name="Large"), offerings)
    years = earlier_years()
    for registration in [large, *(begun(large.organization, year) for year in years)]:
        fill_up(registration)
    other = begun(OrganizationFactory(name="Other"), offerings).organization
    give_everybody_the_same()
    choices, _ = found(service_center, text)
    assert choices == ones_of([large.organization, other])
    for _ in range(19):
        begun(OrganizationFactory(), offerings)
    give_everybody_the_same()
    choices, html = found(service_center, text)
    assert len(choices) == 20
    assert "The first 20; there are more." in html


def fill_up(registration: Registration) -> None:
    """Up to 50 contacts."""
    there = registration.contacts.count()
    Contact.objects.bulk_create(
        Contact(registration=registration, position=place) for place in range(there + 1, 51)
    )


def test_devices_of_one_person_hide_nobody(service_center: Client, db: None) -> None:
    people = [UserFactory() for _ in range(12)]
    for person in people:
        for channel in ("text", "voice"):
            ChannelDevice.objects.create(
                user=person, channel=channel, address=PHONE, name=channel, confirmed=True
            )
    choices, _ = found(service_center, PHONE)
    assert choices == {f"person:{person.pk}" for person in people}


@pytest.mark.parametrize("text", [EMAIL, PHONE[-4:]])
def test_official_who_is_a_contact_of_the_own_organization_is_one_caller(
    text: str, service_center: Client, offerings: Offerings
) -> None:
    own = OrganizationFactory(name="Own Practice")
    ann = RoleFactory(organization=own, user=UserFactory(email=EMAIL, phone=PHONE)).user
    begun(own, offerings)
    give_everybody_the_same()
    assert found(service_center, text)[0] == {f"{PAGE}people/{ann.pk}/"}
    other = begun(OrganizationFactory(name="Other"), offerings).organization
    give_everybody_the_same()
    assert found(service_center, text)[0] == {f"person:{ann.pk}", *ones_of([other])}
