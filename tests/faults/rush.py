"""Officials who post one change after the other, in both kinds of years, and keep every answer."""

import csv
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

from django.core.management import call_command
from django.db import connection

from accounts.actors import operations
from accounts.models import AuditEvent
from organizations.models import Organization
from qpp_registration import clock
from registrations.enums import Product
from registrations.models import Contact, Enrollment, Offering, Registration
from registrations.years.changes import change_window
from tests.faults.history import Verdict, verdict_of
from tests.faults.pages import Page
from tests.registrations.year_pages import form_values
from tests.server import Answer, Browser, at_once

SECOND = timedelta(seconds=1)
REGISTER, UPDATE, CANCEL = "cahps/", "information/", "cahps/cancel/"


@dataclass(frozen=True, kw_only=True)
class Post:
    """One post with its answer, and between which moments the server had it."""

    sent_at: datetime
    answered_at: datetime
    answer: Answer

    @property
    def verdict(self) -> Verdict:
        """What the person was told."""
        return verdict_of(self.answer)

    @property
    def request(self) -> str:
        """What the server calls the request, also in the audit."""
        return self.answer.headers["X-Request-ID"]


@dataclass(kw_only=True)
class Official:
    """A Security Official with one organization and one browser."""

    organization: Organization
    browser: Browser
    posts: list[Post] = field(default_factory=list)

    def prepare(self) -> None:
        """Open the form, where what comes next has one of its own."""

    def post(self) -> Post:
        """Send the next change."""
        sent_at = clock.now()
        answer = self.send()
        post = Post(sent_at=sent_at, answered_at=clock.now(), answer=answer)
        self.posts.append(post)
        if post.verdict is Verdict.OK:
            self.keep()
        return post

    def send(self) -> Answer:
        """Post what comes next."""
        raise NotImplementedError

    def keep(self) -> None:
        """Take note of what was acknowledged."""
        raise NotImplementedError

    @property
    def year(self) -> int:
        """The performance year in which they register."""
        raise NotImplementedError

    @property
    def is_registered(self) -> bool:
        """Whether the answers say that the organization is registered."""
        raise NotImplementedError

    def as_stored(self) -> bool:
        """Whether the database holds what was acknowledged, and nothing later."""
        found = Enrollment.objects.filter(
            registration__organization=self.organization, offering__year=self.year
        )
        return found.filter(status="complete").exists() == self.is_registered


@dataclass(kw_only=True)
class Saver(Official):
    """In 2023: the page saves by itself, each time another extension of the contact's phone."""

    page: Page
    number: int = 10
    extension: str = "14"
    year = 2023
    is_registered = True

    def send(self) -> Answer:
        self.number += 1
        self.page.type(extension=str(self.number))
        return self.page.send(self.page.form())

    def keep(self) -> None:
        self.extension = str(self.number)

    def as_stored(self) -> bool:
        contact = Contact.objects.get(registration__organization=self.organization)
        return super().as_stored() and contact.extension == self.extension


@dataclass(kw_only=True)
class Registrar(Official):
    """In 2022: Register, Update with another name, Cancel, and again."""

    steps: list[str] = field(default_factory=lambda: [REGISTER, UPDATE, CANCEL])
    number: int = 0
    name: str = ""
    form: dict[str, str] = field(default_factory=dict)
    is_registered: bool = False
    extension = "14"
    year = 2022

    def __post_init__(self) -> None:
        self.name = self.organization.name

    def url(self, page: str) -> str:
        """The address of a page about the organization."""
        return f"/registration/2022/organizations/{self.organization.pk}/{page}"

    def prepare(self) -> None:
        """Update has a form; after the close there is none to be had, and the last one is sent."""
        if self.steps[0] == UPDATE:
            self.number += 1
            shown = form_values(self.browser.get(self.url(UPDATE)).body)
            self.form = (shown if "name" in shown else self.form) | {"name": f"No. {self.number}"}

    def send(self) -> Answer:
        form = self.form if self.steps[0] == UPDATE else {}
        return self.browser.post(self.url(self.steps[0]), **form)

    def keep(self) -> None:
        step = self.steps.pop(0)
        self.steps.append(step)
        if step == UPDATE:
            self.name = self.form["name"]
        else:
            self.is_registered = step == REGISTER

    def as_stored(self) -> bool:
        registration = Registration.objects.get(organization=self.organization)
        return super().as_stored() and registration.name == self.name


def wait_until(moment: datetime) -> None:
    """Come back at that moment."""
    time.sleep(max(0.0, (moment - clock.now()).total_seconds()))


def whole_second(after: timedelta) -> datetime:
    """The first whole second after now and that time: answers tell when to the second."""
    return (clock.now() + after + SECOND).replace(microsecond=0)


def close(offerings: Iterable[Offering], at: datetime) -> None:
    """Have the windows close then, in one way that staff has."""
    for offering in offerings:
        change_window(
            year=offering.year_id,
            product=Product(offering.product),
            opens_at=None,
            closes_at=at,
            actor=operations("Rush"),
            received_at=clock.now(),
            tells=False,
        )


def rush(officials: Sequence[Official], begins: datetime, ends: datetime) -> list[Post]:
    """All of them post without a pause from one moment to the other."""

    def one(place: int) -> list[Post]:
        wait_until(begins)
        made = []
        while clock.now() < ends:
            officials[place].prepare()
            made.append(officials[place].post())
        return made

    return [post for posts in at_once(len(officials), one) for post in posts]


@contextmanager
def locked(*registrations: UUID) -> Iterator[None]:
    """Nobody else can change the registrations; on SQLite nobody can change anything."""
    outside = connection.copy()
    try:
        outside.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        if outside.vendor == "postgresql":
            with outside.cursor() as cursor:
                cursor.execute(
                    f'SELECT 1 FROM "{Registration._meta.db_table}" WHERE id = ANY(%s) FOR UPDATE',
                    [list(registrations)],
                )
        yield
    finally:
        outside.close()


def written() -> set[str]:
    """The requests that changed something."""
    events = AuditEvent.objects.exclude(action="access.refused").exclude(request_id="")
    return set(events.values_list("request_id", flat=True))


def on_the_roster(offering: Offering, folder: Path) -> dict[int, list[str]]:
    """The registration IDs on a final roster made now, with the extensions of their contacts."""
    file = folder / f"roster-{offering.year_id}.csv"
    command = (str(offering.year_id), offering.product, "--output", str(file))
    call_command("make_roster", *command, stdout=StringIO())
    rows = {int(row["registration_id"]): list[str]() for row in read(file)}
    for row in read(file.with_name(f"{file.stem}-contacts.csv")):
        rows[int(row["registration_id"])].append(row["extension"])
    return rows


def read(file: Path) -> list[dict[str, str]]:
    """The rows of a file of the roster."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
