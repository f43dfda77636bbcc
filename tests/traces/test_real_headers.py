"""The headers as they leave a real server, whoever gives the answer."""

import pytest

from tests.headers import SAME_EVERYWHERE
from tests.server import Answer
from tests.traces.conftest import Traced

HEADERS = {name: value for name, value in SAME_EVERYWHERE.items() if name != "X-Received-At"}


def ask(traced: Traced, kind: str) -> Answer:
    match kind:
        case "304 static file":
            kept = traced.get("/static/css/site.css").headers["Last-Modified"]
            return traced.ask("GET", "/static/css/site.css", **{"If-Modified-Since": kept})
        case "400 wrong host":
            return traced.ask("GET", "/", Host="elsewhere.example")
        case "403 no token":
            return traced.ask("POST", "/sign-in/", "user_id=x")
        case "405 wrong method":
            return traced.ask("OPTIONS", "/help/")
        case "413 too large":
            return traced.ask("POST", "/sign-in/", **{"Content-Length": "8000001"})
        case "500 error":
            return traced.post("/breaks/", password="x")
    return traced.get(kind.split()[1])


KINDS = [
    "200 /sign-in/",
    "200 /static/css/site.css",
    "301 /help",
    "302 /home/",
    "404 /nowhere/",
    "404 /static/none.css",
    *("304 static file", "400 wrong host", "403 no token", "405 wrong method", "413 too large"),
    "500 error",
]


def test_every_answer_has_them_and_names_no_version(traced: Traced) -> None:
    for kind in KINDS:
        answer = ask(traced, kind)
        assert answer.status == int(kind[:3]), kind
        found = {name: answer.headers.get(name) for name in HEADERS}
        assert found == HEADERS, kind
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], kind
        assert answer.headers["Server"] == "gunicorn", kind
        is_file = kind.startswith(("200 /static/", "304"))
        assert ("no-store" in answer.headers.get("Cache-Control", "")) != is_file, kind
        assert "X-Powered-By" not in answer.headers
        for version in ("Django", "gunicorn/", "Python"):
            assert version not in str(answer.headers), kind


@pytest.mark.parametrize("path", ["/sign-in/?next=%0d%0aX-Planted:1", "/%0d%0aX-Planted:1"])
def test_no_header_can_be_planted(traced: Traced, path: str) -> None:
    assert "X-Planted" not in traced.get(path).headers
