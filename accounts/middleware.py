"""Who gets in: how long a session lives, and that everything is closed without a second factor."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, SessionEnd
from accounts.models import User
from accounts.models.sessions import handle_of
from accounts.policy import signing_in
from accounts.policy.signing_in import SessionState
from accounts.sessions import kept, live, times
from accounts.signing_in.verified import verified_person
from accounts.signing_in.way_back import way_back
from accounts.words import about_sessions
from qpp_registration import tracing
from qpp_registration.requests import prefers_json, received_at

GetResponse = Callable[[HttpRequest], HttpResponse]
FORBIDDEN, NOT_FOUND = 403, 404


class SignedIn:
    """Reads who is signed in, and the device that they were verified with, in one query.

    Comes after Django's and django-otp's own middleware, which go on deciding about every session
    in which anything doesn't hold.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        otherwise = request.user
        request.user = SimpleLazyObject(lambda: verified_person(request.session) or otherwise)  # type: ignore[assignment]
        return self.get_response(request)


class SessionLimits:
    """Ends a session after 30 minutes without a request, and 12 hours after signing in.

    The time of the last request is stored at most once a minute, so that reading pages doesn't
    write; a session can therefore end up to a minute before its 30 minutes are over, never after.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tracing.session.set(handle_of(request.session.session_key))
        if user_id := request.session.get(SESSION_KEY):
            tracing.person.set(times.name_of_person(user_id))
            state = signing_in.session_state(
                signed_in_at=request.session.get(times.SIGNED_IN_AT),
                last_seen=request.session.get(times.LAST_SEEN),
                received_at=received_at(request).timestamp(),
                idle_seconds=settings.SESSION_IDLE_SECONDS,
                absolute_seconds=settings.SESSION_ABSOLUTE_SECONDS,
            )
            if state is not SessionState.LIVE:
                _end(request, why=SessionEnd(state))
            elif not request.user.is_authenticated:
                _let_go(request, user_id)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> None:
        """Start the idle clock anew, unless the page asked by itself."""
        if SESSION_KEY in request.session and not hasattr(view, "is_no_activity"):
            times.touch(request.session, seen_at=received_at(request))


class SecondFactorRequired(LoginRequiredMiddleware):
    """Everything is closed to whoever hasn't passed a code, unless the view is declared public.

    Public views carry `django.contrib.auth.decorators.login_not_required`. A person without a
    verified device in the session (it may have been removed meanwhile) is signed out.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Sign out whoever has a session without a second factor."""
        if request.user.is_authenticated and not request.user.is_verified():  # type: ignore[attr-defined]
            _end(request, why=SessionEnd.UNVERIFIED)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        """To the sign-in page, with the way back and a word why; a script is told in JSON."""
        why = _why_ended(request)
        if prefers_json(request):
            because = about_sessions.why_signed_out(
                why,
                idle_seconds=settings.SESSION_IDLE_SECONDS,
                absolute_seconds=settings.SESSION_ABSOLUTE_SECONDS,
            )
            told = {"status": "signed_out", "says": "Signed out", "because": because}
            return JsonResponse(told, status=401)
        if kept.keeps_typed(request):
            kept.keep_typed(request)
        query = {"next": way_back(request)}
        if why:
            query["why"] = why
        return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode(query)}")


class RefusedAccess:
    """Tells the audit when somebody who is signed in asked for what they have no right to.

    That is a 403 of any page, and a 404 where the address names an object (it is another's, or
    was guessed) or a page of the staff site. What is refused before the page, such as a form whose
    token is too old, is no such case.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        keywords = getattr(request, "page_keywords", None)
        if keywords is not None and request.user.is_authenticated:
            # The last one is the narrowest: a contact, not its registration.
            asked = next((key for key in [*keywords.values()][::-1] if isinstance(key, UUID)), None)
            match = request.resolver_match
            in_staff_site = match is not None and match.app_name == "admin"
            if response.status_code == FORBIDDEN or (
                response.status_code == NOT_FOUND and (asked or in_staff_site)
            ):
                audit.record(
                    AuditAction.ACCESS_REFUSED,
                    actor=official(request.user),
                    object_id=asked,
                    page=match.view_name if match else "",
                    method=request.method,
                    status=response.status_code,
                )
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, keywords: dict[str, Any]
    ) -> None:
        """Note that the request got as far as its page."""
        request.page_keywords = keywords  # type: ignore[attr-defined]


def _end(request: HttpRequest, *, why: SessionEnd) -> None:
    """Delete the session on the server; the rest of the request is nobody's."""
    if request.user.is_authenticated:
        audit.record(AuditAction.SESSION_ENDED, actor=official(request.user), why=str(why))
        request.session_ended_for = str(request.user.pk)  # type: ignore[attr-defined]
        # A page may ask again before the browser forgot its cookie: it is told the same.
        live.keep_why(
            user=request.user,
            session_key=request.session.session_key,
            why=why,
            received_at=received_at(request),
        )
    logout(request)
    request.user.otp_device = None  # type: ignore[union-attr]
    request.user.is_verified = lambda: False  # type: ignore[union-attr]
    request.session_ended = str(why)  # type: ignore[attr-defined]


def _let_go(request: HttpRequest, user_id: str) -> None:
    """End the session of somebody who was disabled, or whose password is another one by now."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user:
        audit.record(AuditAction.SESSION_ENDED, actor=official(user), why=str(SessionEnd.PASSWORD))
        request.session_ended_for = user_id  # type: ignore[attr-defined]
    _end(request, why=SessionEnd.PASSWORD if user else SessionEnd.CLOSED)


def _why_ended(request: HttpRequest) -> str:
    """Why the browser's session is over, when it had one; what it typed is then that person's."""
    if why := getattr(request, "session_ended", ""):
        return str(why)
    ended = live.why_ended(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    if not ended:
        return ""
    request.session_ended_for = str(ended.user_id)  # type: ignore[attr-defined]
    return ended.why
