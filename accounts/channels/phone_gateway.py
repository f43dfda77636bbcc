"""Text messages and calls over a gateway that speaks the HTTP API of Twilio (2010-04-01)."""

import json
import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlencode, urlsplit
from xml.sax.saxutils import escape

from django.conf import settings

from accounts.channels.base import DeliveryFailed, DeliveryRefused
from accounts.enums import Channel

LONGEST_ANSWER = 100_000  # bytes
BAD_REQUEST = 400
# What the gateway says of a number that no message will ever reach: not valid, not a mobile phone,
# stopped by its owner, a country that isn't served, no call possible.
NUMBER_REFUSED = {13223, 13224, 13225, 13227, 21211, 21214, 21217, 21408, 21610, 21612, 21614}
_CODE = re.compile(r"\b\d{6}\b")


class PhoneGateway:
    """Sends a text, or calls and speaks the text twice.

    The settings GATEWAY_… say where and as whom. Redirects aren't followed; certificates are
    checked; the whole conversation ends after GATEWAY_TOTAL_SECONDS, whatever the other side does.
    """

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, *, to: str, subject: str, body: str, message_id: str, html: str = "") -> None:
        """Hand the message over; `to` is ten digits.

        Raises DeliveryRefused when the number can't be reached ever, else DeliveryFailed.
        """
        fields = {"To": f"+1{to}", "From": settings.GATEWAY_NUMBER}
        if self.channel == Channel.VOICE:
            status, answer = _post("Calls.json", fields | {"Twiml": spoken(body)})
        else:
            status, answer = _post("Messages.json", fields | {"Body": body})
        if 200 <= status < 300 and "sid" in answer:
            return
        code = answer.get("code")
        shown = f" with the code {code}" if isinstance(code, int) else ""
        text = f"The gateway answered {status}{shown}."
        if status == BAD_REQUEST and code in NUMBER_REFUSED:
            raise DeliveryRefused(text)
        # What else it says (no account, our number isn't allowed, too much) is about our set-up or
        # passes: it may work later.
        raise DeliveryFailed(text)


def spoken(body: str) -> str:
    """The text as a call says it: twice, the digits of a code one by one."""
    slow = _CODE.sub(lambda found: ". ".join(found[0]), body)
    say = f"<Say>{escape(slow)}</Say>"
    return f'<Response><Pause length="1"/>{say}<Pause length="2"/>{say}</Response>'


def _post(resource: str, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The status and the JSON of the answer; {} where it is none. Raises DeliveryFailed."""
    account = settings.GATEWAY_ACCOUNT
    token = b64encode(f"{account}:{settings.GATEWAY_TOKEN}".encode()).decode()
    base = urlsplit(settings.GATEWAY_URL)
    kind = HTTPConnection if base.scheme == "http" else HTTPSConnection
    connection = kind(
        base.hostname or "", base.port, timeout=float(settings.GATEWAY_CONNECT_SECONDS)
    )
    try:
        with _hanging_up(connection):
            connection.request(
                "POST",
                f"{base.path}/2010-04-01/Accounts/{quote(account, safe='')}/{resource}",
                body=urlencode(fields),
                headers={
                    "Authorization": f"Basic {token}",
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Accept": "application/json",
                },
            )
            response = connection.getresponse()
            return response.status, _json(response.read(LONGEST_ANSWER))
    except (OSError, HTTPException) as error:
        raise DeliveryFailed(f"{type(error).__name__} while talking to the gateway.") from error
    finally:
        connection.close()


@contextmanager
def _hanging_up(connection: HTTPConnection) -> Iterator[None]:
    """Connect, and hang up when all the time is over: TimeoutError, however it showed itself."""
    begun = time.monotonic()
    connection.connect()
    line = connection.sock
    line.settimeout(settings.GATEWAY_TOTAL_SECONDS)
    left = settings.GATEWAY_TOTAL_SECONDS - (time.monotonic() - begun)
    over = threading.Event()
    timer = threading.Timer(left, _hang_up, (line, over))
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException):
        if not over.is_set():
            raise
    finally:
        timer.cancel()
    if over.is_set():
        raise TimeoutError


def _hang_up(line: socket.socket, over: threading.Event) -> None:
    over.set()
    # Wakes whoever reads from it, which closing it wouldn't.
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
