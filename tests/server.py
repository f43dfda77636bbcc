"""A real server on the test database: gunicorn, processes and threads, as in production.

Bounded: it is ended with the test, whatever happens.
"""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

ADDRESS = "127.0.0.1"
PROCESSES, THREADS = 2, 8
PATIENCE = 30  # seconds for an answer, and for the server to start
SECONDS_TO_STOP = 5
TOKEN = "a" * 32  # of forms and cookie alike
JSON = {"Accept": "application/json"}  # as the site's own script asks
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def location(self) -> str:
        """Where it leads; empty where it doesn't."""
        return self.headers.get("Location", "")

    @property
    def received_at(self) -> datetime:
        """When the server received the request, to the second."""
        return datetime.fromisoformat(self.headers["X-Received-At"])


@dataclass
class Browser:
    """A client with cookies. `address`: what the proxy in front says it came from.

    `patience`: how many seconds it waits for an answer.
    """

    port: int
    address: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=lambda: {"csrf": TOKEN})
    patience: float = PATIENCE

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self.ask("GET", path)

    def post(self, path: str, **form: str) -> Answer:
        """Send a form, with its token."""
        return self.ask("POST", path, self.encoded(form))

    def encoded(self, form: dict[str, str]) -> str:
        """The body of a form, with its token."""
        return urlencode({**form, "csrfmiddlewaretoken": self.cookies.get("csrf", TOKEN)})

    def copy(self) -> "Browser":
        """Another tab, or a thief, with the same cookies."""
        return Browser(self.port, self.address, dict(self.cookies))

    def ask(self, method: str, path: str, body: str = "", **more: str) -> Answer:
        """One request, as it is; `more` are its headers. Raises OSError where none answers."""
        wire = http.client.HTTPConnection(ADDRESS, self.port, timeout=self.patience)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": self.address,
            **more,
        }
        try:
            wire.request(method, path, body, headers)
            response = wire.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            wire.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, dict(response.headers), text)


@dataclass
class Server:
    """A server that runs, and the folder of its messages to people."""

    port: int
    folder: Path
    application: str
    environment: dict[str, str]
    processes: int = PROCESSES
    process: subprocess.Popen[bytes] | None = None

    def browser(self, address: str = "192.0.2.1") -> Browser:
        """A client without cookies, from that address."""
        return Browser(self.port, address)

    def messages(self) -> list[str]:
        """What was sent so far, each as a line of JSON."""
        file = self.folder / "messages.jsonl"
        return file.read_text().splitlines() if file.exists() else []

    def newest(self, pattern: str) -> str:
        """What the pattern finds in the last message to a person."""
        found = re.search(pattern, json.loads(self.messages()[-1])["body"])
        assert found
        return found[1]

    def newest_code(self, phone: str) -> str:
        """The code that was sent to the phone last."""
        line = next(line for line in reversed(self.messages()) if phone in line)
        found = re.search(r'"body": "(\d{6})\b', line)
        assert found
        return found[1]

    @property
    def log(self) -> str:
        """Every line so far."""
        return (self.folder / "server.log").read_text()

    def manage(self, *arguments: str) -> None:
        """Run a command beside it; what it logs goes where the server's lines go."""
        with self._log() as log, self._terminal() as terminal:
            subprocess.run(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
                env=self.environment,
                stdout=terminal,
                stderr=log,
                check=True,
            )

    @property
    def workers(self) -> list[int]:
        """The processes that answer."""
        assert self.process
        main = self.process.pid
        return [int(pid) for pid in Path(f"/proc/{main}/task/{main}/children").read_text().split()]

    def start(self) -> None:
        """Start it, and wait until all of it answers. Also after `kill`, at the same port."""
        command = [
            *(sys.executable, "-m", "gunicorn", self.application),
            *("--config", "python:qpp_registration.server", "--bind", f"{ADDRESS}:{self.port}"),
            *("--workers", str(self.processes), "--threads", str(THREADS), "--no-control-socket"),
        ]
        with self._log() as log, self._terminal() as terminal:
            self.process = subprocess.Popen(
                command,
                env=self.environment,
                cwd=settings.BASE_DIR,
                start_new_session=True,
                stdout=terminal,
                stderr=log,
            )
        self._wait_until_answering()

    def stop(self) -> None:
        """Ask it to end; by force where that takes too long."""
        assert self.process
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End all of its processes where they stand."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _log(self) -> Any:
        return (self.folder / "server.log").open("a")

    def _terminal(self) -> Any:
        return (self.folder / "terminal").open("a")

    def _wait_until_answering(self) -> None:
        assert self.process
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if (
                    Browser(self.port).get("/accessibility/").status == 200
                    and len(self.workers) == self.processes
                ):
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"The server doesn't answer: {self.log}")


@contextmanager
def serving(
    folder: Path,
    *,
    application: str = "qpp_registration.wsgi",
    processes: int = PROCESSES,
    **environment: str,
) -> Iterator[Server]:
    """Run the server on the database of the test, behind one trusted proxy, which is the client."""
    values = {
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(folder),
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": settings.SECRET_KEY,
        "CODE_KEY": settings.CODE_KEY,
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    server = Server(_free_port(), folder, application, os.environ | values | environment, processes)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def at_once(number: int, do: Callable[[int], Result]) -> list[Result]:
    """What comes of doing it that often at the same moment."""
    barrier = threading.Barrier(number)
    results: dict[int, Any] = {}

    def one(place: int) -> None:
        barrier.wait(PATIENCE)
        try:
            results[place] = do(place)
        except Exception as error:  # noqa: BLE001 - told to the test below
            results[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results.values():
        if isinstance(result, Exception):
            raise result
    return [results[place] for place in range(number)]


def database_url() -> str:
    """The test's own database, for another process."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host = quote(str(database["HOST"]), safe="")
    who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{who}@{host}{port}/{database['NAME']}"


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        port: int = trial.getsockname()[1]
        return port
