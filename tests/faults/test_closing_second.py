"""The closing second: whoever was received before it is served, and nobody who came later.

What it would miss: a server whose own clock is wrong, and two servers whose clocks differ.
"""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from django.core.management import CommandError
from django.db.models import F, Max, Model

from accounts.actors import official, staff
from accounts.models import AuditEvent
from organizations.enums import OrganizationSize
from organizations.models import Organization
from qpp_registration import clock
from registrations.details.size import change_size
from registrations.details.update import update_details
from registrations.enums import Product
from registrations.models import Offering, Registration, RegistrationNumber, WindowExtension
from registrations.staff.extensions import extend_window
from tests.factories import OrganizationFactory, UserFactory
from tests.faults.conftest import NewBrowser, NewOfficial
from tests.faults.figures import tell
from tests.faults.history import History, Verdict
from tests.faults.pages import Page, complete
from tests.faults.rush import (
    SECOND,
    Official,
    Post,
    Registrar,
    Saver,
    close,
    locked,
    on_the_roster,
    rush,
    wait_until,
    whole_second,
    written,
)
from tests.faults.sizes import FULL, often
from tests.registrations.conftest import daniel
from tests.server import PATIENCE, Server, at_once

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 16
POSTS = often(100, 10_000)
CHANGES = often(1, 20)
GRACE = timedelta(seconds=30)
CLOSED = "Registration closed on"


@pytest.fixture
def offerings(open_2023: Offering, open_2022: dict[Product, Offering]) -> list[Offering]:
    """CAHPS in 2023 and in 2022."""
    return [open_2023, open_2022[Product.CAHPS], open_2022[Product.WEB_INTERFACE]]


@pytest.fixture
def officials(
    offerings: list[Offering], browser_of: NewBrowser, new_official: NewOfficial
) -> list[Official]:
    """Sixteen people and two whose registrations are held: half in 2023, half in 2022."""
    made: list[Official] = []
    for place in range(CLIENTS + 2):
        organization: Organization = OrganizationFactory()
        user = new_official(organization)
        browser = browser_of(user)
        if place % 2:
            registration = complete(organization, offerings[0], user)
            page = Page(browser, registration.pk).open()
            made.append(Saver(organization=organization, browser=browser, page=page))
            continue
        fill(organization, user)
        made.append(Registrar(organization=organization, browser=browser))
    return made


def fill(organization: Organization, user: object) -> None:
    """Give the organization in 2022 all that registering needs."""
    in_2022 = {
        "organization_id": organization.pk,
        "year": 2022,
        "actor": official(user),
        "received_at": clock.now(),
    }
    change_size(was="", size=OrganizationSize.MEDIUM, accepts=[], **in_2022)
    update_details(information={}, contacts=daniel(), **in_2022)


def keys_of(officials: Sequence[Official]) -> list[UUID]:
    """The keys of their registrations."""
    organizations = [one.organization for one in officials]
    found = Registration.objects.filter(organization__in=organizations)
    return list(found.values_list("pk", flat=True))


# --- 10,000 posts around the close ----------------------------------------------------------------


def one_close(officials: Sequence[Official], closes_at: datetime) -> tuple[list[Post], list[Post]]:
    """What is posted from 2 s before to 2 s after it, and by two whose work is held across it."""
    rushing, held = officials[:CLIENTS], officials[CLIENTS:]
    keys, is_locked = keys_of(held), Event()

    def late(place: int) -> Post:
        held[place].prepare()
        is_locked.wait(PATIENCE)
        return held[place].post()

    with ThreadPoolExecutor() as pool:
        of_all = pool.submit(rush, rushing, closes_at - 2 * SECOND, closes_at + 2 * SECOND)
        of_held = pool.submit(at_once, len(held), late)
        wait_until(closes_at - SECOND)
        with locked(*keys):
            is_locked.set()
            wait_until(closes_at + SECOND / 2)
        return of_all.result(), of_held.result()


def test_whoever_was_received_before_the_close_is_served_and_nobody_else(
    offerings: list[Offering], officials: list[Official], tmp_path: Path
) -> None:
    history, wrong, closes, held_across = History(), list[Post](), 0, 0
    while len(history.entries) < POSTS or not held_across:
        closes_at = whole_second(after=2 * SECOND)
        close(offerings, closes_at)
        posts, held = one_close(officials, closes_at)
        closes += 1
        for post in [*posts, *held]:
            in_time = post.answer.received_at < closes_at
            assert post.answer.status in {200, 302, 403}
            history.add(post.request, post.answer)
            if (post.verdict is Verdict.OK) != in_time:
                wrong.append(post)
            held_across += post in held and in_time and post.answered_at > closes_at
        assert latest(Registration, "changed_at") < closes_at
        assert latest(AuditEvent, "at") <= closes_at + GRACE
    judged = history.judge(written())
    assert (wrong, judged.lost, judged.risen, judged.broken) == ([], [], [], [])
    assert all(one.as_stored() for one in officials)
    tell(
        "closing second",
        posts=len(history.entries),
        closes=closes,
        in_time=judged.counts[Verdict.OK],
        too_late=judged.counts[Verdict.REFUSED],
        held_across=held_across,
        wrong=len(wrong),
        on_rosters=check_rosters(offerings, officials, tmp_path),
    )


def latest(model: type[Model], field: str) -> datetime:
    """The last of these times in the table."""
    found: datetime = model._default_manager.aggregate(last=Max(field))["last"]
    return found


def check_rosters(offerings: list[Offering], officials: list[Official], folder: Path) -> int:
    """The rosters are what was acknowledged, from a minute after the close on; how many rows."""
    for offering in offerings[:2]:
        with pytest.raises(CommandError, match="a minute after its last close"):
            on_the_roster(offering, folder)
    if FULL:
        wait_until(latest(Offering, "closes_at") + 2 * GRACE)
    else:
        Offering.objects.update(closes_at=F("closes_at") - 2 * GRACE)
    rows = 0
    for offering in offerings[:2]:
        acknowledged = {
            RegistrationNumber.objects.get(organization=one.organization).number: [one.extension]
            for one in officials
            if one.year == offering.year_id and one.is_registered
        }
        assert on_the_roster(offering, folder) == acknowledged
        rows += len(acknowledged)
    return rows


# --- A window that is moved meanwhile -------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Change:
    """What staff did to a window: when it began and was done, and whether it is open since."""

    began_at: datetime
    done_at: datetime
    opens: bool


def verdicts_possible(post: Post, changes: Sequence[Change]) -> set[Verdict]:
    """What the post may be told by the windows that it can have met."""
    ends = [*(change.done_at for change in changes[1:]), post.answered_at]
    return {
        Verdict.OK if change.opens else Verdict.REFUSED
        for change, end in zip(changes, ends, strict=True)
        if change.began_at <= post.answered_at and post.sent_at <= end
    }


def extend(organizations: Sequence[Organization], offerings: Sequence[Offering]) -> None:
    """Give each of them another hour."""
    for organization in organizations:
        for offering in offerings:
            extend_window(
                organization_id=organization.pk,
                offering_id=offering.pk,
                until=clock.now() + timedelta(hours=1),
                actor=staff(UserFactory(is_staff=True), "Flood"),
                received_at=clock.now(),
            )


def test_early_close_and_an_extension_count_from_the_next_request_on(
    offerings: list[Offering], officials: list[Official]
) -> None:
    history, surely = History(), 0
    rushing = officials[:CLIENTS]
    extended = [one.organization for one in rushing[: CLIENTS // 2]]
    for _ in range(CHANGES):
        WindowExtension.objects.all().delete()
        began_at = clock.now()
        close(offerings, began_at + timedelta(days=1))
        changes = [Change(began_at=began_at, done_at=clock.now(), opens=True)]
        with ThreadPoolExecutor() as pool:
            now = clock.now()
            of_all = pool.submit(rush, rushing, now, now + 3 * SECOND)
            for opens in (False, True):
                wait_until(changes[-1].done_at + SECOND)
                began_at = clock.now()
                if opens:
                    extend(extended, offerings)
                else:
                    close(offerings, clock.now())
                changes.append(Change(began_at=began_at, done_at=clock.now(), opens=opens))
            of_all.result()
        for one in rushing:
            met = changes if one.organization in extended else changes[:2]
            for post in one.posts:
                history.add(post.request, post.answer)
                possible = verdicts_possible(post, met)
                assert post.verdict in possible, (post, met)
                surely += len(possible) == 1
            one.posts.clear()
    judged = history.judge(written())
    assert (judged.lost, judged.risen, judged.broken) == ([], [], [])
    assert all(one.as_stored() for one in rushing)
    assert all(judged.counts[verdict] for verdict in (Verdict.OK, Verdict.REFUSED))
    tell(
        "window moved during a rush",
        posts=len(history.entries),
        changes=2 * CHANGES,
        decided_by_one_window=surely,
        wrong=0,
    )


# --- Held for longer than the grace ---------------------------------------------------------------


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """No process of the server does anything until the block ends."""
    assert server.process
    main, workers = server.process.pid, server.workers
    for process in (main, *workers):
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in workers:
            os.kill(process, signal.SIGCONT)
        time.sleep(2)  # until they are heard of again: the first one ends those that aren't
        os.kill(main, signal.SIGCONT)


@pytest.mark.skipif(not FULL, reason="takes 40 s; test_late_commits.py moves the clock instead")
def test_nothing_is_written_from_30_seconds_after_the_close_on(
    offerings: list[Offering], officials: list[Official], server: Server
) -> None:
    held = officials[:6]  # three who save, and one each who is to register, update and cancel
    for steps, one in enumerate(held[::2]):
        for _ in range(steps):
            one.prepare()
            assert one.post().verdict is Verdict.OK
        one.prepare()
    for one in held:
        one.browser.patience = 60
    closes_at = whole_second(after=2 * SECOND)
    close(offerings, closes_at)
    before, keys = written(), keys_of(held)
    wait_until(closes_at - SECOND)
    with ThreadPoolExecutor() as pool, ExitStack() as until_late:
        with locked(*keys):
            of_held = pool.submit(at_once, len(held), lambda place: held[place].post())
            wait_until(closes_at - SECOND / 4)
            until_late.enter_context(stopped(server))
        wait_until(closes_at + GRACE + 2 * SECOND)
        until_late.close()
        posts = of_held.result()
    for post in posts:
        assert post.answer.received_at < closes_at
        assert post.answer.status == 403
        assert CLOSED in post.answer.body
    assert written() == before
    assert all(one.as_stored() for one in officials)
    tell("held for longer than the grace", posts=len(posts), written=0)
