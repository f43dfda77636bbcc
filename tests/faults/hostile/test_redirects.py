"""Nothing that a request brings leads away from the site.

What it would miss: an address in a field that is no field of a form and isn't called `next`.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.access.world import URL_NAMES, World, undone
from tests.faults.figures import tell
from tests.faults.sizes import FULL, often
from tests.payloads import ELSEWHERE

# Field names that other systems take an address from.
NAMES = ("next", "url", "return", "redirect", "redirect_to", "continue", "back", "from")
OF_EACH = often(1, len(ELSEWHERE))  # addresses that each page gets


def led(answer: Any) -> str:
    """Where the answer leads, if it leads away."""
    if not (location := answer.get("Location", "")):
        return ""
    found = urlsplit(location)
    leads_away = found.netloc not in {"", "testserver"} or found.scheme not in {"", "http"}
    return location if leads_away or not location.startswith(("/", "http:")) else ""


def asked(world: World, payloads: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Every page, read and sent, with addresses that lead elsewhere; the answers."""
    for person in ("anonymous", "official"):
        for name in URL_NAMES:
            address = world.address(name)
            for payload in (next(payloads) for _ in range(OF_EACH)):
                sent = dict.fromkeys(NAMES, payload)
                headers = {"x-forwarded-host": "evil.example", "x-original-url": "//evil.example"}
                with undone():
                    client = world.client(person, headers=headers)
                    yield f"GET {name} {payload!r}", client.get(address, sent)
                    yield f"POST {name} {payload!r}", client.post(address, sent)


@pytest.mark.django_db
def test_no_answer_leads_away(world: World) -> None:
    wrong, count = [], 0
    for what, answer in asked(world, cycle(ELSEWHERE)):
        count += 1
        assert answer.status_code < 500, what
        if away := led(answer):
            wrong.append(f"{what}: {away}")
    assert not wrong, "\n".join(wrong)
    assert len(ELSEWHERE) >= 60
    assert FULL or count >= len(ELSEWHERE)
    tell("addresses that lead elsewhere", payloads=len(ELSEWHERE), requests=count, followed=0)
