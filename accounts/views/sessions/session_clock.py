"""How long the session goes on, as the pages that are open ask (static/js/session-dialog.js)."""

from dataclasses import asdict, dataclass
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.sessions import times
from accounts.views.lookup import viewer
from accounts.words import about_sessions
from qpp_registration.requests import received_at


@dataclass(frozen=True, kw_only=True)
class SessionLeft:
    """The seconds until the session ends, and what stands for the person, so that a page notices
    that somebody else is signed in by now.
    """

    idle: int
    absolute: int
    person: str

    @property
    def idle_span(self) -> str:
        """How long a session lives without activity."""
        return about_sessions.span(settings.SESSION_IDLE_SECONDS)

    @property
    def absolute_span(self) -> str:
        """How long a session lives."""
        return about_sessions.span(settings.SESSION_ABSOLUTE_SECONDS)


def session_left(request: HttpRequest) -> dict[str, Any]:
    """The context of `components/session.html`, for pages of people who are signed in."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or times.SIGNED_IN_AT not in request.session:
        return {"session": None}
    return {"session": _left(request, viewer(request))}


@require_safe
@times.no_activity
def session_status(request: HttpRequest) -> JsonResponse:
    """The seconds left. Asking doesn't make them more; the closed door answers when it is over."""
    return _told(request)


@require_POST
def extend_session(request: HttpRequest) -> JsonResponse:
    """*Keep me signed in*: the idle clock starts anew, the absolute one doesn't."""
    times.touch(request.session, seen_at=received_at(request), at_once=True)
    return _told(request)


def _left(request: HttpRequest, user: User) -> SessionLeft:
    idle, absolute = times.seconds_left(request.session, received_at=received_at(request))
    person = salted_hmac("person of a page", str(user.pk)).hexdigest()[:16]
    return SessionLeft(idle=idle, absolute=absolute, person=person)


def _told(request: HttpRequest) -> JsonResponse:
    return JsonResponse(asdict(_left(request, cast(User, request.user))))
