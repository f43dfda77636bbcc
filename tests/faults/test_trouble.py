"""The database is held by somebody else, away, or full: people are told, and lose nothing.

What it would miss: a database server that takes a statement and never answers, or a network that
swallows everything, which only the time-outs of the connection end; and a disk that lies.
"""

import json
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from accounts.policy.rights import StaffGroup
from registrations.models import Contact, Offering
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.faults.conftest import Site, open_window, site_in
from tests.faults.figures import tell
from tests.faults.history import Verdict
from tests.faults.own_database import folder_of_a_size, full
from tests.faults.pages import Page, sent_again, started
from tests.faults.savers import Load, saving
from tests.faults.sizes import FULL, often
from tests.server import Answer, Browser, at_once

pytestmark = pytest.mark.django_db(transaction=True)
SITE = {} if FULL else {"LOCK_SECONDS": "1.5"}  # what the site has, or a quicker one
HELD = often(4, 30)  # seconds
AWAY = often(2, 5)
FILLED = often(1, 5)
LONGEST = often(15, 21)  # seconds until any answer; in the suite for a machine that is busy
BACK_WITHIN = often(15, 5)  # seconds from the end of the trouble to the first save
MEGABYTES = 16 if connection.vendor == "sqlite" else 192


@dataclass
class Person:
    """Somebody who has typed into a form, and a member of staff, both in the middle of it."""

    page: Page
    plain: Page
    staff: Browser

    def press(self) -> dict[str, tuple[float, Answer]]:
        """Everything at once: read pages, save with and without a script; seconds and answers."""
        script = self.page.form_of(self.page.values["new"])
        asks = {
            "page": lambda: self.page.browser.get(self.page.path),
            "home": lambda: self.page.browser.get("/home/"),
            "staff": lambda: self.staff.get("/staff/"),
            "script": lambda: self.page.send(script),
            "form": self.plain.save,
        }
        names = list(asks)

        def timed(place: int) -> tuple[float, Answer]:
            began = time.monotonic()
            answer = asks[names[place]]()
            return time.monotonic() - began, answer

        return dict(zip(names, at_once(len(names), timed), strict=True))

    def stored(self, name: str) -> int:
        """How many contacts of that first name the registration has."""
        mine = Contact.objects.filter(registration=self.page.registration, last_name="O’Neill")
        return mine.filter(first_name=name).count()


def typing(site: Site) -> Person:
    """A person with two windows, who has typed a new contact into each of them."""
    jane, organization = UserFactory(), OrganizationFactory()
    RoleFactory(user=jane, organization=organization)
    registration = started(organization, Offering.objects.get(), jane)
    script, plain = (Page(site.browser_of(jane), registration.pk).open("?add=1") for _ in range(2))
    for name, page in (("Scriptia", script), ("Plainia", plain)):
        new = page.values["new"]
        typed = {"first_name": name, "last_name": "O’Neill", "phone": "2025550199"}
        typed["email"] = f"{name}@example.org"
        page.values |= {f"{new}-{field}": value for field, value in typed.items()}
    return Person(script, plain, site.browser_of(UserFactory(staff_group=StaffGroup.ADMINISTRATOR)))


def told(answers: dict[str, tuple[float, Answer]], names: Collection[str]) -> None:
    """Each of these says that the site is not available, in time, with what was typed."""
    for name in names:
        seconds, answer = answers[name]
        assert (name, answer.status) == (name, 503)
        assert seconds < LONGEST, name
        assert answer.headers["Retry-After"] == "5"
        if name == "script":
            assert json.loads(answer.body)["status"] == "unavailable"
        else:
            assert "not available right now" in answer.body
    form = sent_again(answers["form"][1].body)
    assert {"Plainia", "O’Neill", "Plainia@example.org", "2025550199"} <= set(form.values())


def back(person: Person, answers: dict[str, tuple[float, Answer]], load: Load) -> float:
    """The seconds until somebody's save is stored again; then what was typed is sent again."""
    since = time.monotonic()
    load.wait_for(1, seconds=BACK_WITHIN)
    seconds = time.monotonic() - since
    form = sent_again(answers["form"][1].body)
    assert person.plain.browser.post(person.plain.path, **form).status == 302
    assert person.page.send(person.page.form_of(person.page.values["new"])).status == 200
    assert [person.stored(name) for name in ("Scriptia", "Plainia")] == [1, 1]
    return seconds


def judged(name: str, site: Site, load: Load, seconds: float) -> None:
    """Nothing that was acknowledged is lost, nobody met an error or waited for too long."""
    found = load.judge()
    assert found.lost == []
    assert found.broken == []
    assert max(load.seconds) < LONGEST
    assert site.database.problems() == []
    tell(
        name,
        acknowledged=found.counts[Verdict.OK],
        told_503_or_cut_off=found.counts[Verdict.UNKNOWN],
        lost=len(found.lost),
        longest_answer=f"{max(load.seconds):.1f} s",
        back_after=f"{seconds:.1f} s",
    )


@pytest.fixture
def small_site(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[Site]:
    """On a file system of a few megabytes."""
    with (
        django_db_blocker.unblock(),
        folder_of_a_size(MEGABYTES) as folder,
        site_in(folder, tmp_path, **SITE) as site,
    ):
        open_window()
        yield site


def test_somebody_else_holds_the_lock(own_site: Site) -> None:
    person = typing(own_site)
    with saving(own_site.browser_of) as load:
        load.wait_for(6, seconds=60)
        with own_site.database.held():
            until = time.monotonic() + HELD
            answers = person.press()
            told(answers, answers)
            time.sleep(max(0, until - time.monotonic()))
        seconds = back(person, answers, load)
    judged("lock held", own_site, load, seconds)


def test_database_is_away(own_site: Site) -> None:
    person = typing(own_site)
    with saving(own_site.browser_of) as load:
        load.wait_for(6, seconds=60)
        own_site.database.take_away()
        until = time.monotonic() + AWAY
        answers = person.press()
        time.sleep(max(0, until - time.monotonic()))
        own_site.database.bring_back()
        # What is read comes from a file that is still open.
        told(answers, {"form", "script"} if connection.vendor == "sqlite" else answers)
        seconds = back(person, answers, load)
    judged("database away", own_site, load, seconds)


def refused(people: list[Person]) -> tuple[Person, dict[str, tuple[float, Answer]]]:
    """The first one for whom nothing could be stored, and the answers.

    A full disk may have a gap in a table: whoever is told that it fits, has it stored.
    """
    for person in people:
        answers = person.press()
        script, form = answers["script"][1].status, answers["form"][1].status
        if script == form == 503:
            return person, answers
        assert person.stored("Scriptia") == (script == 200), script
        assert person.stored("Plainia") == (form == 302), form
    raise AssertionError("the disk wasn't full for anybody")


def test_disk_is_full(small_site: Site) -> None:
    people = [typing(small_site) for _ in range(6)]
    with saving(small_site.browser_of) as load:
        load.wait_for(6, seconds=60)
        with full(small_site.database.folder):
            until = time.monotonic() + FILLED
            load.wait_until_nobody_saves(seconds=60)
            person, answers = refused(people)
            time.sleep(max(0, until - time.monotonic()))
        told(answers, {"form", "script"})
        assert answers["page"][1].status == answers["home"][1].status == 200
        seconds = back(person, answers, load)
    judged("disk full", small_site, load, seconds)
