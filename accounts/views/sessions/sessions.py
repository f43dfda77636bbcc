"""*Where you’re signed in*: the person's sessions, and ending those in other browsers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Session, User
from accounts.sessions import live, times
from accounts.words import about_sessions
from accounts.words.browser_names import browser_name
from qpp_registration import tracing
from qpp_registration.clock import Moment, moment
from qpp_registration.requests import received_at


@dataclass(frozen=True, kw_only=True)
class Row:
    """A session as the page shows it. The present one has no `last_seen`: it is now."""

    handle: str
    browser: str
    address: str
    since: Moment
    last_seen: Moment | None = None


@require_safe
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Each live session: which browser, from where, since when, last active; this one first."""
    user = cast(User, request.user)
    own_key = request.session.session_key
    found = live.live_sessions(user, received_at=received_at(request))
    return render(
        request,
        "accounts/sessions/sessions.html",
        {
            "own": _own_row(request),
            "others": [_row(session) for session in found if session.session_key != own_key],
            "idle": about_sessions.span(settings.SESSION_IDLE_SECONDS),
            "absolute": about_sessions.span(settings.SESSION_ABSOLUTE_SECONDS),
        },
    )


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session in another browser, with that browser's next request."""
    ended = live.end_session(
        user=cast(User, request.user),
        handle=request.POST.get("session", ""),
        own_key=request.session.session_key,
        received_at=received_at(request),
    )
    if ended:
        messages.success(request, "That session is ended.")
    else:
        messages.info(request, "That session had ended already.")
    return redirect("sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all sessions but this one."""
    number = live.end_other_sessions(
        user=cast(User, request.user),
        own_key=request.session.session_key,
        received_at=received_at(request),
    )
    if number:
        ended = "1 other session is" if number == 1 else f"{number} other sessions are"
        messages.success(request, f"{ended} ended. You are signed in here only.")
    else:
        messages.info(request, "You were signed in here only.")
    return redirect("sessions")


def _own_row(request: HttpRequest) -> Row:
    since = datetime.fromtimestamp(request.session[times.SIGNED_IN_AT], UTC)
    return Row(
        handle="",
        browser=browser_name(request.headers.get("User-Agent", "")),
        address=tracing.source_address.get(),
        since=moment(since),
    )


def _row(session: Session) -> Row:
    since, last_seen = session.started_at, session.last_seen_at
    assert since  # noqa: S101 - live sessions have their times
    assert last_seen  # noqa: S101
    return Row(
        handle=session.handle,
        browser=browser_name(session.browser),
        address=session.source_address,
        since=moment(since),
        last_seen=moment(last_seen),
    )
