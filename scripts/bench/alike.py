"""Whether it takes the same time to be refused, whatever the reason: else it tells who is known.

Each pair asks the same of two kinds of account, one after the other in turn, each request for
another account, as nobody may try one account often.
"""

import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from urllib.parse import urlencode

from django.contrib.auth.hashers import make_password

from accounts.enums import Channel
from accounts.models import ChannelDevice, User
from accounts.policy.account import IDLE_AFTER, REQUESTS_OF_ADDRESS
from bench.load import ADDRESS, SECONDS_FOR_AN_ANSWER, WrongAnswer

PASSWORD = "a quiet lake in autumn"  # noqa: S105 - of invented people
WRONG = "not the right password"
KINDS = ("existing", "disabled", "unusable", "locked", "idle", "case")
TRIES_THAT_LOCK = 5
Ask = Callable[[int, bytes], bytes]  # number of the request, and the request


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two lists of requests that have to be answered alike, and as quickly."""

    label: str
    one: Sequence[bytes]
    other: Sequence[bytes]


def fill(*, at: datetime, number: int) -> None:
    """Store so many people of each kind. All have the same password but those without one."""
    encoded = make_password(PASSWORD)
    people = [
        User(
            user_id=f"{kind}.person.{place}",
            email=f"{kind}.person.{place}@example.org",
            first_name="Pat",
            last_name="Example",
            password=make_password(None) if kind == "unusable" else encoded,
            is_active=kind != "disabled",
            created_at=at - IDLE_AFTER - timedelta(days=1) if kind == "idle" else at,
        )
        for kind in KINDS
        for place in range(number)
    ]
    User.objects.bulk_create(people)
    ChannelDevice.objects.bulk_create(
        ChannelDevice(
            user=user, name="Phone", channel=Channel.TEXT, address="2025550101", confirmed=True
        )
        for user in people
        if user.user_id.startswith("existing")
    )


def pairs(*, number: int, ask: Ask) -> Iterator[Pair]:
    """Everything that is compared, `number` requests of each kind."""
    browser = Browser.of(ask)
    locked = range(0, number, TRIES_THAT_LOCK)  # as many tries again change nothing
    for place in locked:
        for _ in range(TRIES_THAT_LOCK):
            ask(place, browser.sign_in(f"locked.person.{place}"))
    against = {
        "wrong password": ("existing", WRONG),
        "disabled": ("disabled", PASSWORD),
        "no password yet": ("unusable", WRONG),
        "locked": ("locked", PASSWORD),
        "not used for 60 days": ("idle", PASSWORD),
        "other case": ("case", WRONG),
    }
    for label, (kind, password) in against.items():
        names = [f"{kind}.person.{place}" for place in range(number)]
        if kind == "case":
            names = [name.upper() for name in names]
        if kind == "locked":
            names = [f"locked.person.{place - place % TRIES_THAT_LOCK}" for place in range(number)]
        yield Pair(
            label=f"sign in: {label}",
            one=[browser.sign_in(name, password) for name in names],
            other=[browser.sign_in(f"nobody.{kind}.{place}") for place in range(number)],
        )
    for kind in ("existing", "disabled", "locked", "idle"):
        yield Pair(
            label=f"reset password: {kind}",
            one=[browser.reset(f"{kind}.person.{place}") for place in range(number)],
            other=[browser.reset(f"nobody.reset.{kind}.{place}") for place in range(number)],
        )
    yield Pair(
        label="recover ID: existing",
        one=[browser.find(f"unusable.person.{place}@example.org") for place in range(number)],
        other=[browser.find(f"nobody.{place}@example.org") for place in range(number)],
    )
    yield Pair(
        label="register: existing e-mail",
        one=[browser.register(f"case.person.{place}@example.org") for place in range(number)],
        other=[browser.register(f"somebody.{place}@example.org") for place in range(number)],
    )
    yield _devices(browser, number, ask)


def _devices(browser: "Browser", number: int, ask: Ask) -> Pair:
    """On the way to the code page: another person's device against one that isn't there."""
    answer = ask(0, browser.sign_in("existing.person.0", PASSWORD))
    signing_in = browser.with_session(_cookies(answer)["session"])
    foreign = ChannelDevice.objects.filter(user__user_id="existing.person.1").get()
    missing = f"{foreign.persistent_id.rpartition('/')[0]}/999999999"
    return Pair(
        label="code: another's device",
        one=[signing_in.device(foreign.persistent_id)] * number,
        other=[signing_in.device(missing)] * number,
    )


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What a browser sends along."""

    token: str
    cookies: Mapping[str, str]

    @classmethod
    def of(cls, ask: Ask) -> "Browser":
        """Open the sign-in page for a token and its cookie."""
        request = f"GET /sign-in/ HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n\r\n"
        answer = ask(0, request.encode())
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', answer)
        if not found:
            raise WrongAnswer(answer[:400].decode(errors="replace"))
        return cls(token=found[1].decode(), cookies=_cookies(answer))

    def with_session(self, session: str) -> "Browser":
        """The same with a session."""
        return Browser(token=self.token, cookies={**self.cookies, "session": session})

    def sign_in(self, user_id: str, password: str = WRONG) -> bytes:
        """User ID, password and *Yes, I agree*."""
        return self._post("/sign-in/", user_id=user_id, password=password, agree="on")

    def reset(self, user_id: str) -> bytes:
        """*Reset password*."""
        return self._post("/recover/", {"password-user_id": user_id}, what="reset")

    def find(self, email: str) -> bytes:
        """*Recover ID*."""
        return self._post("/recover/", {"id-email": email}, what="find")

    def register(self, email: str) -> bytes:
        """The first step of *Register*."""
        name = {"first_name": "Pat", "last_name": "Example"}
        return self._post("/register/", name, email=email, phone="2025550101")

    def device(self, device_id: str) -> bytes:
        """*Send Code*."""
        return self._post("/sign-in/verify/", device=device_id)

    def _post(self, path: str, more: Mapping[str, str] | None = None, **fields: str) -> bytes:
        form = {**(more or {}), **fields, "csrfmiddlewaretoken": self.token}
        body = urlencode(form).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return (
            f"POST {path} HTTP/1.1\r\nHost: {ADDRESS}\r\nCookie: {cookies}\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        ).encode() + body


def asking(port: int) -> Ask:
    """Ask the server from another address of this machine after every few requests.

    One address may ask for a hundred mails an hour only, and six of the pairs ask for mails.
    """

    def ask(number: int, request: bytes) -> bytes:
        place = number // (REQUESTS_OF_ADDRESS // 20)
        source = (f"127.0.{1 + place // 200}.{1 + place % 200}", 0)
        received = []
        with socket.create_connection(
            (ADDRESS, port), timeout=SECONDS_FOR_AN_ANSWER, source_address=source
        ) as connection:
            connection.sendall(request)
            while part := connection.recv(65536):
                received.append(part)
        return b"".join(received)

    return ask


def ratio(pair: Pair, ask: Ask) -> float:
    """The median time of one list in times of the other's, asked in turn. Raises WrongAnswer."""
    took: tuple[list[float], list[float]] = ([], [])
    statuses = set()
    for number, requests in enumerate(zip(pair.one, pair.other, strict=True)):
        # Neither list is always first.
        for side in (0, 1) if number % 2 else (1, 0):
            began = time.perf_counter()
            answer = ask(number, requests[side])
            took[side].append(time.perf_counter() - began)
            statuses.add(answer[:12])
    if len(statuses) != 1 or statuses == {b"HTTP/1.1 429"}:
        raise WrongAnswer(f"{pair.label}: {sorted(statuses)}")
    return median(took[0]) / median(took[1])


def _cookies(answer: bytes) -> dict[str, str]:
    found = re.findall(rb"(?i)\r\nset-cookie: *(\w+)=([^;]+)", answer)
    return {name.decode(): value.decode() for name, value in found}
