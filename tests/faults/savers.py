"""Six people who register and add contacts without a break, whatever happens to the site.

Each sends what the register page's script sends, with words of its own, and sends it again until it
is answered. Nobody else writes there: what was answered with *ok* has to stay.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from accounts.enums import AuditAction
from accounts.models import AuditEvent, User
from organizations.models import Organization
from registrations.models import Contact, Registration
from tests.factories import OrganizationFactory, RoleFactory, UserFactory
from tests.faults.history import History, Judged, Verdict, tried, verdict_of
from tests.faults.pages import Page
from tests.registrations.conftest import hidden_and_typed
from tests.server import Answer, Browser

PEOPLE = 6
CONTACTS = 10  # of a registration; each is added, and changed once
ORGANIZATIONS = 40  # of each person, in which to begin
PAUSE = 0.1  # seconds until the same is sent again
START = "/registration/2023/cahps/organizations/{}/start/"
TYPED = {"last_name": "Okafor", "phone": "2025550123"}


class Stopped(Exception):
    """The person was told to stop."""


@dataclass
class Load:
    """What all of them did so far."""

    history: History = field(default_factory=History)
    seconds: list[float] = field(default_factory=list)  # until each answer, or until none came
    stop: threading.Event = field(default_factory=threading.Event)
    failures: list[Exception] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        """How many changes were answered with ok."""
        return len(self.history.asked(Verdict.OK))

    def wait_for(self, number: int, *, seconds: float) -> None:
        """Go on until so many more changes are acknowledged. Raises AssertionError after that."""
        wanted, until = self.acknowledged + number, time.monotonic() + seconds
        while self.acknowledged < wanted:
            assert time.monotonic() < until, f"{self.acknowledged} of {wanted} are acknowledged"
            assert not self.failures, self.failures
            time.sleep(PAUSE)

    def wait_until_nobody_saves(self, *, seconds: float) -> None:
        """Go on until so many answers in a row aren't ok that no table has a gap left to write in.

        A second without an ok may only be a slow machine. Raises AssertionError after the time.
        """
        until, number = time.monotonic() + seconds, 10 * PEOPLE
        while True:
            last = [verdict_of(answer) for _, answer in self.history.entries[-number:]]
            if len(last) == number and Verdict.OK not in last:
                return
            assert time.monotonic() < until, Counter(last)
            time.sleep(PAUSE)

    def judge(self) -> Judged:
        """Compare the answers with what is stored. Raises AssertionError for anything doubled."""
        found: set[Hashable] = set(Registration.objects.values_list("organization_id", flat=True))
        extended = 0
        for key, email, extension in Contact.objects.values_list("pk", "email", "extension"):
            found |= {(str(key), email), (str(key), extension)}
            extended += extension != ""
        for action, number in (
            (AuditAction.REGISTRATION_STARTED, Registration.objects.count()),
            (
                AuditAction.CONTACT_ADDED,
                Contact.objects.values("registration", "email").distinct().count(),
            ),
            (AuditAction.CONTACT_ADDED, Contact.objects.count()),
            (AuditAction.CONTACT_SAVED, extended),
        ):
            assert AuditEvent.objects.filter(action=action).count() == number, action
        return self.history.judge(found)


@dataclass
class Saver:
    """One of them."""

    browser: Browser
    organizations: list[Organization]
    load: Load
    after_each: Callable[[], None] = lambda: None  # what is done after each change

    def run(self) -> None:
        """Register one organization after another, until told to stop."""
        try:
            for organization in self.organizations:
                self.register(organization)
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001 - told to the test
            self.load.failures.append(error)

    def register(self, organization: Organization) -> None:
        """Start, then add contacts; each change once answered before the next."""
        key = organization.pk
        answer = self.sent(lambda: self.browser.post(START.format(key)), what=key)
        page = Page(self.browser, UUID(answer.location.split("/")[2]))
        for number in range(1, CONTACTS + 1):
            shown = self.sent(lambda: self.browser.get(f"{page.path}?add=1"))
            page.values = hidden_and_typed(shown.body)
            contact = page.values["new"]
            email = f"{contact[8:21]}@example.org"
            typed = {**TYPED, "first_name": f"Dana {'abcdefghij'[number - 1]}", "email": email}
            self.save(page, contact, typed, what=(contact[8:], email))
            self.save(page, contact, {"extension": f"{number}"}, what=(contact[8:], f"{number}"))

    def save(self, page: Page, contact: str, typed: dict[str, str], *, what: Hashable) -> None:
        """Type into a contact, and let the page save by itself."""
        page.values |= {f"{contact}-{name}": value for name, value in typed.items()}
        form = page.form_of(contact)
        answer = self.sent(lambda: page.send(form), what=what)
        page.values[f"{contact}-shown"] = json.loads(answer.body)["sections"][contact]["shown"]

    def sent(self, ask: Callable[[], Answer], *, what: Hashable = None) -> Answer:
        """Ask until it is answered; the same again is the same change."""
        while not self.load.stop.is_set():
            began = time.monotonic()
            answer = tried(ask)
            self.load.seconds.append(time.monotonic() - began)
            if what is not None:
                self.load.history.add(what, answer)
            if verdict_of(answer) is Verdict.REFUSED:
                raise AssertionError(f"{what} was refused with {answer and answer.status}")
            if answer and verdict_of(answer) is Verdict.OK:
                if what is not None:
                    self.after_each()
                return answer
            time.sleep(PAUSE)
        raise Stopped


def official_of(number: int) -> tuple[User, list[Organization]]:
    """A Security Official of so many organizations."""
    with transaction.atomic():
        user, organizations = UserFactory(), OrganizationFactory.create_batch(number)
        for organization in organizations:
            RoleFactory(user=user, organization=organization)
    return user, organizations


@contextmanager
def saving(new_browser: Callable[..., Browser]) -> Iterator[Load]:
    """Six people at work; they have stopped afterwards. Raises what went wrong with them."""
    load = Load()
    savers = [
        Saver(new_browser(user), mine, load)
        for user, mine in (official_of(ORGANIZATIONS) for _ in range(PEOPLE))
    ]
    threads = [threading.Thread(target=saver.run) for saver in savers]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join()
    if load.failures:
        raise load.failures[0]
