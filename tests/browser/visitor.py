"""A person at a browser: finds things by role and label, and notices whatever goes wrong."""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, Response, expect

from accounts.models import User
from qpp_registration import clock
from tests.conftest import signed_in_session

WIDE, NARROW = 1280, 320
HEIGHT = 900
MENU_BELOW = 1024  # pixels; narrower windows fold the left navigation
PRODUCT_NAME = "QPP Registration"
LOOK = """() => ({
    headings: document.querySelectorAll("h1").length,
    language: document.documentElement.lang,
    title: document.title,
    errors: document.querySelector(
        ".error-summary, .field--error, .choice--error, .errornote"
    ) !== null,
    width: document.documentElement.scrollWidth,
})"""


@dataclass(frozen=True)
class Way:
    """How a page is met: the window's width in pixels, and with or without JavaScript."""

    width: int
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.width}{'' if self.scripts else ' without JavaScript'}"


DESKTOP, PHONE = Way(WIDE), Way(NARROW)
EVERY_WAY = [DESKTOP, Way(WIDE, scripts=False), PHONE, Way(NARROW, scripts=False)]
# With INSPECT=0 in the environment the pages are inspected in another run, on the other database,
# which gives the same ones: what is sent and stored doesn't depend on the width of a window.
INSPECT = os.environ.get("INSPECT") != "0"
WALKED = [way for way in EVERY_WAY if INSPECT or way.width == WIDE]


@dataclass
class Visitor:
    """A page of one browser, and the problems that it met.

    `allowed`: statuses that a document, or a page that saves by itself, may be answered with; set
    it before a page that refuses. `disturbed`: the test itself lets requests fail.
    """

    page: Page
    site: str
    way: Way
    allowed: Collection[int] = (200,)
    disturbed: bool = False
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", self._script_error)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    # --- What goes wrong ------------------------------------------------------------------

    def _console(self, message: ConsoleMessage) -> None:
        # A refused document is told here as well; `_answered` judges those.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.problems.append(f"console, on {self.path}: {message.text}")

    def _script_error(self, error: Error) -> None:
        self.problems.append(f"script error, on {self.path}: {error.stack}")

    def _failed(self, request: Request) -> None:
        # Leaving a page aborts what it still loads.
        if request.failure != "net::ERR_ABORTED" and not self.disturbed:
            self.problems.append(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if not response.url.startswith(self.site):
            self.problems.append(f"another site was asked: {response.url}")
        allowed: Collection[int] = (200, 304)
        if response.request.resource_type == "document":
            allowed = self.allowed
        elif response.request.resource_type == "fetch":
            allowed = {*self.allowed, 200, 422}  # a field is half typed
        redirects = 300 <= response.status < 400
        if not redirects and response.status not in allowed:
            self.problems.append(f"{response.status} for {response.request.method} {response.url}")

    def look(self) -> None:
        """What holds on every page: one first heading, a title, a language, no sideways scroll."""
        seen = self.page.evaluate(LOOK)
        if seen["headings"] != 1:
            self.problems.append(f"{self.path} has {seen['headings']} first headings")
        if seen["language"].split("-")[0] != "en":  # the staff site has Django's "en-us"
            self.problems.append(f"language of {self.path}: {seen['language']!r}")
        if not re.fullmatch(rf"\S.* \| {PRODUCT_NAME}( staff)?", seen["title"]):
            self.problems.append(f"title of {self.path}: {seen['title']!r}")
        if seen["errors"] != seen["title"].startswith("Error: "):
            self.problems.append(f"errors and title of {self.path} differ: {seen['title']!r}")
        if seen["width"] > self.way.width:
            self.problems.append(f"{self.path} is {seen['width']} wide, not {self.way.width}")

    # --- Going about ----------------------------------------------------------------------

    @property
    def path(self) -> str:
        """The address without the site."""
        return self.page.url.removeprefix(self.site)

    def signed_in(self, user: User) -> "Visitor":
        """With a session in which password and code were given."""
        key = signed_in_session(user, clock.now())
        cookie = {"name": "session", "value": key, "url": self.site, "httpOnly": True}
        self.page.context.add_cookies([cookie])  # type: ignore[list-item]
        return self

    def go(self, path: str) -> None:
        """Enter an address."""
        self.page.goto(f"{self.site}{path}")
        self.look()

    def follow(self, name: str, *, exact: bool = False, within: Locator | None = None) -> None:
        """Click a link that leads to another page."""
        self.through((within or self.page).get_by_role("link", name=name, exact=exact))

    def download(self, name: str, *, within: Locator | None = None) -> str:
        """Click a link that gives a PDF; the file's name."""
        with self.page.expect_download() as waiting:
            (within or self.page).get_by_role("link", name=name).click()
        assert waiting.value.path().read_bytes().startswith(b"%PDF-")
        return waiting.value.suggested_filename

    def press(self, name: str, *, exact: bool = False, within: Locator | None = None) -> None:
        """Click a button that leads to another page."""
        self.through((within or self.page).get_by_role("button", name=name, exact=exact))

    def through(self, way: Locator) -> None:
        """Click what leads to another page, and be there: a click alone doesn't wait for it."""
        with self.page.expect_navigation():
            way.click()
        self.look()

    def navigate(self, name: str) -> None:
        """Choose an item of the left navigation, which is a menu on narrow windows."""
        self.open_menu()
        self.follow(name, exact=True, within=self.page.get_by_role("navigation", name="Main"))

    def open_menu(self) -> None:
        """Show the navigation where it is folded."""
        if self.way.width < MENU_BELOW:
            role = "button" if self.way.scripts else "link"
            self.page.get_by_role(role, name="Menu", exact=True).click()

    # --- What is seen ---------------------------------------------------------------------

    def sees_heading(self, name: str) -> None:
        """The page's title is this."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def sees(self, text: str) -> None:
        """The text is visible somewhere in the page's content."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()

    def fact(self, term: str) -> Locator:
        """The value beside a term, such as *Registration ID*."""
        return (
            self.page.get_by_role("main")
            .locator("dl > div")
            .filter(has=self.page.get_by_text(term, exact=True))
            .get_by_role("definition")
        )

    def item(self, name: str) -> Locator:
        """The organization's item of the list."""
        heading = self.page.get_by_role("heading", level=3, name=name, exact=True)
        return self.page.get_by_role("listitem").filter(has=heading)

    @property
    def query(self) -> str:
        """What stands behind the question mark of the address."""
        return urlsplit(self.page.url).query
