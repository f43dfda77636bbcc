"""Somebody who types into the register page and watches its saved line."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Request, Route, expect

from accounts.models import User
from registrations.models import Contact, Enrollment, Registration
from tests.browser.visitor import Visitor
from tests.browser.world import address

SAVED = re.compile(r"Saved at \d+:\d\d [ap]\.m\. ET\s*$")
RETRYING = "Not saved – retrying"


@dataclass
class Typist:
    """A person at the register page of a registration."""

    visitor: Visitor
    registration: Registration

    def open(self, user: User | None = None) -> "Typist":
        """Load the page, signed in as the user if there is one, and unfold all contacts."""
        if user:
            self.visitor.signed_in(user)
        self.visitor.allowed = (200, 401, 403, 404, 409, 422, 503)
        self.page.goto(f"{self.visitor.site}{address(self.registration)}")
        return self.unfold()

    def unfold(self) -> "Typist":
        """Open every contact."""
        folded = self.page.locator("details.contact:not([open]) > summary")
        while folded.count():
            folded.first.click()
        return self

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.visitor.page

    def field(self, label: str, number: int = 1) -> Locator:
        """A field of the contact in that place."""
        card = self.page.get_by_role("group", name=f"Contact {number}", exact=True)
        return card.get_by_label(label, exact=False)

    def size(self, label: str) -> Locator:
        """A tile of the size."""
        return self.page.get_by_role("radio", name=label)

    def type(self, label: str, text: str, number: int = 1) -> None:
        """Type as people do, key by key, in place of what stands there; stay in the field."""
        field = self.field(label, number)
        field.press("Control+a")
        if text:
            field.press_sequentially(text)
        else:
            field.press("Delete")

    @property
    def line(self) -> Locator:
        """The saved line."""
        return self.page.locator("#saved")

    def reads(self, text: str | re.Pattern[str]) -> None:
        """The saved line says so, now or soon."""
        expect(self.line).to_contain_text(text, use_inner_text=True)

    @contextmanager
    def saves(self, reads: str | re.Pattern[str] = SAVED) -> Iterator[None]:
        """What is done inside leads to a save, after which the line says so."""
        with self.page.expect_response(lambda answer: is_save(answer.request)):
            yield
        self.reads(reads)


def stored(registration: Registration) -> list[dict[str, str]]:
    """The contacts in the database, in order."""
    contacts = Contact.objects.filter(registration=registration).order_by("position")
    return [contact.values() for contact in contacts]


def size_of(registration: Registration) -> str:
    """The size in the database."""
    return Registration.objects.get(pk=registration.pk).size


def status_of(registration: Registration) -> str:
    """The status in the database."""
    return str(Enrollment.objects.get(registration=registration).status)


def is_save(request: Request) -> bool:
    """Whether a page saves by itself."""
    return request.method == "POST" and request.resource_type == "fetch"


def disturb(visitor: Visitor, *answers: str | tuple[int, dict[str, str]]) -> list[str]:
    """Meet the next saves with these: a status with headers, "lost", or "no way".

    "lost": the server gets it, the page never hears of it. "no way": it never gets there. The list
    that is returned grows with what was sent.
    """
    visitor.disturbed = True
    left = list(answers)
    sent: list[str] = []

    def meet(route: Route) -> None:
        if not is_save(route.request):
            route.continue_()
            return
        sent.append(route.request.post_data or "")
        answer = left.pop(0) if left else "go"
        if answer == "go":
            route.continue_()
        elif answer == "lost":
            route.fetch()
            route.abort("connectionreset")
        elif answer == "no way":
            route.abort("internetdisconnected")
        elif not isinstance(answer, str):
            status, headers = answer
            route.fulfill(status=status, headers=headers, body="Unavailable")

    visitor.page.route("**/registrations/**", meet)
    return sent


def soon(holds: Callable[[], bool], page: Page | None = None) -> bool:
    """Whether it holds within twenty seconds; saves of a page that was left take a moment.

    The page goes on meanwhile, unless it is closed.
    """
    end = time.monotonic() + 20
    while not holds() and time.monotonic() < end:
        if page:
            page.wait_for_timeout(50)
        else:
            time.sleep(0.05)
    return holds()
