"""*View as*: the officials' pages as one of them sees them, for reading only."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import Resolver404, ResolverMatch, resolve

from accounts.actors import Actor, staff
from accounts.models import SessionView, User
from accounts.support import view_as
from qpp_registration.requests import prefers_json, received_at

GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}
# What belongs to the viewer's own session, and goes on as ever.
OF_THE_SESSION = {"exit_view", "sign_out", "session_status", "extend_session", "csrf_token"}
# The pages that a view shows. What isn't here is refused: accounts, devices, sign-in and the staff
# site, what only takes forms, and files with people's names in them.
SHOWN = {
    *("front", "help", "accessibility", "privacy", "calendar"),
    *("home", "registration", "current_list", "first_tab", "list"),
    *("register_many", "change_person", "upload_sheet", "sheet"),
    *("register", "summary", "delete_registration", "delete_contact"),
    *("copy_contacts", "apply_contact"),
    *("overview_first", "overview", "size", "information", "add_contact", "edit_contact"),
    *("remove_contact", "register_page", "registered", "cancel_registration", "cancelled"),
    *("manage_access", "connected", "organization_history", "registration_history"),
    *("connect", "own_requests", "role_request", "withdraw_request"),
    *("requests_to_decide", "approve_request", "deny_request"),
    *("connected_users", "hand_over", "change_role", "end_role"),
    *("ask_officials", "officials_asked"),
}


@dataclass(frozen=True, kw_only=True)
class Viewing:
    """What the banner says of a view."""

    name: str
    is_organization: bool


class ViewAs:
    """Makes the pages of a session that is in a view: theirs who is looked at, and read-only.

    Comes last in the list, so that whatever is outside of it knows the viewer only: session,
    second factor, messages, audit. Inside, `request.user` is who is looked at and `request.viewer`
    who looks. Each page that is shown is one event of the audit, and each that is refused.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = view_as.view_of(request.session)
        match = _match(request)
        page = match.view_name if match else ""
        if view is None or page in OF_THE_SESSION or not isinstance(request.user, User):
            return self.get_response(request)
        viewer = request.user
        actor = staff(viewer, view.reason)
        if why := view_as.why_over(view, viewer=viewer, received_at=received_at(request)):
            return _leave(request, actor, why)
        refused = request.method not in SAFE or bool(page and page not in SHOWN)
        with view_as.seen_as(view, received_at=received_at(request)) as seen:
            response = self._answer(request, view, seen, refused=refused) if seen else None
        if response is None:  # outside of what is undone
            return _leave(request, actor, "The view ended: the account was changed.")
        if page and (refused or response.status_code == 200):
            view_as.record_page(
                view,
                actor=actor,
                page=page,
                method=request.method or "",
                asked=_asked(match),
                refused=refused,
            )
        return response

    def _answer(
        self, request: HttpRequest, view: SessionView, seen: User, *, refused: bool
    ) -> HttpResponse:
        viewer = request.user
        request.viewer, request.user = viewer, seen  # type: ignore[attr-defined]
        request.viewing = Viewing(name=view.name, is_organization=view.is_organization)  # type: ignore[attr-defined]
        try:
            return _refuse(request) if refused else self.get_response(request)
        finally:
            request.user = viewer


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _asked(match: ResolverMatch | None) -> UUID | None:
    """The object in the address; the last one is the narrowest: a contact, not its registration."""
    keys = [*match.kwargs.values()][::-1] if match else []
    return next((key for key in keys if isinstance(key, UUID)), None)


def _refuse(request: HttpRequest) -> HttpResponse:
    if prefers_json(request):
        return JsonResponse({"status": "view_only", "says": "View only"}, status=403)
    is_form = request.method not in SAFE
    return render(request, "registrations/view_only.html", {"is_form": is_form}, status=403)


def _leave(request: HttpRequest, actor: Actor, why: str) -> HttpResponse:
    """End the view, back to the viewer's own pages. Forms of the view's pages work no more."""
    view_as.end(request.session, actor=actor, why=why)
    rotate_token(request)
    if prefers_json(request):
        return JsonResponse({"status": "view_only", "says": why}, status=403)
    messages.warning(request, why)
    return redirect("admin:index" if request.user.is_staff else "home")
