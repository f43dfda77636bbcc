"""Every page × state, wide and narrow: accessible, whole, and nothing wrong in the console.

With SCREENSHOTS=folder in the environment each is photographed into it, for people to look at:
that takes as long as the inspection.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.browser.journeys import JOURNEYS, Stops
from tests.browser.visitor import HEIGHT, INSPECT, NARROW, WIDE, Visitor, Way

pytestmark = pytest.mark.skipif(not INSPECT, reason="pages are inspected on the other database")

# Addresses that never show a page of their own, and where they lead instead.
ONLY_LEAD_ON = {
    "current_list": "to the first tab",
    "download_list": "to a file",
    "sheet_errors": "to a file",
    "exit_view": "to the staff site",
    "sign_out": "to the front page",
    "signed_out": "to the front page",
    "confirm_details": "to the registration",
    "use_last_year": "to the registration",
    "register_now": "to Congratulations, or to the registration",
    "summary_pdf": "to a file, which tests/registrations/records/test_summary_pdf.py inspects",
    "calendar": "to a file, which tests/registrations/front/test_calendar.py inspects",
    "cancel_reset": "to the list of devices",
    "set_up_passkey_options": "to what the script asks for, see tests/browser/test_passkeys.py",
    "add_passkey_options": "to what the script asks for, see tests/browser/test_passkeys.py",
    "verify_passkey_options": "to what the script asks for, see tests/browser/test_passkeys.py",
    "session_status": "to numbers for the script, which tests/browser/test_session_dialog.py needs",
    "extend_session": "to numbers for the script, as session_status",
    "end_session": "to where the person is signed in",
    "end_other_sessions": "to where the person is signed in",
    "registrations_finalroster_download": "to a file, see tests/staff/test_final_rosters.py",
    "csrf_token": "to a token for the script, which tests/browser/test_autosave_session.py needs",
}
# What is Django's own on the staff site; the frame around its lists is ours.
DJANGOS_OWN = {
    "login": "leads to the site's own sign-in",
    "logout": "leads to the site's own way out",
    "password_change": "leads to My Account",
    "password_change_done": "leads to My Account",
    "app_list": "the index of one app: its lists, as the side bar has them",
    "autocomplete": "rows for a script, which none of our forms has",
    "jsi18n": "words for scripts",
    "view_on_site": "leads to a row's page on the site, which no row has",
}
CLOSED = {
    "_add": "nothing is added but by a deed",
    "_delete": "nothing is deleted",
    "_history": "each row's own page tells its history",
}
OPEN = {"accounts_devicereset_add"}
SCREENSHOTS = os.environ.get("SCREENSHOTS")
seen: set[str] = set()


@pytest.fixture(autouse=True)
def pages_that_break(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.browser.broken_pages"


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.__name__)
def test_page_is_accessible_in_every_state(
    visitor: Visitor, journey: Callable[[Visitor], Stops]
) -> None:
    visitor.allowed = (200, 400, 403, 404, 409, 413, 422, 500, 503)
    violations = []
    for page, state in journey(visitor):
        if page:
            assert resolve(visitor.path.partition("?")[0].partition("#")[0]).url_name == page
        for width in (WIDE, NARROW):
            violations += inspect(visitor, width, f"{page} {state}")
        seen.add(page)
        resize(visitor, WIDE)
    assert not violations, "\n\n".join(violations)


def inspect(visitor: Visitor, width: int, what: str) -> Iterator[str]:
    resize(visitor, width)
    visitor.look()
    if SCREENSHOTS:
        name = re.sub(r"\W+", "-", what).strip("-")
        photograph = Path(SCREENSHOTS) / f"{name}-{width}.png"
        visitor.page.screenshot(path=photograph, full_page=True)
    # It is half a megabyte of script, so a page that has it keeps it.
    has_it = visitor.page.evaluate("'axe' in window")
    found = (Axe("true") if has_it else Axe()).run(visitor.page)
    if found.violations_count:
        yield f"{what}, {width}: {found.generate_report()}"


def resize(visitor: Visitor, width: int) -> None:
    visitor.page.set_viewport_size({"width": width, "height": HEIGHT})
    visitor.way = Way(width)


def test_every_address_was_inspected() -> None:
    """Runs after the journeys; alone it has nothing to say."""
    if not seen:
        pytest.skip("no journey ran before")
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert names | ours_of_staff_site() == (seen - {""}) | set(ONLY_LEAD_ON)


def ours_of_staff_site() -> set[str]:
    """The names of the staff site's pages, but for those that are Django's own."""
    found = {str(pattern.name) for pattern in patterns(admin.site.urls[0]) if pattern.name}
    return {
        name
        for name in found
        if (name not in DJANGOS_OWN and not name.endswith(tuple(CLOSED))) or name in OPEN
    }


def patterns(of: Any) -> Iterator[URLPattern]:
    for entry in of:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        else:
            yield entry
