"""What a signed-in session keeps of itself: its times, where it began, when it was proved whose."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import salted_hmac

from accounts.policy import signing_in

SIGNED_IN_AT = "signed_in_at"  # these three in seconds since 1970
LAST_SEEN = "last_seen"
PROVED_AT = "proved_at"
SOURCE_ADDRESS = "source_address"
BROWSER = "browser"
LONGEST_BROWSER = 300  # characters of the User-Agent header
WRITE_EVERY = timedelta(minutes=1)
View = TypeVar("View", bound=Callable[..., Any])


def no_activity(view: View) -> View:
    """Mark a view that a page asks by itself: it doesn't start the idle clock anew."""
    view.is_no_activity = True  # type: ignore[attr-defined]
    return view


def name_of_person(user_id: str) -> str:
    """What stands for a person in the logs: not who it is, but that it is the same one."""
    return salted_hmac("person in the logs", user_id).hexdigest()[:16]


def begin(
    session: SessionBase, *, signed_in_at: datetime, source_address: str = "", browser: str = ""
) -> None:
    """Start the clocks of a session: the absolute one, the idle one, and the one of the proof."""
    seconds = signed_in_at.timestamp()
    session[SIGNED_IN_AT] = session[LAST_SEEN] = session[PROVED_AT] = seconds
    session[SOURCE_ADDRESS] = source_address
    session[BROWSER] = browser[:LONGEST_BROWSER]


def touch(session: SessionBase, *, seen_at: datetime, at_once: bool = False) -> None:
    """Start the idle clock anew; stored at most once a minute unless `at_once`."""
    passed = seen_at.timestamp() - session[LAST_SEEN]
    if passed >= WRITE_EVERY.total_seconds() or (at_once and passed > 0):
        session[LAST_SEEN] = seen_at.timestamp()


def seconds_left(session: SessionBase, *, received_at: datetime) -> tuple[int, int]:
    """The seconds until a live session ends: without activity, and in any case."""
    return signing_in.seconds_left(
        signed_in_at=session[SIGNED_IN_AT],
        last_seen=session[LAST_SEEN],
        received_at=received_at.timestamp(),
        idle_seconds=settings.SESSION_IDLE_SECONDS,
        absolute_seconds=settings.SESSION_ABSOLUTE_SECONDS,
    )


def prove(session: SessionBase, *, at: datetime) -> None:
    """The person gave password and code again."""
    session[PROVED_AT] = at.timestamp()


def is_proved(session: SessionBase, *, received_at: datetime) -> bool:
    """Whether password and code were given at most five minutes ago."""
    return signing_in.proof_is_recent(
        proved_at=session.get(PROVED_AT), received_at=received_at.timestamp()
    )
