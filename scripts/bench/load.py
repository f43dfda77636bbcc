"""Putting load on a server: two clients, each sending its next request when it was answered."""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

ADDRESS = "127.0.0.1"
SECONDS_FOR_AN_ANSWER = 20


class WrongAnswer(Exception):
    """The server didn't answer as it does when everything works."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """The requests of one client: `make` gives the next one; its answer has to hold `expect`."""

    make: Callable[[], bytes]
    expect: bytes


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Requests answered a second, and the server's processor time for one in milliseconds."""

    a_second: float
    milliseconds: float


def get(path: str, *, session: str = "") -> bytes:
    """A GET request as a signed-in browser sends it."""
    return _head("GET", path, f"session={session}", "") + b"\r\n"


def post(path: str, body: bytes, *, session: str = "", csrf: str = "", token: str = "") -> bytes:
    """A POST request as the register page's script sends it."""
    more = (
        f"Accept: application/json\r\nX-CSRFToken: {token}\r\nContent-Length: {len(body)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n"
    )
    return _head("POST", path, f"session={session}; csrf={csrf}", more) + b"\r\n" + body


def _head(method: str, path: str, cookies: str, more: str) -> bytes:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: {ADDRESS}\r\nCookie: {cookies}\r\n{more}"
        f"Connection: close\r\n"
    ).encode()


def answer(port: int, request: bytes) -> bytes:
    """The whole answer to one request, its head included."""
    received = []
    with socket.create_connection((ADDRESS, port), timeout=SECONDS_FOR_AN_ANSWER) as connection:
        connection.sendall(request)
        while part := connection.recv(65536):
            received.append(part)
    return b"".join(received)


def put_load(port: int, sources: Sequence[Source], seconds: float) -> Speed:
    """Send requests for about so many seconds, at least two of each client. Raises WrongAnswer."""
    before, began = _server_seconds(port), time.perf_counter()
    with ThreadPoolExecutor(len(sources)) as clients:
        answered = sum(clients.map(lambda source: _one_client(port, source, seconds), sources))
    took, after = time.perf_counter() - began, _server_seconds(port)
    return Speed(a_second=answered / took, milliseconds=1000 * (after - before) / answered)


def _one_client(port: int, source: Source, seconds: float) -> int:
    began, answered = time.perf_counter(), 0
    while answered < 2 or time.perf_counter() - began < seconds:
        received = answer(port, source.make())
        if not received.startswith(b"HTTP/1.1 200") or source.expect not in received:
            raise WrongAnswer(received[:400].decode(errors="replace"))
        answered += 1
    return answered


def _server_seconds(port: int) -> float:
    """The processor time that the server took so far, which its bare view tells."""
    return float(answer(port, get("/floor/bare/")).rpartition(b"\r\n\r\n")[2])
