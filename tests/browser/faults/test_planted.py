"""Scripts in every text of the database, looked at in a browser: none of them runs.

What it would miss: a page that is in none of the two worlds, and an old browser's own tricks.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.contrib import admin
from playwright.sync_api import Dialog

from accounts.models import User
from accounts.policy.rights import StaffGroup
from qpp_registration import clock
from registrations.models import Offering
from tests.access.world import URL_NAMES, World
from tests.browser.visitor import INSPECT, Visitor
from tests.factories import OfferingFactory, UserFactory, explicit_year
from tests.faults.figures import tell
from tests.faults.sizes import often
from tests.payloads import SCRIPTS
from tests.planted import plant
from tests.staff.rows import SHOWN, fill

pytestmark = pytest.mark.skipif(not INSPECT, reason="pages are inspected on the other database")
ROUNDS = range(0, len(SCRIPTS), often(len(SCRIPTS), 1))
# What a planted script would leave in the page if it got there as markup, and if it ran.
FOUND = """() => ({
    ran: window.ran === 1,
    markup: document.querySelectorAll(
        "[onerror], [onload], [onfocus], [ontoggle], [onbegin], [onstart], iframe, object, marquee"
    ).length,
})"""
FILES = {"calendar", "summary_pdf", "sheet_errors", "jsi18n", "csrf_token", "session_status"}
ENDS = {"signed_out", "open_link"}  # the session, or lead to an answer about a link
ANY_PAGE = (200, 403, 404, 405, 410, 422)


@dataclass
class Watcher:
    """Looks at pages in one browser and keeps what it finds there."""

    visitor: Visitor
    pages: int = 0
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visitor.page.on("dialog", self._opened)
        self.visitor.allowed = ANY_PAGE

    def look(self, address: str) -> None:
        """Open the page, and what is folded on it."""
        page = self.visitor.page
        page.goto(f"{self.visitor.site}{address}")
        self.judge(address)

    def judge(self, what: str) -> None:
        """Whether anything of the page runs, or is markup that could."""
        self.pages += 1
        found = self.visitor.page.evaluate(FOUND)
        if found != {"ran": False, "markup": 0}:
            self.wrong.append(f"{what}: {found}")

    def _opened(self, dialog: Dialog) -> None:
        self.wrong.append(f"{self.visitor.path}: a dialog, {dialog.message}")
        dialog.dismiss()


def open_now() -> None:
    """Every window is open, so that every form shows."""
    now = clock.now()
    Offering.objects.update(opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=9))


@pytest.fixture
def watcher(visitor: Visitor) -> Watcher:
    return Watcher(visitor)


def test_a_script_that_isnt_escaped_would_be_found(watcher: Watcher) -> None:
    watcher.visitor.page.set_content(f"<main>{SCRIPTS[10]}</main>")
    watcher.visitor.page.wait_for_function("window.ran === 1")
    watcher.judge("planted")
    assert len(watcher.wrong) == 2, watcher.wrong  # the dialog and the page
    watcher.visitor.problems.clear()


@pytest.mark.parametrize("number", ROUNDS)
def test_no_page_of_the_site_runs_them(watcher: Watcher, number: int) -> None:
    OfferingFactory()
    world = World()
    addresses = {name: world.address(name) for name in URL_NAMES if name not in FILES | ENDS}
    planted = plant(number)
    open_now()
    watcher.visitor.signed_in(User.objects.get(pk=world.people["official"].pk))
    for address in addresses.values():
        watcher.look(address)
    assert watcher.wrong == []
    tell("scripts in pages", fields=planted, pages=watcher.pages, ran=0)


@pytest.mark.parametrize("number", ROUNDS)
def test_no_page_of_the_staff_site_runs_them(watcher: Watcher, number: int) -> None:
    fill(1, explicit_year(), SCRIPTS[number])
    boss = UserFactory(staff_group=StaffGroup.ADMINISTRATOR)
    planted = plant(number)
    open_now()
    watcher.visitor.signed_in(User.objects.get(pk=boss.pk))
    watcher.look("/staff/")
    for model in admin.site._registry:
        listed = f"/staff/{model._meta.app_label}/{model._meta.model_name}/"
        watcher.look(listed)
        watcher.look(f"{listed}{SHOWN[model]().pk}/change/")
    assert watcher.wrong == []
    tell("scripts in staff pages", fields=planted, pages=watcher.pages, ran=0)
