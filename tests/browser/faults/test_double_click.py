"""A button that is clicked twice does what it does once, with and without JavaScript."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import transaction
from playwright.sync_api import Locator, Request

from accounts.models import AuditEvent, Message, User
from organizations.models import Organization
from registrations.enums import Product
from registrations.models import Enrollment, Registration, RegistrationNumber
from tests.browser.explicit_journeys import open_2022, place
from tests.browser.visitor import WIDE, Visitor, Way
from tests.browser.world import address, contact, open_offering, practice, registered
from tests.factories import RoleFactory
from tests.registrations.enrolled import begun, enroll
from tests.registrations.year_pages import INFORMATION

CAHPS = Product.CAHPS
BOTH_WAYS = pytest.mark.parametrize(
    "visitor", [Way(WIDE), Way(WIDE, scripts=False)], indirect=True, ids=str
)


@dataclass
class Button:
    """A page with a button, and what it does: these events, so many mails, this status.

    `choose`: a size to choose before.
    """

    page: str
    name: str
    leads_to: str
    events: dict[str, int]
    mails: int
    status: str
    choose: str = ""


def register(jane: User) -> Button:
    organization = practice(jane)
    begun(organization, open_2022(), **INFORMATION)
    events = {"registration.registered": 1}
    page = place(organization, "cahps/")
    return Button(page, "Register", "**/registered/", events, mails=1, status="complete")


def cancel(jane: User) -> Button:
    organization = practice(jane)
    enroll(organization, open_2022(), [CAHPS], **INFORMATION)
    events = {"registration.cancelled": 1}
    page = place(organization, "cahps/cancel/")
    return Button(page, "Continue", "**/cancelled/", events, mails=1, status="cancelled")


def delete(jane: User) -> Button:
    registration = registered(jane, practice(jane), open_offering(), contact())
    RoleFactory(organization=registration.organization)  # who is told
    events = {"registration.deleted": 1}
    page = address(registration, "delete/")
    return Button(page, "Delete", "**/practices/**", events, mails=1, status="cancelled")


def save(jane: User) -> Button:
    registration = registered(jane, practice(jane), open_offering(), contact(), size="25-99")
    events = {"registration.saved": 1}
    page = address(registration)
    button = Button(page, "Save", f"**{page}#saved", events, mails=0, status="complete")
    button.choose = "100 or greater"
    return button


@contextmanager
def everything_locked() -> Iterator[None]:
    """Have whoever would change an organization or a registration wait."""
    with transaction.atomic():
        list(Organization.objects.select_for_update())
        list(Registration.objects.select_for_update())
        yield


def middle_of(button: Locator) -> tuple[float, float]:
    """Where a mouse finds it. Playwright's own click would wait for the answer."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def is_a_form(request: Request) -> bool:
    """Whether a form is sent with it, rather than what the page saves by itself."""
    return request.method == "POST" and request.is_navigation_request()


@BOTH_WAYS
@pytest.mark.parametrize("make", [register, cancel, delete, save])
def test_two_clicks_do_it_once(
    visitor: Visitor, jane: User, make: Callable[[User], Button]
) -> None:
    button = make(jane)
    numbers = list(RegistrationNumber.objects.values_list("number", flat=True))
    visitor.signed_in(jane).go(button.page)
    visitor.page.wait_for_load_state("networkidle")
    events, mails = AuditEvent.objects.count(), Message.objects.count()
    if button.choose:
        visitor.page.get_by_role("radio", name=button.choose).check()
        if visitor.way.scripts:  # the button waits for what the page saves by itself
            visitor.sees("Saved at")
    at = middle_of(visitor.page.get_by_role("button", name=button.name, exact=True))
    with everything_locked():  # so that the second click comes before the first one's answer
        for _ in range(2):
            with visitor.page.expect_request(is_a_form):
                visitor.page.mouse.click(*at)
    visitor.page.wait_for_url(button.leads_to)
    visitor.look()
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)[events:]
    assert Counter(actions) == Counter(button.events)
    assert Message.objects.count() - mails == button.mails
    assert Enrollment.objects.get().status == button.status
    number = RegistrationNumber.objects.get().number
    assert numbers in ([], [number])
