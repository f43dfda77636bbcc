"""A network that loses answers: the request arrives, and nothing comes back."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.server import ADDRESS, PATIENCE, Browser

LOOK_AGAIN = 0.2  # seconds after which it looks whether it is to end
MOST = 65_536  # bytes read at once


@dataclass
class Dropping:
    """Passes each request on to the server at `port`, and hangs up instead of answering.

    `early`: at once, while the server is still at it; otherwise when the answer begins to come.
    """

    port: int
    early: bool = False
    listener: socket.socket = field(default_factory=lambda: socket.create_server((ADDRESS, 0)))
    _ends: threading.Event = field(default_factory=threading.Event)
    _under_way: list[threading.Thread] = field(default_factory=list)

    def through(self, browser: Browser) -> Browser:
        """The same browser with this network."""
        return Browser(self.listener.getsockname()[1], browser.address, dict(browser.cookies))

    def settle(self) -> None:
        """Wait until the server has answered all that was passed on."""
        while self._under_way:
            self._under_way.pop().join(PATIENCE)

    def listen(self) -> None:
        """Take connections until the end."""
        self.listener.settimeout(LOOK_AGAIN)
        while not self._ends.is_set():
            try:
                client, _ = self.listener.accept()
            except TimeoutError:
                continue
            passing = threading.Thread(target=self._pass_on, args=(client,))
            self._under_way.append(passing)
            passing.start()

    def end(self) -> None:
        """Take no more."""
        self._ends.set()

    def _pass_on(self, client: socket.socket) -> None:
        with socket.create_connection((ADDRESS, self.port), PATIENCE) as server:
            with client:
                client.settimeout(PATIENCE)
                server.sendall(_whole_request(client))
                if not self.early:
                    server.recv(1)
            if self.early:
                server.recv(1)


def _whole_request(client: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += client.recv(MOST)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < length:
        body += client.recv(MOST)
    return head + b"\r\n\r\n" + body


@contextmanager
def dropping(port: int) -> Iterator[Dropping]:
    """Such a network in front of the server, for a while."""
    network = Dropping(port)
    thread = threading.Thread(target=network.listen)
    thread.start()
    try:
        yield network
    finally:
        network.end()
        thread.join()
        network.settle()
        network.listener.close()
