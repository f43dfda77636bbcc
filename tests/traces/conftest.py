"""A real server on the test's database that logs everything, and a browser for it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.server import Browser, Server, serving


@dataclass
class Traced(Browser):
    """A browser, and the server at which it is."""

    server: Server = field(kw_only=True)


@pytest.fixture
def traced(transactional_db: None, tmp_path: Path) -> Iterator[Traced]:
    """Two processes, at LOG_LEVEL=DEBUG; ended with the test, whatever happens."""
    loud = {"LOG_LEVEL": "DEBUG", "ACCESS_LOG": "on", "TRUSTED_PROXIES": "0"}
    with serving(tmp_path, application="tests.traces.broken", **loud) as server:
        yield Traced(server.port, server=server)
