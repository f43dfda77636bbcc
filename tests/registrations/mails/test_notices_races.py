"""Changes and senders at the same moment: nothing is told twice, nothing is lost."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from accounts.models import Message, User
from organizations.models import Organization
from qpp_registration import clock
from registrations.mails.notices import compose_due
from registrations.models import ChangeNotice
from tests.factories import explicit_year
from tests.registrations.parallel import at_once, statuses
from tests.registrations.year_pages import CONTACT, INFORMATION, YearPages

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def windows(
    june_2022: object, jane: User, practice: Organization, sign_in: Callable[[User], Client]
) -> list[YearPages]:
    """A registered practice in four windows of Jane's, and an empty outbox."""
    explicit_year()
    windows = [YearPages(client=sign_in(jane), organization=practice) for _ in range(4)]
    first = windows[0]
    first.choose("25-99")
    first.open("information/").fill(**INFORMATION).send("information/")
    first.add_contact()
    assert first.register("cahps").status_code == 302
    Message.objects.all().delete()
    return windows


def typed(windows: list[YearPages]) -> list[Callable[[], Any]]:
    """In three windows another field of the address was typed; the presses on *Update*."""
    windows[0].open("information/").fill(city="Towson")
    windows[1].open("information/").fill(address1="1 Other Way")
    windows[2].open("information/").fill(zip_code="21204")
    return [functools.partial(page.send, "information/") for page in windows[:3]]


def bodies() -> str:
    return "\n".join(Message.objects.values_list("body", flat=True))


def test_changes_at_once_make_one_notice_and_one_mail(
    windows: list[YearPages], june_2022: Traveller
) -> None:
    assert statuses(at_once(*typed(windows))) == [302] * 3
    assert ChangeNotice.objects.count() == 1
    june_2022.shift(timedelta(minutes=10))
    compose_due(at=clock.now())
    assert Message.objects.count() == 1
    for change in ("now Towson", "now 1 Other Way", "now 21204"):
        assert change in bodies()


def test_senders_at_once_compose_each_notice_once(
    windows: list[YearPages], june_2022: Traveller
) -> None:
    windows[0].choose("100+")
    june_2022.shift(timedelta(minutes=10))
    composed = at_once(*[lambda: compose_due(at=clock.now())] * 4)
    assert sorted(composed) == [0, 0, 0, 1]
    assert Message.objects.get().to == CONTACT["email"]


def test_changes_while_a_sender_composes_are_in_this_mail_or_in_the_next(
    windows: list[YearPages], june_2022: Traveller
) -> None:
    windows[3].choose("100+")
    june_2022.shift(timedelta(minutes=10))
    sender = lambda: compose_due(at=clock.now())  # noqa: E731
    answers = at_once(*typed(windows), sender, sender)
    assert statuses(answers[:3]) == [302] * 3
    june_2022.shift(timedelta(minutes=10))
    compose_due(at=clock.now())
    assert not ChangeNotice.objects.exists()
    for change in ("now 100 or greater", "now Towson", "now 1 Other Way", "now 21204"):
        assert bodies().count(change) == 1


def test_cancelling_while_a_sender_composes_tells_the_change_once(
    windows: list[YearPages], june_2022: Traveller
) -> None:
    windows[0].choose("100+")
    june_2022.shift(timedelta(minutes=10))
    cancel = lambda: windows[1].post("cahps/cancel/")  # noqa: E731
    answers = at_once(cancel, lambda: compose_due(at=clock.now()))
    assert statuses(answers[:1]) == [302]
    subjects = Message.objects.order_by("created_at").values_list("subject", flat=True)
    assert sorted(subject.partition(":")[0] for subject in subjects) == ["Cancelled", "Changed"]
    assert not ChangeNotice.objects.exists()
