"""What a signed-in session keeps of itself: its times, where it began, when it was proved whose."""

from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import salted_hmac

from accounts import policy

SIGNED_IN_AT = "signed_in_at"  # these three in seconds since 1970
LAST_SEEN = "last_seen"
PROVED_AT = "proved_at"
SOURCE_ADDRESS = "source_address"
BROWSER = "browser"
LONGEST_BROWSER = 300  # characters of the User-Agent header
WRITE_EVERY = timedelta(minutes=1)


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


def touch(session: SessionBase, *, seen_at: datetime) -> None:
    """Start the idle clock anew; stored at most once a minute."""
    if seen_at.timestamp() - session[LAST_SEEN] >= WRITE_EVERY.total_seconds():
        session[LAST_SEEN] = seen_at.timestamp()


def prove(session: SessionBase, *, at: datetime) -> None:
    """The person gave password and code again."""
    session[PROVED_AT] = at.timestamp()


def is_proved(session: SessionBase, *, received_at: datetime) -> bool:
    """Whether password and code were given at most five minutes ago."""
    return policy.proof_is_recent(
        proved_at=session.get(PROVED_AT), received_at=received_at.timestamp()
    )
