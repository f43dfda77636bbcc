"""The benchmark's requests, answered without a network."""

from typing import Any

from bench import wsgi
from django.test import RequestFactory


def ask(request: bytes) -> bytes:
    """What the server answers to a request that would go over the network."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _version = first.split(" ")
    headers: dict[str, Any] = dict(line.split(": ", maxsplit=1) for line in lines)
    sent = RequestFactory(headers=headers).generic(
        method, path, body, headers.get("Content-Type", "")
    )
    answered: list[bytes] = []

    def start(status: str, given: list[tuple[str, str]], *_: object) -> None:
        told = "".join(f"{name}: {value}\r\n" for name, value in given)
        answered.append(f"HTTP/1.1 {status}\r\n{told}\r\n".encode())

    response = wsgi.application(sent.environ, start)
    answered += response
    response.close()
    return b"".join(answered)
