"""Starts the demonstration: `make run`.

Migrates the database, loads the demonstration (which prints people and passwords), then runs the
message sender, the worker for registration sheets and the server side by side until Ctrl-C,
SIGTERM or the end of one of them.
PORT, DATABASE_URL and VAR_DIR are honoured, so two can run side by side.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "127.0.0.1"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 10

MANAGE = [sys.executable, str(ROOT / "manage.py")]
WORKERS = {
    "message sender": [*MANAGE, "send_messages", "--loop"],
    "worker for registration sheets": [*MANAGE, "apply_sheets", "--loop"],
}


class Stopped(Exception):
    """A signal asked to end."""


def stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535; it is {text!r}.")
    return int(text)


def refuse_if_busy(port: int) -> None:
    with socket.socket() as trial:
        # What the server does too: a port whose last connections only wait to time out is free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, port))
        except OSError as error:
            sys.exit(
                f"Port {port} can't be used: {error.strerror}.\n"
                f"Choose another one with PORT, for example: make run PORT={port % 65535 + 1}"
            )


def server(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "qpp_registration.wsgi"),
        *("--config", "python:qpp_registration.server"),
        *("--bind", f"{ADDRESS}:{port}", "--workers", os.environ.get("WEB_CONCURRENCY", "2")),
        *("--threads", "4", "--no-control-socket"),
    ]


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Starts a program in its own session, so that Ctrl-C reaches it through `end` only."""
    return subprocess.Popen(command, cwd=ROOT, start_new_session=True)


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def wait_until_answering(port: int, programs: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not answers(port):
        if any(program.poll() is not None for program in programs):
            return
        if time.monotonic() > deadline:
            print(f"The server doesn't answer as it should on port {port}; see above.", flush=True)
            return
        time.sleep(0.2)
    print(f"\nOpen http://{ADDRESS}:{port}/    (Ctrl-C ends it)\n", flush=True)


def end(programs: Sequence[subprocess.Popen[bytes]]) -> None:
    for signum in (signal.SIGTERM, signal.SIGKILL):
        running = [program for program in programs if program.poll() is None]
        for program in running:
            program.send_signal(signum)
        deadline = time.monotonic() + SECONDS_TO_STOP
        for program in running:
            try:
                program.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue


def serve(port: int) -> int:
    """Runs workers and server; 0 when asked to stop, 1 when one of them ended by itself."""
    commands = {**WORKERS, "server": server(port)}
    programs: list[subprocess.Popen[bytes]] = []
    try:
        programs.extend(start(command) for command in commands.values())
        wait_until_answering(port, programs)
        while all(program.poll() is None for program in programs):
            time.sleep(0.5)
        ended = next(
            name
            for name, program in zip(commands, programs, strict=True)
            if program.poll() is not None
        )
        print(f"The {ended} ended; see above.", file=sys.stderr)
        return 1
    except Stopped:
        return 0
    finally:
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_IGN)
        end(programs)


def main() -> None:
    port = chosen_port()
    os.environ["PORT"] = str(port)
    refuse_if_busy(port)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, stop)
    try:
        for arguments in (["migrate", "--verbosity", "0"], ["demo"]):
            if subprocess.run([*MANAGE, *arguments], cwd=ROOT, check=False).returncode:
                sys.exit(f"manage.py {arguments[0]} failed; see above.")
    except Stopped:
        return
    sys.exit(serve(port))


if __name__ == "__main__":
    main()
