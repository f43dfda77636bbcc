"""The first and the last second of a window, whatever zone the server is in and clients believe.

What it would miss: zone rules that change after this release of tzdata.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from organizations.models import Organization
from qpp_registration import clock
from registrations.models import Offering, Registration
from tests.conftest import signed_in_session
from tests.factories import (
    OfferingFactory,
    OrganizationFactory,
    RoleFactory,
    UserFactory,
    explicit_year,
)
from tests.faults.conftest import NewOfficial
from tests.faults.figures import tell
from tests.faults.history import Verdict
from tests.faults.pages import Page, complete
from tests.faults.rush import SECOND, Saver, rush, whole_second
from tests.faults.sizes import often
from tests.server import JSON, Answer, serving

ZONES = ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"][: often(1, 3)]
# Eastern wall time, and the same moment in UTC as the zone's rules have it.
EDGES = {
    "2026-03-08 03:00": "2026-03-08T07:00:00Z",  # the first second after the skipped hour
    "2026-03-08 20:00": "2026-03-09T00:00:00Z",
    "2026-11-01 00:59:59": "2026-11-01T04:59:59Z",  # the last one before the hour that comes twice
    "2026-11-01 10:00": "2026-11-01T15:00:00Z",
    "2026-11-01 20:00": "2026-11-02T01:00:00Z",
    "2023-06-30 20:00": "2023-07-01T00:00:00Z",
    "2028-02-29 10:00": "2028-02-29T15:00:00Z",
    "2028-02-29 20:00": "2028-03-01T01:00:00Z",
}
AROUND = (-SECOND, timedelta(0), SECOND, -SECOND / 1000)[: often(2, 4)]
OPENS, CLOSES = "opens", "closes"
OTHER_END = {OPENS: ("--closes", "2030-06-30 20:00"), CLOSES: ("--opens", "2020-04-01 10:00")}
WRITES: dict[int, tuple[str, dict[str, str]]] = {
    2023: ("/registration/2023/cahps/organizations/{}/start/", {}),
    2022: ("/registration/2022/organizations/{}/size/", {"size": "25-99"}),
}


@pytest.fixture(params=ZONES)
def zone(
    request: pytest.FixtureRequest, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The zone in which the server believes to be."""
    monkeypatch.setenv("TZ", request.param)
    settings.TIME_ZONE = request.param
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.django_db
def test_window_begins_and_ends_with_its_second(
    zone: str, sign_in: Callable[[User], Client]
) -> None:
    jane, decided = UserFactory(), 0
    offerings = [OfferingFactory(), *explicit_year().values()]
    for wall, end, off in product(EDGES, (OPENS, CLOSES), AROUND):
        for offering in offerings if off == AROUND[0] else []:
            moved = (f"--{end}", wall, *OTHER_END[end], "--reason", "Table")
            command = (str(offering.year_id), offering.product, *moved)
            call_command("change_window", *command, stdout=StringIO())
        is_open = (off >= timedelta(0)) == (end == OPENS)
        with time_machine.travel(datetime.fromisoformat(EDGES[wall]) + off, tick=False):
            client = sign_in(jane)
            for year, (url, values) in WRITES.items():
                organization = OrganizationFactory()
                RoleFactory(user=jane, organization=organization)
                answer = client.post(url.format(organization.pk), values)
                told = wall, end, off, year
                assert answer.status_code == (302 if is_open else 403), told
                stored = Registration.objects.filter(organization=organization, year=year)
                assert stored.exists() == is_open, told
                decided += 1
    tell("instants", zone=zone, edges=len(EDGES), decisions=decided, wrong=0)


# --- A real server in that zone, and clients that know better -------------------------------------


@dataclass(kw_only=True)
class DayOff(Saver):
    """A client that says in every way it has that it is another day."""

    off: timedelta

    def send(self) -> Answer:
        self.number += 1
        self.page.type(extension=str(self.number))
        believed = clock.now() + self.off
        form = {**self.page.form(), "received_at": believed.isoformat()}
        told = {
            "Date": format_datetime(believed.astimezone(UTC), usegmt=True),
            "X-Received-At": f"{believed:%Y-%m-%dT%H:%M:%SZ}",
            "X-Request-Start": f"t={believed.timestamp():.3f}",
        }
        body = self.browser.encoded(form)
        return self.browser.ask("POST", self.page.path, body, **JSON, **told)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("zone", ZONES)
def test_client_a_day_off_and_the_zone_of_a_real_server_change_nothing(
    zone: str, open_2023: Offering, new_official: NewOfficial, tmp_path: Path
) -> None:
    judged = 0
    with serving(tmp_path, TZ=zone) as server:
        officials = []
        for off in (timedelta(days=1), timedelta(days=-1), timedelta(0)):
            organization: Organization = OrganizationFactory()
            user = new_official(organization)
            browser = server.browser()
            browser.cookies["session"] = signed_in_session(user, clock.now())
            registration = complete(organization, open_2023, user)
            page = Page(browser, registration.pk).open()
            officials.append(DayOff(organization=organization, browser=browser, page=page, off=off))
        for end in (OPENS, CLOSES):
            edge = whole_second(after=SECOND)
            Offering.objects.update(**{f"{end}_at": edge})
            for post in rush(officials, edge - SECOND, edge + SECOND):
                is_open = (post.answer.received_at >= edge) == (end == OPENS)
                assert post.verdict is (Verdict.OK if is_open else Verdict.REFUSED)
                judged += 1
    assert all(one.as_stored() for one in officials)
    tell("clients a day off", zone=zone, posts=judged, wrong=0)
