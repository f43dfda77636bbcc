"""Two people who act at the same moment, each on a connection of its own, with locks or without."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from django.db import connection, connections

PATIENCE = 30  # seconds in which any call ends
A_MOMENT = 0.002  # seconds
WRITES = ("INSERT", "UPDATE", "DELETE")
# PostgreSQL locks rows, SQLite the database when a transaction begins.
LOCK = re.compile(r' FOR (NO KEY )?UPDATE( OF "\w+")?|(?<=^BEGIN) IMMEDIATE')
Act = Callable[[], str]


class Hand:
    """Somebody with a connection."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._key: int = self._thread.submit(self._connect).result(PATIENCE)

    def _connect(self) -> int:
        connection.ensure_connection()
        is_postgres = connection.vendor == "postgresql"
        return connection.connection.info.backend_pid if is_postgres else 0

    def does(self, act: Act, *wrappers: Any) -> Future[str]:
        """Begin it, with these around each statement; what comes of it."""

        def wrapped() -> str:
            with ExitStack() as stack:
                for wrapper in wrappers:
                    stack.enter_context(connection.execute_wrapper(wrapper))
                return act()

        return self._thread.submit(wrapped)

    def waits(self) -> bool:
        """Whether PostgreSQL has it wait for somebody else's lock."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = %s", [self._key]
            )
            return bool(cursor.fetchone()[0])

    def rests(self) -> None:
        """Give the connection back."""
        self._thread.submit(connections.close_all).result(PATIENCE)
        self._thread.shutdown()


def unlocked(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """A statement without the lock that it takes."""
    return execute(LOCK.sub("", sql), *rest)


def at_once(hands: tuple[Hand, Hand], first: Act, second: Act) -> tuple[str, str]:
    """What each gets when both begin at the same moment."""
    barrier = threading.Barrier(2)

    def begun(act: Act) -> Act:
        def wait_and_act() -> str:
            barrier.wait(PATIENCE)
            return act()

        return wait_and_act

    one, other = (hand.does(begun(act)) for hand, act in zip(hands, (first, second), strict=True))
    return one.result(PATIENCE), other.result(PATIENCE)


def held(
    hands: tuple[Hand, Hand],
    first: Act,
    second: Act,
    *,
    locks: bool,
    before: tuple[str, ...] = WRITES,
) -> tuple[str, str]:
    """What each gets when the first one has read and is about to write, and the second one then
    acts, until it is done or waits for the first one. `before`: how the statement begins that the
    first one is held at."""
    about_to_write, go, waits = threading.Event(), threading.Event(), threading.Event()

    def hold(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith(before) and not about_to_write.is_set():
            about_to_write.set()
            go.wait(PATIENCE)
        return execute(sql, *rest)

    def notice(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if connection.vendor == "sqlite" and sql.startswith(taking):
            waits.set()
        return execute(sql, *rest)

    # SQLite has one lock: for a whole transaction, or from its first write on.
    taking = ("BEGIN", *WRITES) if locks else WRITES
    around = () if locks else (unlocked,)
    one = hands[0].does(first, hold, *around)
    while not (about_to_write.is_set() or one.done()):
        time.sleep(A_MOMENT)
    other = hands[1].does(second, notice, *around)
    while not (waits.is_set() or other.done()):
        if connection.vendor == "postgresql" and hands[1].waits():
            break
        time.sleep(A_MOMENT)
    go.set()
    return one.result(PATIENCE), other.result(PATIENCE)
