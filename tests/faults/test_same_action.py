"""The same form sent again and again: one effect, one audit event, one set of messages.

What it would miss: a repeat after days, and two forms that two pages made of the same thing.
"""

import io
from collections.abc import Mapping

import pytest
from django.core.management import call_command

from accounts.models import AuditEvent
from registrations.enums import Product
from registrations.models import Enrollment, Offering, SheetRow
from tests.factories import UserFactory
from tests.faults.conftest import NewBrowser
from tests.faults.dropping import Dropping, dropping
from tests.faults.figures import tell
from tests.faults.history import tried
from tests.faults.presses import PRESSES, Desk, Press, confirm
from tests.faults.sizes import often
from tests.registrations.parallel import at_once as on_connections
from tests.server import Answer, Server, at_once

pytestmark = pytest.mark.django_db(transaction=True)
FORMS = often(len(PRESSES), 1000)
SHEETS = often(1, 20)
IN_PARALLEL = range(2, 9)


@pytest.fixture
def desk(
    browser_of: NewBrowser, open_2022: Mapping[Product, Offering], open_2023: Offering
) -> Desk:
    """Jane at her browser."""
    jane, ken = UserFactory(), UserFactory()
    return Desk(browser_of, jane, ken, open_2022, open_2023)


def kinds() -> list[str]:
    """Which button each form has, all of them in turn."""
    names = list(PRESSES)
    return [names[number % len(names)] for number in range(FORMS)]


def at_the_same_moment(press: Press, desk: Desk, times: int) -> list[Answer]:
    """What comes of pressing so often at once."""
    return at_once(times, lambda _: press.send(desk.browser.copy()))


def sent_through(press: Press, desk: Desk, network: Dropping) -> Answer | None:
    """What comes of pressing once, over that network."""
    return tried(lambda: press.send(network.through(desk.browser)))


def test_forms_sent_many_times_at_once_are_done_once(desk: Desk) -> None:
    posts = 0
    for number, kind in enumerate(kinds()):
        press = PRESSES[kind](desk)
        times = IN_PARALLEL[(number + number // len(PRESSES)) % len(IN_PARALLEL)]
        answers = at_the_same_moment(press, desk, times)
        assert {answer.status for answer in answers} == {302}, kind
        assert press.done() == [], f"{kind}, {times} times"
        posts += times
    tell("same form at once", forms=FORMS, posts=posts, done_otherwise_than_once=0)


def test_forms_sent_again_after_a_lost_answer_are_done_once(desk: Desk, server: Server) -> None:
    with dropping(server.port) as network:
        for number, kind in enumerate(kinds()):
            press = PRESSES[kind](desk)
            # By turns the answer is lost, and the retry comes while the first one is under way.
            network.early = bool(number % 2)
            assert sent_through(press, desk, network) is None, kind
            assert press.send(desk.browser).status == 302, kind
            network.settle()
            assert press.done() == [], kind
    tell("same form after a lost answer", forms=FORMS, done_otherwise_than_once=0)


def test_sheets_are_applied_once_by_many_workers(desk: Desk) -> None:
    """Confirmed eight times at once, and then four workers come."""
    for _ in range(SHEETS):
        press = confirm(desk)
        answers = at_the_same_moment(press, desk, 8)
        assert {answer.status for answer in answers} == {302}
        before = AuditEvent.objects.order_by("-pk")[0].pk
        results = on_connections(*[lambda: call_command("apply_sheets", stdout=io.StringIO())] * 4)
        assert results == [None] * 4
        actions = AuditEvent.objects.filter(pk__gt=before).values_list("action", flat=True)
        assert sorted(actions) == [
            *("contact.added", "registration.completed"),
            *("registration.saved", "registration.started"),
        ]
        assert SheetRow.objects.get(organization=press.organization).state == "applied"
        enrollment = Enrollment.objects.get(registration__organization=press.organization)
        assert enrollment.status == "complete"
    tell("sheets applied by four workers", sheets=SHEETS, applied_otherwise_than_once=0)
