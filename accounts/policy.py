"""What signing in decides, as functions of plain values. Times are aware, durations timedeltas.

Thresholds follow NIST SP 800-63B and ASVS 5.0 chapter 6: a code lives at most ten minutes, works
once, and can't be guessed by trying.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

PENDING_LIFE = timedelta(minutes=15)  # from the password to the code
PROOF_LIFE = timedelta(minutes=5)  # how long password and code stand for what is sensitive

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
WRONG_CODES_KILL_CODE = 5
WRONG_CODES_LOCK = 10  # in a row, over all devices and sign-ins
CODE_LOCK = timedelta(minutes=10)

RESEND_AFTER = timedelta(seconds=30)
NO_WAIT = timedelta(0)
SEND_LIMITS = ((5, timedelta(minutes=15)), (20, timedelta(hours=24)))
ADDRESS_WINDOW = timedelta(minutes=5)  # for the codes that one client address asks for
SENDS_REMEMBERED = max(window for _, window in SEND_LIMITS)

DELIVERY_TRIES = 12
LONGEST_BACK_OFF = timedelta(hours=1)

PAGES_OF_SIGNING_IN = (
    *("/sign-", "/signed-", "/set-password", "/confirm-identity"),
    *("/register", "/recover", "/open-link", "/confirm-email"),
)
_LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]{0,1999}")


class SessionState(StrEnum):
    """Whether a signed-in session may go on."""

    LIVE = "live"
    IDLE = "idle"
    TOO_OLD = "too_old"


def session_state(
    *,
    signed_in_at: float | None,
    last_seen: float | None,
    received_at: float,
    idle_seconds: int,
    absolute_seconds: int,
) -> SessionState:
    """Whether the session may go on. Times are seconds since 1970; a missing one ends it."""
    if signed_in_at is None or last_seen is None:
        return SessionState.TOO_OLD
    if received_at - signed_in_at >= absolute_seconds:
        return SessionState.TOO_OLD
    if received_at - last_seen >= idle_seconds:
        return SessionState.IDLE
    return SessionState.LIVE


def seconds_left(
    *,
    signed_in_at: float,
    last_seen: float,
    received_at: float,
    idle_seconds: int,
    absolute_seconds: int,
) -> tuple[int, int]:
    """The whole seconds until a live session ends: without activity, and in any case."""
    until_idle = last_seen + idle_seconds - received_at
    until_too_old = signed_in_at + absolute_seconds - received_at
    return max(0, int(until_idle)), max(0, int(until_too_old))


def proof_is_recent(*, proved_at: float | None, received_at: float) -> bool:
    """Whether password and code were given recently enough for something sensitive.

    Times are seconds since 1970; None: never.
    """
    return proved_at is not None and received_at - proved_at <= PROOF_LIFE.total_seconds()


def may_send_at(
    sent: Sequence[datetime],
    *,
    received_at: datetime,
    resend_after: timedelta = RESEND_AFTER,
) -> datetime:
    """The moment from which another code may be sent; `received_at` when that is now.

    `sent` holds the times of the codes of the last 24 hours, in any order.
    """
    newest_first = sorted(sent, reverse=True)
    earliest = received_at
    if newest_first:
        earliest = max(earliest, newest_first[0] + resend_after)
    for limit, window in SEND_LIMITS:
        if len(newest_first) >= limit:
            earliest = max(earliest, newest_first[limit - 1] + window)
    return earliest


def address_may_send_at(sent: Sequence[datetime], *, limit: int, received_at: datetime) -> datetime:
    """The moment from which a client address may ask for another code; `received_at` for now.

    `sent` holds the times of the codes that it asked for in the last 5 minutes, in any order.
    """
    newest_first = sorted(sent, reverse=True)
    if len(newest_first) < limit:
        return received_at
    return max(received_at, newest_first[limit - 1] + ADDRESS_WINDOW)


def code_is_alive(
    *, expires_at: datetime, used_at: datetime | None, failures: int, received_at: datetime
) -> bool:
    """Whether a sent code can still be used: not expired, not used, not guessed at too often."""
    return used_at is None and failures < WRONG_CODES_KILL_CODE and received_at < expires_at


def lock_after_wrong_code(wrong_in_a_row: int, *, received_at: datetime) -> datetime | None:
    """Until when the person's codes are locked after that many wrong ones; None when not."""
    return received_at + CODE_LOCK if wrong_in_a_row >= WRONG_CODES_LOCK else None


def back_off(tries: int, *, first: timedelta) -> timedelta | None:
    """How long to wait before sending a message again after `tries` failures; None: give up.

    Twice as long each time, beginning with `first`, up to an hour.
    """
    if tries >= DELIVERY_TRIES:
        return None
    return min(first * 2 ** (tries - 1), LONGEST_BACK_OFF)


def lockout_key(user_id: str) -> str:
    """The user ID under which failed sign-ins are counted, and that is looked up.

    User IDs are ASCII and known without regard to case. Everything else becomes a character that
    no user ID has: databases fold some of it to ASCII letters, which would give an attacker
    another five tries for each spelling.
    """
    shown = "".join(c if c.isascii() and c.isprintable() else "?" for c in user_id.strip())
    return shown[:100].lower()


def local_path(text: str) -> str:
    """The path on this site that `text` is, or an empty text.

    Nothing else may be gone to after signing in: no other host, no scheme, no backslash or control
    character that browsers drop or turn into a slash. The pages of signing in and out are left
    out too, since they would lead nowhere.
    """
    if not _LOCAL_PATH.fullmatch(text):
        return ""
    return "" if text.startswith(PAGES_OF_SIGNING_IN) else text
