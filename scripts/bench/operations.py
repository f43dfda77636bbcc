"""What is measured: each operation as the site does it, and its floor."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from bench.data import YEAR, Official, World
from bench.load import Source, get, post
from registrations.models import Registration

LIST = f"/registration/{YEAR}/cahps/practices/"
BARE = Source(make=lambda: get("/floor/bare/"), expect=b"\r\n\r\n")


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation with the sources of its load, one for each client. `floor`: key of its floor."""

    label: str
    sources: list[Source]
    floor: str = ""


def operations_of(world: World, ask: Callable[[bytes], bytes]) -> Mapping[str, Operation]:
    """Everything that is measured, in the order of one round; each stands beside its floor.

    `ask` sends a request to the site and gives its answer.
    """
    some = world.some
    first = world.pages[0]
    page, summary = page_url(first), f"{page_url(first)}summary.pdf"
    of_person = urlencode({"user": some.user.pk.hex, "offering": world.offering.pk.hex})
    of_page = urlencode({"registration": first.pk.hex})
    return {
        "bare": Operation(label="a bare view", sources=[BARE, BARE]),
        "list floor": _reading("floor of the list", f"/floor/list/?{of_person}", b"</li>"),
        "list": _reading("list page of 25", LIST, b'class="org"', some, floor="list floor"),
        "register floor": _reading(
            "floor of the register page", f"/floor/register/?{of_page}", b"</form>"
        ),
        "register": _reading("register page", page, b"autosave", some, floor="register floor"),
        "transaction": Operation(
            label="a minimal transaction",
            sources=[_least_saves(registration) for registration in world.pages],
        ),
        "autosave": Operation(
            label="autosave",
            sources=[_saves(registration, some, ask) for registration in world.pages],
            floor="transaction",
        ),
        "pdf floor": _reading("floor of the PDF", f"/floor/pdf/?{of_page}", b"%PDF"),
        "pdf": _reading("PDF summary", summary, b"%PDF", some, floor="pdf floor"),
        "few": _reading("list, few organizations", LIST, b'class="org"', world.few),
        "many": _reading("list, many organizations", LIST, b'class="org"', world.many),
    }


def page_url(registration: Registration) -> str:
    """The register page's address."""
    return f"/registrations/{registration.pk}/cahps/"


def _reading(
    label: str, path: str, expect: bytes, official: Official | None = None, floor: str = ""
) -> Operation:
    request = get(path, session=official.session if official else "")
    source = Source(make=lambda: request, expect=expect)
    return Operation(label=label, sources=[source, source], floor=floor)


def _phones() -> Callable[[], str]:
    """Another phone each time, so that each save has something to write."""
    numbers = itertools.cycle(range(100))
    return lambda: f"20255501{next(numbers):02}"


def _least_saves(registration: Registration) -> Source:
    # Not the contact that the site saves: to the site this would be somebody else's change.
    contact, phone = registration.contacts.order_by("position")[1], _phones()
    keys = {"registration": registration.pk.hex, "contact": contact.pk.hex}

    def request() -> bytes:
        return post("/floor/save/", urlencode(keys | {"phone": phone()}).encode())

    return Source(make=request, expect=b"saved")


@dataclass(frozen=True, kw_only=True)
class OpenPage:
    """A register page as a browser has it open. `contacts`: the signed note of each form."""

    url: str
    cookie: str
    token: str
    contacts: dict[str, str]

    @classmethod
    def read(cls, url: str, answer: bytes) -> "OpenPage":
        """Take from the answer, head included, what the page's script uses."""
        text = unescape(answer.decode())
        notes = re.findall(r'name="(contact-[0-9a-f-]{36})-shown"\s+value="([^"]+)"', text)
        return cls(
            url=url,
            cookie=_found(r"csrf=(\w+)", text),
            token=_found(r'name="csrfmiddlewaretoken" value="([^"]+)"', text),
            contacts=dict(notes),
        )

    def save(self, place: int, count: int, **typed: str) -> dict[str, str]:
        """The fields of its save with that number, after typing in the contact at that place."""
        prefix = list(self.contacts)[place]
        page = {"page": "b" * 24, "count": str(count), "new": "", "began": "complete"}
        sent = {f"{prefix}-{name}": value for name, value in typed.items()}
        return page | sent | {f"{prefix}-shown": self.contacts[prefix]}


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(f"The page has nothing like {pattern}")
    return found[1]


def _saves(registration: Registration, official: Official, ask: Callable[[bytes], bytes]) -> Source:
    url = page_url(registration)
    page = OpenPage.read(url, ask(get(url, session=official.session)))
    phone, counts = _phones(), itertools.count(1)

    def request() -> bytes:
        body = urlencode(page.save(0, next(counts), phone=phone())).encode()
        return post(url, body, session=official.session, csrf=page.cookie, token=page.token)

    return Source(make=request, expect=b'"status": "saved"')
