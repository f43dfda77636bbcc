"""What signing in decides, as functions of plain values. Times are aware, durations timedeltas.

Thresholds follow NIST SP 800-63B and ASVS 5.0 chapter 6: a code lives at most ten minutes, works
once, and can't be guessed by trying.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from accounts.enums import ResetStatus

PENDING_LIFE = timedelta(minutes=15)  # from the password to the code
PROOF_LIFE = timedelta(minutes=5)  # how long password and code stand for what is sensitive

CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
WRONG_CODES_KILL_CODE = 5
WRONG_CODES_LOCK = 10  # in a row, over all devices and sign-ins
CODE_LOCK = timedelta(minutes=10)
WRONG_CODES_DISABLE = 100  # in a row for one device, ever

RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 16  # characters of five bits each
RECOVERY_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none looks like another one
READ_AS = str.maketrans("OIL", "011")

MOST_DEVICES = 10
ADDING_LIFE = timedelta(minutes=15)  # from choosing a kind of device to its first code
CEREMONY_LIFE = timedelta(minutes=5)  # a passkey's, as long as the browser waits
RESET_LIFE = timedelta(days=7)  # from asking for a reset to its approval

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


def disables_device(wrong_in_a_row: int) -> bool:
    """Whether a device with that many wrong codes in a row is used no more (63B-4, 3.2.2)."""
    return wrong_in_a_row >= WRONG_CODES_DISABLE


def recovery_code(text: str) -> str:
    """The recovery code that somebody typed, as it is kept; an empty text when it can't be one.

    Letter case, spaces and dashes don't matter, and letters that look like a digit are read as it.
    """
    code = "".join(c for c in text if not c.isspace() and c not in "-‑–").upper()
    code = code.translate(READ_AS)
    fits = len(code) == RECOVERY_CODE_LENGTH and set(code) <= set(RECOVERY_ALPHABET)
    return code if fits else ""


def show_recovery_code(code: str) -> str:
    """A recovery code as people read it: four groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def why_not_added(devices: int) -> str:
    """Why a person with that many devices can't add another one; an empty text when they can."""
    if devices < MOST_DEVICES:
        return ""
    return f"You have {MOST_DEVICES} devices. Remove one before you add another one."


def why_not_removed(*, usable_others: int) -> str:
    """Why a device can't be removed by somebody who has that many others to sign in with."""
    if usable_others:
        return ""
    return (
        "This is the only device that you can sign in with. Add another one first. Recovery codes "
        "don’t count: each works once, and when they are used up nothing would be left."
    )


def why_not_decided(
    *,
    status: ResetStatus,
    expires_at: datetime,
    is_own: bool,
    asked_too: bool,
    out_of_reach: str,
    now: datetime,
) -> str:
    """Why a member of staff can't decide on a reset of devices; an empty text when they can.

    `is_own`: it is about their own devices. `asked_too`: they are the one who asked for it.
    `out_of_reach`: why they decide nothing about the account, else empty.
    """
    if is_own:
        return "Nobody decides on their own devices."
    if status not in {ResetStatus.REQUESTED, ResetStatus.ASKED}:
        return f"This reset is settled already: {status.label.lower()}."
    if out_of_reach:
        return out_of_reach
    if status is ResetStatus.REQUESTED:
        return "First somebody of staff proves who the person is and asks for the reset."
    if now >= expires_at:
        return "This reset wasn’t decided in time. It has to be asked for again."
    if asked_too:
        return "You asked for this reset. Another member of staff has to decide."
    return ""


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
