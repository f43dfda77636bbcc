"""The one button of a review, pressed several times at the same moment."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import AuditEvent, User
from registrations.models import Contact, Enrollment, Offering, Registration, RegistrationNumber
from tests.factories import OfferingFactory
from tests.registrations.many_pages import (
    ALEX,
    MANY,
    PAT,
    PEOPLE,
    outcome_of,
    practices,
    registered,
    reviewed,
    sent,
)
from tests.registrations.parallel import at_once, statuses

pytestmark = pytest.mark.django_db(transaction=True)
IN_PARALLEL = 4


@pytest.fixture
def browsers(june: object, transactional_db: None, jane: User, sign_in: Callable) -> list[Client]:
    """Browsers in which Jane is signed in."""
    OfferingFactory()
    return [sign_in(jane) for _ in range(IN_PARALLEL)]


def test_four_confirmations_register_each_practice_once(browsers: list[Client], jane: User) -> None:
    made = practices(jane, 8)
    values = {**sent(reviewed(browsers[0], made), "actions"), "confirm": "1"}
    answers = at_once(*(lambda browser=b: browser.post(MANY, values) for b in browsers))
    assert statuses(answers) == [200] * IN_PARALLEL
    assert Registration.objects.count() == RegistrationNumber.objects.count() == len(made)
    assert Enrollment.objects.filter(status="complete").count() == len(made)
    assert Contact.objects.count() == len(made)
    assert AuditEvent.objects.filter(action="registration.started").count() == len(made)
    assert AuditEvent.objects.filter(action="contact.added").count() == len(made)
    for answer in answers:
        for organization in made:
            assert "Registered" in outcome_of(answer, organization.name)


def test_four_changes_of_a_person_change_each_registration_once(
    browsers: list[Client], jane: User
) -> None:
    offering = Offering.objects.get()
    made = [registered(jane, each, offering, PAT, ALEX) for each in practices(jane, 6)]
    values = sent(browsers[0].post(PEOPLE, {"email": PAT["email"]}), 'id="change"')
    values |= {"new-email": ["pat@new.example.org"], "review": ["1"]}
    wish = {**sent(browsers[0].post(PEOPLE, values), "actions"), "confirm": "1"}
    answers = at_once(*(lambda browser=b: browser.post(PEOPLE, wish) for b in browsers))
    assert statuses(answers) == [200] * IN_PARALLEL
    assert Contact.objects.filter(email="pat@new.example.org").count() == len(made)
    assert AuditEvent.objects.filter(action="contact.saved").count() == len(made)
