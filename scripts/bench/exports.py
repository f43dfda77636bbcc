"""Exporting all registrations: how fast the rows come, and what the server needs for it.

The floor is the same SQL without the site: on SQLite a bare cursor, on PostgreSQL `COPY`.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection
from typing import Any

import psycopg
from django.db import connection

from accounts.models import User
from accounts.policy.rights import StaffGroup
from accounts.staff.rights import put_into
from bench.data import session_of
from bench.load import ADDRESS, answer, get, post
from qpp_registration import clock
from registrations.exports.contents import joined
from registrations.models import Enrollment

PAGE = "/staff/registrations/enrollment/export/"
SECONDS = 600
MEGABYTES = 64
KILOBYTES_OF_A_MEGABYTE = 1024
_END_OF_LINE = b'"\r\n'


@dataclass(frozen=True, kw_only=True)
class ExportFigures:
    """One export of everything. `first_seconds`: until the first rows are there."""

    rows: int
    seconds: float
    first_seconds: float
    floor_seconds: float
    idle_megabytes: float
    peak_megabytes: float

    @property
    def of_floor(self) -> float:
        """Rows a second, as a part of the floor's."""
        return self.floor_seconds / self.seconds

    @property
    def more_megabytes(self) -> float:
        """What the export needs beside the idle server."""
        return self.peak_megabytes - self.idle_megabytes


def export_everything(port: int, file: str = "registrations") -> ExportFigures:
    """Export all registrations of the database over the network, as a Program manager does."""
    request = asking(manager_session(), lambda sent: answer(port, sent), file)
    server = int(answer(port, get("/floor/process/")).rpartition(b"\r\n\r\n")[2])
    idle = _megabytes(server)
    with _watching(server) as peaks:
        rows, first, seconds = _download(port, request)
    return ExportFigures(
        rows=rows,
        seconds=seconds,
        first_seconds=first,
        floor_seconds=_floor_seconds(),
        idle_megabytes=idle,
        peak_megabytes=max(peaks),
    )


def manager_session() -> str:
    """A session of a Program manager who just gave password and code."""
    number = User.objects.count()
    user = User.objects.create_user(
        f"manager.{number}",
        f"manager.{number}@example.org",
        None,
        first_name="Pat",
        last_name="Roe",
    )
    put_into(user, StaffGroup.PROGRAM_MANAGER)
    return session_of(user, clock.now())


def asking(session: str, ask: Callable[[bytes], bytes], file: str) -> bytes:
    """The request for a file with everything, from the page that offers it."""
    opened = ask(get(PAGE, session=session)).decode()
    token = _found(r'name="csrfmiddlewaretoken" value="([^"]+)"', opened)
    body = f"file={file}&reason=Benchmark".encode()
    return post(PAGE, body, session=session, csrf=_found(r"csrf=(\w+)", opened), token=token)


def lines(small: ExportFigures, large: ExportFigures) -> Iterator[str]:
    """The report on two exports, of few and of many registrations."""
    slower = (large.seconds / large.rows) / (small.seconds / small.rows)
    yield f"export of {large.rows:,} registrations against {small.rows:,}"
    yield f"  {'rows a second':34}{large.rows / large.seconds:8.0f}"
    yield f"  {'of the floor':34}{large.of_floor:8.2f}"
    yield f"  {'time of a row':34}{slower:8.2f} times{_verdict(slower, 2)}"
    yield f"  {'first rows after':34}{large.first_seconds:8.2f} s"
    more = large.more_megabytes
    yield f"  {'memory above idle':34}{more:8.1f} MB{_verdict(more, MEGABYTES)}"


def _verdict(figure: float, bound: float) -> str:
    return f"   ≤ {bound:g} {'met' if figure <= bound else 'MISSED'}"


def _download(port: int, request: bytes) -> tuple[int, float, float]:
    """Rows below the header, seconds to the first of them, and seconds to the end."""
    began, first, lines, end = time.perf_counter(), 0.0, 0, b""
    with create_connection((ADDRESS, port), timeout=SECONDS) as server:
        server.sendall(request)
        head = server.recv(65536)
        if not head.startswith(b"HTTP/1.1 200"):
            raise ValueError(head[:400].decode(errors="replace"))
        part = head.partition(b"\r\n\r\n")[2] or server.recv(1 << 18)
        while part:
            lines += (end + part).count(_END_OF_LINE)
            end = part[1 - len(_END_OF_LINE) :]
            first = first or (time.perf_counter() - began if lines > 1 else 0.0)
            part = server.recv(1 << 18)
    return lines - 1, first, time.perf_counter() - began


def _floor_seconds() -> float:
    sql, params = joined(Enrollment.objects.order_by("-pk")).query.sql_with_params()
    began = time.perf_counter()
    if connection.vendor == "postgresql":
        _copy(sql, params)
    else:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            while cursor.fetchmany(2_000):
                pass
    return time.perf_counter() - began


def _copy(sql: str, params: tuple[Any, ...]) -> None:
    with connection.cursor():
        raw = connection.connection
    statement = psycopg.ClientCursor(raw).mogrify(sql, params)
    with raw.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv)") as rows:
        for _part in rows:
            pass


@contextmanager
def _watching(server: int) -> Iterator[list[float]]:
    """What the process holds in memory meanwhile, looked at every 20 milliseconds."""
    seen, over = [_megabytes(server)], threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            seen.append(_megabytes(server))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _megabytes(server: int) -> float:
    status = Path(f"/proc/{server}/status").read_text()
    return int(_found(r"VmRSS:\s+(\d+) kB", status)) / KILOBYTES_OF_A_MEGABYTE


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"There is nothing like {pattern}")
    return found[1]
