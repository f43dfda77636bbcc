"""A real server on the test database: gunicorn, processes and threads, as in production.

Bounded: it is ended with the test, whatever happens.
"""

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
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
Result = TypeVar("Result")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    body: str


@dataclass
class Browser:
    """A client with cookies. `address`: what the proxy in front says it came from."""

    port: int
    address: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=lambda: {"csrf": TOKEN})

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self._ask("GET", path, "")

    def post(self, path: str, **form: str) -> Answer:
        """Send a form, with its token."""
        form["csrfmiddlewaretoken"] = self.cookies.get("csrf", TOKEN)
        return self._ask("POST", path, urlencode(form))

    def copy(self) -> "Browser":
        """Another tab, or a thief, with the same cookies."""
        return Browser(self.port, self.address, dict(self.cookies))

    def _ask(self, method: str, path: str, body: str) -> Answer:
        wire = http.client.HTTPConnection(ADDRESS, self.port, timeout=PATIENCE)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": self.address,
        }
        try:
            wire.request(method, path, body, headers)
            response = wire.getresponse()
            text = response.read().decode()
        finally:
            wire.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, response.headers.get("Location", ""), text)


@dataclass(frozen=True)
class Server:
    """A server that runs, and the folder of its messages to people."""

    port: int
    folder: Path

    def browser(self, address: str = "192.0.2.1") -> Browser:
        """A client without cookies, from that address."""
        return Browser(self.port, address)

    def messages(self) -> list[str]:
        """What was sent so far, each as a line of JSON."""
        file = self.folder / "messages.jsonl"
        return file.read_text().splitlines() if file.exists() else []

    def newest_code(self, phone: str) -> str:
        """The code that was sent to the phone last."""
        line = next(line for line in reversed(self.messages()) if phone in line)
        found = re.search(r'"body": "(\d{6})\b', line)
        assert found
        return found[1]


@contextmanager
def serving(folder: Path, *, application: str = "qpp_registration.wsgi") -> Iterator[Server]:
    """Run the server on the database of the test, behind one trusted proxy, which is the client."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"{ADDRESS}:{port}"),
        *("--workers", str(PROCESSES), "--threads", str(THREADS), "--log-level", "warning"),
        *("--no-control-socket", "--pythonpath", str(settings.BASE_DIR)),
    ]
    environment = os.environ | {
        "DATABASE_URL": _database_url(),
        "VAR_DIR": str(folder),
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": settings.SECRET_KEY,
        "CODE_KEY": settings.CODE_KEY,
    }
    log = (folder / "server.log").open("w")
    process = subprocess.Popen(
        command, env=environment, start_new_session=True, stdout=log, stderr=log
    )
    try:
        _wait_until_answering(process, port)
        yield Server(port, folder)
    finally:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


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


def _database_url() -> str:
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


def _wait_until_answering(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError("The server ended; see its log.")
        try:
            if Browser(port).get("/accessibility/").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server doesn't answer.")
