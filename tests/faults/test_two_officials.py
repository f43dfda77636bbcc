"""Two Security Officials at the same moment: nobody's words are overwritten unseen.

What it would miss: a conflict of three people, and one over a proxy that holds a request for hours.
"""

from collections import Counter
from dataclasses import dataclass

import pytest

from organizations.models import Organization
from registrations.models import Contact, Offering, Registration
from tests.factories import OrganizationFactory
from tests.faults.conftest import NewBrowser, NewOfficial
from tests.faults.figures import tell
from tests.faults.pages import Page, complete
from tests.faults.sizes import often
from tests.server import Answer, at_once

pytestmark = pytest.mark.django_db(transaction=True)
PAIRS = often(5, 500)


@dataclass
class Pair:
    """Two people, each with the page of the same registration."""

    pages: tuple[Page, Page]
    registration: Registration

    def race(self) -> tuple[list[dict[str, str]], list[Answer]]:
        """Both save at the same moment; what they sent, and what they got."""
        forms = [page.form() for page in self.pages]
        return forms, at_once(2, lambda place: self.pages[place].send(forms[place]))

    def contact(self) -> Contact:
        return Contact.objects.get(registration=self.registration)


def a_pair(offering: Offering, browser_of: NewBrowser, new_official: NewOfficial) -> Pair:
    organization: Organization = OrganizationFactory()
    jane, ken = new_official(organization), new_official(organization)
    registration = complete(organization, offering, jane)
    one, other = (Page(browser_of(user), registration.pk).open() for user in (jane, ken))
    return Pair(pages=(one, other), registration=registration)


def test_of_two_values_in_one_field_one_is_kept_and_the_other_is_told(
    open_2023: Offering, browser_of: NewBrowser, new_official: NewOfficial
) -> None:
    statuses: Counter[int] = Counter()
    for number in range(PAIRS):
        pair = a_pair(open_2023, browser_of, new_official)
        for place, page in enumerate(pair.pages):
            page.type(phone=f"20255501{number % 25 + 25 * place + 25:02}")
        forms, answers = pair.race()
        statuses.update(answer.status for answer in answers)
        assert sorted(answer.status for answer in answers) == [200, 409]
        winner = [answer.status for answer in answers].index(200)
        sent = pair.pages[winner].values[f"{pair.pages[winner].contacts[0]}-phone"]
        assert pair.contact().phone == sent
        # The winner's own retry, after an answer that never came.
        assert pair.pages[winner].send(forms[winner]).status == 200
        assert pair.contact().phone == sent
    tell("two officials, one field", pairs=PAIRS, saved=statuses[200], conflicts=statuses[409])


def test_values_in_different_fields_are_both_kept(
    open_2023: Offering, browser_of: NewBrowser, new_official: NewOfficial
) -> None:
    for number in range(PAIRS):
        pair = a_pair(open_2023, browser_of, new_official)
        pair.pages[0].type(phone=f"20255501{number % 100:02}")
        pair.pages[1].type(first_name=f"Dana {'abcdefghij'[number % 10]}")
        _, answers = pair.race()
        assert [answer.status for answer in answers] == [200, 200]
        contact = pair.contact()
        assert contact.phone == f"20255501{number % 100:02}"
        assert contact.first_name == f"Dana {'abcdefghij'[number % 10]}"
    tell("two officials, different fields", pairs=PAIRS, both_kept=PAIRS)
