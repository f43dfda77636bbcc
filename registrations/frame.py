"""What every page's frame needs: who is signed in, and where they can go."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import User
from accounts.roles.access import roles_held


@dataclass(frozen=True, kw_only=True)
class Person:
    """The signed-in person, as the frame names them.

    `has_several`: the person is Security Official of more than one organization.
    """

    full_name: str
    first_name: str
    role_label: str
    has_several: bool


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the left navigation."""

    label: str
    url: str
    icon: str = ""
    current: bool = False
    children: tuple["Item", ...] = ()


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of `base.html`."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"demonstration": settings.DEMONSTRATION, "person": None, "navigation": ()}
    held = roles_held(user)
    return {
        "demonstration": settings.DEMONSTRATION,
        "person": Person(
            full_name=user.full_name,
            first_name=user.first_name,
            role_label=_role_label(user, held),
            has_several=held.get(RoleName.SECURITY_OFFICIAL, 0) > 1,
        ),
        "navigation": _navigation(_page(request), is_staff=user.is_staff),
        "viewing": getattr(request, "viewing", None),
    }


def _role_label(user: User, held: Collection[RoleName]) -> str:
    """The strongest role that the person has on any organization."""
    for name in RoleName:
        if name in held:
            return name.label
    return "CMS staff" if user.is_staff else "No role yet"


def _page(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


@cache
def _navigation(page: str, *, is_staff: bool) -> tuple[Item, ...]:
    return (
        Item(label="Account Home", url=reverse("home"), icon="home", current=page == "home"),
        Item(
            label="Manage Access",
            url=reverse("manage_access"),
            icon="people",
            current=page in MANAGING_ACCESS,
        ),
        Item(
            label="Registration",
            url=reverse("registration"),
            icon="assessment",
            current=page == "registration" or page in PRESSING_REGISTER,
            children=(
                Item(
                    label="CAHPS For MIPS Survey Registration",
                    url=reverse("current_list", args=["cahps"]),
                    current=page in REGISTERING,
                ),
            ),
        ),
        *_staff_site(is_staff=is_staff),
        Item(label="Help", url=reverse("help"), icon="help", current=page == "help"),
    )


def _staff_site(*, is_staff: bool) -> list[Item]:
    if not is_staff:
        return []
    return [Item(label="Staff site", url=reverse("admin:index"), icon="verified_user")]


MANAGING_ACCESS = {
    *("manage_access", "connected", "connected_search", "connected_users"),
    *("connect", "own_requests", "role_request", "withdraw_request"),
    *("requests_to_decide", "approve_request", "deny_request"),
    *("change_role", "end_role", "hand_over", "ask_officials", "officials_asked"),
    *("organization_history", "registration_history"),
}
# Of years in which *Register* is pressed; the line below them is of the year that is on now.
PRESSING_REGISTER = {
    "overview_first",
    "overview",
    "overview_search",
    "size",
    "information",
    "confirm_details",
    "use_last_year",
    "add_contact",
    "edit_contact",
    "remove_contact",
    "register_page",
    "register_now",
    "registered",
    "cancel_registration",
    "cancelled",
}
REGISTERING = {
    "list",
    "search",
    "start",
    "register",
    "summary",
    "delete_registration",
    "delete_contact",
    "upload_sheet",
    "sheet",
    "confirm_sheet",
    "register_many",
    "change_person",
    "copy_contacts",
    "apply_contact",
}
