"""What a signed-in session keeps of its own time."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

SIGNED_IN_AT = "signed_in_at"  # both in seconds since 1970
LAST_SEEN = "last_seen"
WRITE_EVERY = timedelta(minutes=1)


def begin(session: SessionBase, *, signed_in_at: datetime) -> None:
    """Start the two clocks of a session: the absolute one and the idle one."""
    session[SIGNED_IN_AT] = session[LAST_SEEN] = signed_in_at.timestamp()


def touch(session: SessionBase, *, seen_at: datetime) -> None:
    """Start the idle clock anew; stored at most once a minute."""
    if seen_at.timestamp() - session[LAST_SEEN] >= WRITE_EVERY.total_seconds():
        session[LAST_SEEN] = seen_at.timestamp()
