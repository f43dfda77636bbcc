"""Where a person is signed in: listing the live sessions, and ending them."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts import audit
from accounts.actors import Actor, official
from accounts.enums import AuditAction, SessionEnd
from accounts.models import EndedSession, Session, User
from accounts.sessions.ending import delete_sessions


def live_sessions(user: User, *, received_at: datetime) -> QuerySet[Session]:
    """The person's sessions that would go on with a request now, the last used first."""
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    absolute = timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)
    return Session.objects.filter(
        user=user,
        last_seen_at__gt=received_at - idle,
        started_at__gt=received_at - absolute,
    ).order_by("-last_seen_at", "session_key")


def record_sign_in(*, user: User, session_key: str | None, received_at: datetime) -> None:
    """Tell the audit when the person who signs in is signed in elsewhere as well (ARS AU-2)."""
    others = live_sessions(user, received_at=received_at).exclude(session_key=session_key)
    if number := others.count():
        audit.record(
            AuditAction.SIGNED_IN_ELSEWHERE_TOO, actor=official(user), other_sessions=number
        )


def end_session(*, user: User, handle: str, own_key: str | None, received_at: datetime) -> bool:
    """End another session of the person. False when there is none of that handle any more."""
    with transaction.atomic():
        keys = [one.pk for one in _others(user, own_key) if one.handle == handle]
        found = Session.objects.filter(pk__in=keys)
        ended = _end(found, SessionEnd.OTHER_BROWSER, official(user), received_at)
        return ended > 0


def end_other_sessions(
    *,
    user: User,
    own_key: str | None,
    received_at: datetime,
    why: SessionEnd = SessionEnd.OTHER_BROWSER,
) -> int:
    """End all sessions of the person but their own one, if they have one. How many."""
    with transaction.atomic():
        return _end(_others(user, own_key), why, official(user), received_at)


def end_sessions_of(
    *,
    users: Iterable[User] | None,
    actor: Actor,
    received_at: datetime,
    why: SessionEnd = SessionEnd.OPERATIONS,
) -> int:
    """End all sessions of these people, or everybody's: CMS asks for it. How many."""
    with transaction.atomic():
        found = Session.objects.exclude(user=None)
        if users is not None:
            found = found.filter(user__in=[user.pk for user in users])
        return _end(found, why, actor, received_at)


def why_ended(session_key: str) -> EndedSession | None:
    """What became of a session that somebody ended within the last day."""
    return EndedSession.objects.filter(key=_digest(session_key)).first() if session_key else None


def keep_why(
    *, user: User, session_key: str | None, why: SessionEnd, received_at: datetime
) -> None:
    """Keep why a session ended by itself, for whoever still comes with its key."""
    EndedSession.objects.bulk_create(
        [EndedSession(key=_digest(session_key or ""), user=user, why=why, ended_at=received_at)],
        ignore_conflicts=True,
    )


def _others(user: User, own_key: str | None) -> QuerySet[Session]:
    return Session.objects.filter(user=user).exclude(session_key=own_key)


def _end(found: QuerySet[Session], why: SessionEnd, actor: Actor, received_at: datetime) -> int:
    """Delete the sessions, and keep why."""
    ended = delete_sessions(found, actor=actor)
    EndedSession.objects.bulk_create(
        [
            EndedSession(
                key=_digest(session.session_key),
                user_id=session.user_id,
                why=why,
                ended_at=received_at,
            )
            for session in ended
            if session.user_id
        ],
        ignore_conflicts=True,
    )
    audit.record_all(
        audit.event(
            AuditAction.SESSION_ENDED,
            actor=actor,
            object_id=session.user_id,
            why=str(why),
            session=session.handle,
        )
        for session in ended
    )
    return len(ended)


def _digest(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()
