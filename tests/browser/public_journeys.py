"""What everybody can read, and what is shown when something goes wrong, as in `journeys`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from registrations.models import ResourceLink
from tests.browser.visitor import Visitor
from tests.browser.world import HOURS, close, move, open_offering
from tests.factories import UserFactory

Stops = Iterator[tuple[str, str]]


def public_pages(visitor: Visitor) -> Stops:
    """What everybody can read, at each time of the year."""
    visitor.go("/")
    yield "front", "without a year"
    offering = open_offering(
        year__minimum_sample_small=125,
        year__minimum_sample_medium=190,
        year__minimum_sample_large=255,
        year__notice="Registration was extended because of the hurricane.",
    )
    for purpose in ("fact_sheet", "access_guide", "mvp_registration", "mvp_overview"):
        url = f"https://documents.example.org/{purpose}"
        ResourceLink.objects.create(year=offering.year, purpose=purpose, url=url)
    visitor.go("/")
    yield "front", "open"
    visitor.go("/help/")
    yield "help", "open"
    visitor.go("/accessibility/")
    yield "accessibility", ""
    visitor.go("/privacy/")
    yield "privacy", ""
    move(offering, closes_at=HOURS)
    visitor.go("/")
    yield "front", "last day"
    close(offering)
    visitor.go("/")
    yield "front", "closed"
    visitor.go("/help/")
    yield "help", "closed"
    move(offering, opens_at=timedelta(days=3), closes_at=timedelta(days=30))
    visitor.go("/")
    yield "front", "not open"


def error_pages(visitor: Visitor) -> Stops:
    """Pages for when something goes wrong; the addresses are of `broken_pages`."""
    for status in ("400", "403", "404", "413", "500"):
        visitor.go(f"/{status}/")
        yield "", status
    visitor.go("/sign-in/")
    visitor.page.context.clear_cookies()
    visitor.press("Sign in", exact=True)
    yield "sign_in", "403, form too old"
    visitor.signed_in(UserFactory())
    visitor.go("/403/")
    yield "", "403 signed in"


PUBLIC_JOURNEYS: list[Any] = [
    public_pages,
    error_pages,
]
