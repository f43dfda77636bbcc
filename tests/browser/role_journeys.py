"""Connect to Organization, deciding, connected users, and the staff's queue."""

from collections.abc import Iterator
from typing import Any

from accounts.actors import official
from accounts.enums import RoleName
from accounts.models import RoleRequest
from accounts.roles.requests import withdraw_request
from qpp_registration import clock
from tests.accounts.role_steps import DAY, asked
from tests.browser.visitor import Visitor
from tests.browser.world import open_offering, person, practice
from tests.factories import OrganizationFactory, RoleFactory, UserFactory

Stops = Iterator[tuple[str, str]]
ACCESS = "/manage-access/practices/"
LONG_NAME = "Associated Gastroenterology and Hepatology Consultants of Greater Baltimore, P.A."


def fill_request(visitor: Visitor) -> None:
    """Everything that asking for a role needs."""
    page = visitor.page
    page.get_by_label("Practice", exact=False).first.check()
    page.get_by_label("TIN, Virtual Group ID or APM Entity ID").fill("00-0765630")
    page.get_by_label("Staff User", exact=False).check()
    page.get_by_label("Job title").fill("Practice Manager")
    page.get_by_label("Work phone").fill("(202) 555-0123")
    page.get_by_label("Note to those who decide").fill("I keep our registrations.\nSince May.")


def connecting(visitor: Visitor) -> Stops:
    """Asking for a role: the form, its errors, the review, the request, withdrawing it."""
    nell = person("Nell", "Abara")
    visitor.signed_in(nell)
    visitor.go("/manage-access/")
    visitor.follow("Connect to Organization")
    yield "connect", "empty"
    visitor.press("Review request")
    yield "connect", "nothing entered"
    fill_request(visitor)
    visitor.press("Review request")
    yield "connect", "review"
    visitor.press("Change")
    yield "connect", "change"
    visitor.press("Review request")
    visitor.press("Request access")
    yield "role_request", "pending"
    visitor.follow("Back to Manage Access")
    yield "manage_access", "pending request"
    visitor.follow("Withdraw the request for TIN 00-0765630")
    yield "withdraw_request", "asks"
    visitor.press("Withdraw", exact=True)
    yield "manage_access", "withdrawn"
    visitor.go(f"/manage-access/my-requests/{RoleRequest.objects.get().pk}/withdraw/")
    yield "withdraw_request", "withdrawn before"
    visitor.follow("Back to Manage Access")
    visitor.go("/manage-access/my-requests/")
    yield "own_requests", "none"
    for number in range(30):
        request = asked(nell, OrganizationFactory())
        ended = {"decided_at": clock.now(), "decided_by_name": "CMS staff"}
        asked_before = {"asked_at": clock.now() - DAY}
        if number % 3 == 0:
            ended |= {
                "status": "denied",
                "reason": "Nobody has this TIN.",
                "decided_by": UserFactory(),
            }
        elif number % 3 == 1:
            ended |= {"status": "expired"}
        else:
            ended = {}
        RoleRequest.objects.filter(pk=request.pk).update(**ended, **asked_before)
    visitor.go("/manage-access/my-requests/")
    yield "own_requests", "of all kinds"
    for status in ("denied", "expired"):
        request = RoleRequest.objects.filter(status=status).earliest("pk")
        visitor.go(f"/manage-access/my-requests/{request.pk}/")
        yield "role_request", status


def asking_the_officials(visitor: Visitor) -> Stops:
    """A question to people whom one doesn't know."""
    visitor.signed_in(person("Nell", "Abara"))
    visitor.go("/manage-access/ask/")
    yield "ask_officials", "empty"
    visitor.press("Ask", exact=True)
    yield "ask_officials", "nothing entered"
    visitor.page.get_by_label("Virtual Group", exact=False).first.check()
    visitor.page.get_by_label("TIN, Virtual Group ID or APM Entity ID").fill("VG-1")
    visitor.page.get_by_label("Your question").fill("Who registers us?")
    visitor.press("Ask", exact=True)
    yield "officials_asked", ""


def deciding(visitor: Visitor) -> Stops:
    """What a Security Official decides, and who is connected."""
    jane, nell = person(), person("Nell", "Abara")
    open_offering()
    ours = practice(jane, LONG_NAME)
    visitor.signed_in(jane)
    visitor.go(f"/manage-access/organizations/{ours.pk}/hand-over/")
    yield "hand_over", "nobody to"
    visitor.go("/manage-access/requests/")
    yield "requests_to_decide", "none"
    request = asked(nell, ours, "security_official")
    other = asked(UserFactory(last_name="Wolfeschlegelsteinhausenbergerdorff"), ours)
    visitor.go(ACCESS)
    yield "connected", "requests to decide, only official"
    visitor.follow("2 role requests")
    yield "requests_to_decide", "two"
    visitor.follow("Deny the request of Nell Abara")
    yield "deny_request", "asks"
    visitor.press("Deny", exact=True)
    yield "deny_request", "no reason"
    visitor.follow("Cancel")
    visitor.follow("Approve the request of Nell Abara")
    yield "approve_request", "asks"
    visitor.go(f"/manage-access/organizations/{ours.pk}/users/")
    yield "connected_users", "only official, requests"
    visitor.follow("Leave")
    yield "end_role", "last official"
    visitor.go(f"/manage-access/requests/{request.pk}/approve/")
    visitor.press("Approve", exact=True)
    yield "requests_to_decide", "approved"
    visitor.go(f"/manage-access/requests/{request.pk}/approve/")
    yield "approve_request", "approved before"
    withdraw_request(request_id=other.pk, actor=official(other.user), received_at=clock.now())
    visitor.go(f"/manage-access/requests/{other.pk}/deny/")
    yield "deny_request", "withdrawn before"
    stan = UserFactory(first_name="Stan", last_name="Abel")
    RoleFactory(user=stan, organization=ours, name=RoleName.STAFF_USER)
    visitor.go(f"/manage-access/organizations/{ours.pk}/users/")
    yield "connected_users", "two officials"
    visitor.follow("Change role of Stan Abel")
    yield "change_role", "asks"
    visitor.follow("Cancel")
    visitor.follow("End role of Stan Abel")
    yield "end_role", "asks"
    visitor.follow("Cancel")
    visitor.follow("Leave")
    yield "end_role", "own"
    visitor.follow("Cancel")
    visitor.follow("Hand over")
    yield "hand_over", "asks"
    visitor.press("Hand over", exact=True)
    yield "hand_over", "nothing chosen"
    visitor.page.get_by_label("Stan Abel").check()
    visitor.page.get_by_label("Not connected any more").check()
    visitor.press("Hand over", exact=True)
    yield "manage_access", "handed over"
    visitor.signed_in(nell)
    visitor.go(f"/manage-access/my-requests/{request.pk}/")
    yield "role_request", "approved"


def staffs_queue(visitor: Visitor) -> Stops:
    """The staff site's role requests."""
    casey = UserFactory(first_name="Casey", last_name="Moreau", is_staff=True)
    first = asked(person("Nell", "Abara"), OrganizationFactory(), "security_official")
    unmatched = asked(UserFactory(email=f"{'long.' * 12}name@example.org"), None)
    visitor.signed_in(casey)
    visitor.go("/staff/accounts/rolerequest/")
    yield "", "staff: role requests"
    for request in (first, unmatched):
        visitor.go(f"/staff/accounts/rolerequest/{request.pk}/change/")
        yield "", f"staff: role request {'first' if request == first else 'unmatched'}"
    for request, deed in ((first, "approve"), (first, "deny"), (unmatched, "match")):
        visitor.go(f"/staff/accounts/rolerequest/{request.pk}/{deed}/")
        yield "", f"staff: {deed}"


ROLE_JOURNEYS: list[Any] = [connecting, asking_the_officials, deciding, staffs_queue]
