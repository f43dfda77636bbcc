"""What was typed into a form whose session or token had ended: kept until the person is back.

Only for views that ask for it (`kept_over_sign_out`), only for somebody who is signed in or whose
session had ended when this very request came, and only for this person: nobody else's browser can
fill the table of sessions, and nobody else meets the words.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, QueryDict

_KEY = "typed_before_signing_in"
_LARGEST = 64_000  # characters
_NOT_KEPT = "csrfmiddlewaretoken"
View = TypeVar("View", bound=Callable[..., Any])


def kept_over_sign_out(view: View) -> View:
    """Mark a view that shows `kept_for` it after signing in."""
    view.keeps_typed = True  # type: ignore[attr-defined]
    return view


def keeps_typed(request: HttpRequest) -> bool:
    """Whether the request sends a form to a view that asks for it to be kept."""
    view = request.resolver_match and request.resolver_match.func
    return request.method == "POST" and hasattr(view, "keeps_typed")


def keep_typed(request: HttpRequest) -> bool:
    """Put into the session what the person sent. False when it is too much, or nobody's."""
    user_id = getattr(request, "session_ended_for", "") or str(request.user.pk or "")
    typed = request.POST.copy()
    typed.pop(_NOT_KEPT, None)
    body = typed.urlencode()
    if not user_id or len(body) > _LARGEST:
        return False
    request.session[_KEY] = {"user": user_id, "path": request.path, "typed": body}
    return True


def kept_for(session: SessionBase, *, user_id: str, path: str) -> QueryDict | None:
    """What the person had sent to the path when their session or token ended."""
    kept: Mapping[str, str] = session.get(_KEY, {})
    if kept.get("user") != user_id or kept.get("path") != path:
        return None
    return QueryDict(kept["typed"])


def forget(session: SessionBase) -> None:
    """Let go of what was kept: it was saved, or given up."""
    session.pop(_KEY, None)


def flush_but_keep(session: SessionBase) -> None:
    """A new session that holds nothing but what was typed."""
    kept = session.get(_KEY)
    session.flush()
    if kept:
        session[_KEY] = kept
