"""The server under load: gunicorn with one process, on a core of its own where there are two."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.load import ADDRESS, answer, get

SECONDS_TO_START = 30
SECONDS_TO_STOP = 10


@contextmanager
def serving(**more: str) -> Iterator[int]:
    """Run the server; gives its port. Ends it, whatever happens. `more`: for its environment."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "bench.wsgi", "--bind", f"{ADDRESS}:{port}"),
        *("--workers", "1", "--log-level", "warning", "--no-control-socket"),
        *("--timeout", "600"),  # seconds: an export of everything is one request
    ]
    server_core, load_core = _cores()
    _stay_on(server_core)
    # Refusals are measured too, and each would be a line.
    environment = {**os.environ, "LOG_LEVEL": "ERROR", **more}
    server = subprocess.Popen(command, start_new_session=True, env=environment)
    _stay_on(load_core)
    try:
        _wait_until_answering(server, port)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            server.kill()


def _cores() -> tuple[set[int], set[int]]:
    """The core of the server and those of the load; the same ones where nothing can be chosen."""
    if not hasattr(os, "sched_getaffinity"):
        return set(), set()
    first, *others = sorted(os.sched_getaffinity(0))
    return {first}, set(others) or {first}


def _stay_on(cores: set[int]) -> None:
    """Let this process, and those that it starts from now on, run on these cores only."""
    if cores:
        os.sched_setaffinity(0, cores)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind((ADDRESS, 0))
        port: int = trial.getsockname()[1]
        return port


def _wait_until_answering(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit("The server ended; see above.")
        try:
            answer(port, get("/floor/bare/"))
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server doesn't answer.")
