"""A Chromium, a running site, and people who visit it.

The site runs in this process, in threads of its own, on the test database.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from accounts.models import User
from registrations.models import Registration
from tests.browser.typing import Typist
from tests.browser.visitor import DESKTOP, HEIGHT, Visitor, Way
from tests.browser.world import contact, open_offering, person, practice, registered

HERE = Path(__file__).parent
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
LONGEST_WAIT = 20_000  # milliseconds; two busy cores are slow at times
OpenBrowser = Callable[..., Visitor]
expect.set_options(timeout=LONGEST_WAIT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def base_url() -> None:
    """None: visitors know the site. The plugin's own fixture is deprecated by pytest."""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The distribution's Chromium, quiet: it asks no site but ours."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path:
        pytest.skip("no Chromium here: apt-get install chromium-headless-shell libatomic1")
    # Playwright's loop runs in the thread of the tests, which use the database as well.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {
        "executable_path": path,
        "args": [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-domain-reliability",
            "--disable-sync",
            "--disable-features=OptimizationHints,MediaRouter,Translate",
            "--no-first-run",
            "--no-pings",
        ],
    }


@pytest.fixture(autouse=True)
def messages_folder(settings: Any, tmp_path: Path) -> Path:
    """Where this test's messages to people go."""
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def open_browser(
    live_server: Any,
    transactional_db: None,
    new_context: Callable[..., BrowserContext],
    settings: Any,
) -> Iterator[OpenBrowser]:
    """Opens a browser for one person. Whatever any of them met is reported at the end."""
    # Passkeys are bound to the address of the site, which has another port each time.
    settings.PASSKEY_ORIGIN = live_server.url
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    visitors: list[Visitor] = []

    def make(way: Way = DESKTOP, *, zone: str = "America/New_York") -> Visitor:
        context = new_context(
            viewport={"width": way.width, "height": HEIGHT},
            java_script_enabled=way.scripts,
            timezone_id=zone,
            locale="en-US",
        )
        context.set_default_timeout(LONGEST_WAIT)
        visitor = Visitor(page=context.new_page(), site=live_server.url, way=way)
        visitors.append(visitor)
        return visitor

    yield make
    problems = [problem for visitor in visitors for problem in visitor.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def visitor(request: pytest.FixtureRequest, open_browser: OpenBrowser) -> Visitor:
    """One person; parametrize it indirectly with a `Way` for another window."""
    return open_browser(getattr(request, "param", DESKTOP))


@pytest.fixture
def jane(transactional_db: None) -> User:
    """A Security Official."""
    return person()


@pytest.fixture
def started(jane: User) -> Registration:
    """Jane's registration without size and contact."""
    return registered(jane, practice(jane), open_offering(), size="")


@pytest.fixture
def complete(jane: User) -> Registration:
    """Jane's registration with a size and a complete contact."""
    return registered(jane, practice(jane), open_offering(), contact())


@pytest.fixture
def at_start(visitor: Visitor, started: Registration, jane: User) -> Typist:
    """Jane at the page of a registration that has just begun."""
    return Typist(visitor, started).open(jane)


@pytest.fixture
def at_complete(visitor: Visitor, complete: Registration, jane: User) -> Typist:
    """Jane at the page of a complete registration."""
    return Typist(visitor, complete).open(jane)
