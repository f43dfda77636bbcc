"""What each operation asks the database, counted and timed in this process."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from bench.data import RARE_WORD, Official, World
from bench.load import ADDRESS
from bench.operations import LIST, OpenPage, page_url

SIGNED_IN = 2  # session, person with device: what every signed-in request asks
# Nor is the time of a person's last request counted, which is stored once a minute.
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", 'UPDATE "django_session"')


@dataclass
class Asked:
    """The statements of one request, each with its time in seconds."""

    statements: list[tuple[str, float]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Execute a statement and remember it. Fetching the rows isn't part of the time."""
        began = time.perf_counter()
        try:
            return execute(sql, *rest)
        finally:
            self.statements.append((sql, time.perf_counter() - began))

    def seconds(self, part: str) -> float:
        """The time of those statements that hold the text."""
        return sum(seconds for sql, seconds in self.statements if part in sql)


@contextmanager
def asking() -> Iterator[Asked]:
    """Remember what is asked meanwhile."""
    asked = Asked()
    with connection.execute_wrapper(asked):
        yield asked


def query_counts(world: World) -> dict[str, int]:
    """How many queries each operation takes beside those of every signed-in request."""
    client = browser_of(world.some)
    url = page_url(world.pages[0])

    def count(ask: Callable[[], Any]) -> int:
        with asking() as asked:
            if ask().status_code != 200:
                raise AssertionError("The site doesn't answer as it does when everything works.")
        questions = [sql for sql, _ in asked.statements if not sql.startswith(NOT_COUNTED)]
        return len(questions) - SIGNED_IN

    opened = OpenPage.read(url, _whole(client.get(f"{url}?add=1")))
    new = {"first_name": "Ann", "last_name": "New", "email": "ann@example.org"}
    return {
        "list": count(lambda: client.get(LIST)),
        "register": count(lambda: client.get(url)),
        "autosave": count(
            lambda: client.post(
                url, opened.save(0, 10**8, phone="2025550177"), headers={"accept": JSON}
            )
        ),
        "autosave, new contact": count(
            lambda: client.post(
                url,
                opened.save(-1, 1, phone="2025550177", extension="", **new),
                headers={"accept": JSON},
            )
        ),
    }


JSON = "application/json"


def rare_word_in_first_pages(world: World, rounds: int) -> float:
    """The time of what a search asks, in times of the rows of the first page: a median."""
    client = browser_of(world.many)
    search = f"{LIST}?{urlencode({'q': RARE_WORD})}"
    ratios = []
    for _ in range(rounds + 1):
        with asking() as first:
            client.get(LIST)
        with asking() as found:
            client.get(search)
        ratios.append(found.seconds("LIKE") / first.seconds("LIMIT 25"))
    return median(ratios[1:])


def browser_of(official: Official) -> Client:
    """A client in this process that is signed in."""
    client = Client(SERVER_NAME=ADDRESS)
    client.cookies["session"] = official.session
    return client


def _whole(response: Any) -> bytes:
    """Head and body, as they come over the network."""
    return f"{response.cookies}\r\n\r\n".encode() + response.content
