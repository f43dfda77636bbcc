"""What people read about the end of a session."""

from accounts.enums import SessionEnd

_WHY = {
    SessionEnd.IDLE: "You were signed out after {idle} without activity.",
    SessionEnd.TOO_OLD: "You were signed out because you signed in {absolute} ago.",
    SessionEnd.UNVERIFIED: "You were signed out because the device that you signed in with was "
    "removed.",
    SessionEnd.PASSWORD: "You were signed out because your password was changed.",
    SessionEnd.OTHER_BROWSER: "You were signed out because you ended this session from another "
    "browser.",
    SessionEnd.OPERATIONS: "You were signed out by the people who run this site.",
    SessionEnd.CLOSED: "You were signed out.",
}
PENDING = "Signing in took longer than 15 minutes. Start again."


def span(seconds: int) -> str:
    """A length of time as people say it: `30 minutes`, `12 hours`."""
    for unit, length in (("hour", 3600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            return _count(seconds // length, unit)
    return _count(seconds, "second")


def why_signed_out(code: str, *, idle_seconds: int, absolute_seconds: int) -> str:
    """Why somebody meets the sign-in page; an empty text for a code that isn't one."""
    if code == "pending":
        return PENDING
    if code not in SessionEnd.values:
        return ""
    text = _WHY[SessionEnd(code)].format(idle=span(idle_seconds), absolute=span(absolute_seconds))
    return f"{text} Sign in again to go on."


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
