"""A gateway for texts and calls that speaks Twilio's HTTP API, and misbehaves when told to."""

import json
import socket
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

ACCOUNT, TOKEN, NUMBER = "AC0123", "a-token", "+12025550100"


class Gateway(ThreadingHTTPServer):
    """What it got is in `got`; `mood` is how it answers the next requests."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[dict[str, str]] = []
        self.mood: Any = None
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def newest(self) -> dict[str, str]:
        return self.got[-1]


class _Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        fields = {name: values[0] for name, values in parse_qs(body).items()}
        kind, _, user = self.headers["Authorization"].partition(" ")
        signed = f"{ACCOUNT}:{TOKEN}" == b64decode(user).decode() and kind == "Basic"
        self.server.got.append({"path": self.path, **fields})
        if self.server.mood:
            self.server.mood(self)
        elif not signed:
            self.reply(401, {"code": 20003, "message": "Authenticate"})
        else:
            self.reply(201, {"sid": "SM42", "status": "queued", "to": fields["To"]})

    def do_GET(self) -> None:
        self.server.got.append({"path": self.path})
        self.reply(200, {"sid": "SM43"})

    def reply(self, status: int, answer: Any, **headers: str) -> None:
        """Answer with JSON, or with a text that is none."""
        body = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def saying(status: int, answer: Any, **headers: str) -> Any:
    """A mood: answer this."""
    return lambda handler: handler.reply(status, answer, **headers)


def hanging(handler: _Handler) -> None:
    """A mood: never answer."""
    handler.server.ended.wait(30)
    handler.close_connection = True


def dripping(handler: _Handler) -> None:
    """A mood: always say a little, and never come to an end."""
    handler.close_connection = True
    try:
        handler.wfile.write(b"HTTP/1.1 201 Created\r\n")
        for number in range(300):
            handler.wfile.write(f"X-{number}: slow\r\n".encode())
            if handler.server.ended.wait(0.05):
                return
    except OSError:
        return


def slow(handler: _Handler) -> None:
    """A mood: take half a second."""
    time.sleep(0.5)
    handler.reply(201, {"sid": "SM44"})


def hanging_up(handler: _Handler) -> None:
    """A mood: close without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def running() -> Iterator[Gateway]:
    """A gateway while the block lasts."""
    gateway = Gateway()
    thread = threading.Thread(target=gateway.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield gateway
    finally:
        gateway.ended.set()
        gateway.shutdown()
        gateway.server_close()
        thread.join()
