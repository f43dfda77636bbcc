"""A real server on the test's database that logs everything, and a browser for it."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

ADDRESS = "127.0.0.1"
PATIENCE = 30  # seconds for an answer, and for the server to start
TOKEN = "a" * 32  # of forms and cookie alike


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Server:
    """A gunicorn that runs, and a browser at it with cookies."""

    port: int
    folder: Path
    environment: dict[str, str]
    cookies: dict[str, str] = field(default_factory=lambda: {"csrf": TOKEN})

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        """One request, as it is."""
        wire = http.client.HTTPConnection(ADDRESS, self.port, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kind = "application/x-www-form-urlencoded"
        try:
            wire.request(method, path, body, {"Cookie": cookies, "Content-Type": kind, **headers})
            response = wire.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            wire.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return Answer(response.status, dict(response.headers), text)

    def get(self, path: str) -> Answer:
        """Read a page."""
        return self.ask("GET", path)

    def post(self, path: str, **form: str) -> Answer:
        """Send a form, with its token."""
        form["csrfmiddlewaretoken"] = self.cookies["csrf"]
        return self.ask("POST", path, urlencode(form))

    def manage(self, *arguments: str) -> None:
        """Run a command beside it; what it logs goes where the server's lines go."""
        with (self.folder / "log").open("a") as log, (self.folder / "terminal").open("a") as out:
            subprocess.run(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
                env=self.environment,
                stdout=out,
                stderr=log,
                check=True,
            )

    @property
    def log(self) -> str:
        """Every line so far."""
        return (self.folder / "log").read_text()

    def newest(self, pattern: str) -> str:
        """What the pattern finds in the last message to a person."""
        line = (self.folder / "messages.jsonl").read_text().splitlines()[-1]
        found = re.search(pattern, json.loads(line)["body"])
        assert found
        return found[1]


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    """Two processes, at LOG_LEVEL=DEBUG; ended with the test, whatever happens."""
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        port: int = trial.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(tmp_path),
        "LOG_LEVEL": "DEBUG",
        "ACCESS_LOG": "on",
        "SECRET_KEY": settings.SECRET_KEY,
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    command = [
        *(sys.executable, "-m", "gunicorn", "tests.traces.broken"),
        *("--config", "python:qpp_registration.server", "--bind", f"{ADDRESS}:{port}"),
        *("--workers", "2", "--threads", "4", "--no-control-socket"),
    ]
    with (tmp_path / "log").open("a") as log, (tmp_path / "terminal").open("a") as terminal:
        process = subprocess.Popen(
            command, env=environment, cwd=settings.BASE_DIR, stdout=terminal, stderr=log
        )
    running = Server(port, tmp_path, environment)
    try:
        wait_until_answering(process, running)
        yield running
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_until_answering(process: subprocess.Popen[Any], running: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if running.get("/accessibility/").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"The server doesn't answer: {running.log}")


def database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    host = quote(str(database["HOST"]), safe="")
    who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgres://{who}@{host}{port}/{database['NAME']}"
