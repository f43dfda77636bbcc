"""The close of a window as a file for calendars (RFC 5545), with two reminders."""

from collections.abc import Iterator
from datetime import UTC, datetime

from qpp_registration.clock import show_with_weekday
from registrations.enums import Product

LONGEST_LINE = 75  # octets, without the line break (RFC 5545, 3.1)
DAYS_BEFORE = (3, 1)


def close_as_calendar(
    *, year: int, product: Product, closes_at: datetime, written_at: datetime, site_url: str
) -> str:
    """A calendar with one event, at the close of the year's offering.

    The event's UID names year and offering, so that a file fetched again after the window moved
    replaces the event. It tells of no organization: everybody gets the same file.
    """
    title = f"{year} {product.label} registration closes"
    description = (
        f"Registration for the {year} {product.label} closes on {show_with_weekday(closes_at)}. "
        f"After that nothing can be changed any more. Check that every organization that is to "
        f"take part is complete.\n\n{site_url}/"
    )
    host = site_url.partition("://")[2].partition(":")[0]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//QPP Registration//Registration windows//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{product.value.replace('_', '-')}-{year}-close@{host}",
        f"DTSTAMP:{_utc(written_at)}",
        f"DTSTART:{_utc(closes_at)}",
        f"SUMMARY:{_escaped(title)}",
        f"DESCRIPTION:{_escaped(description)}",
        f"URL:{site_url}/",
        "TRANSP:TRANSPARENT",
        *(line for days in DAYS_BEFORE for line in _alarm(days, title)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _alarm(days: int, title: str) -> Iterator[str]:
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(title)}"
    yield f"TRIGGER:-P{days}D"
    yield "END:VALARM"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as a value: backslash, semicolon, comma and line break have another meaning there."""
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets; each but the first begins with a space."""
    part, octets = "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > LONGEST_LINE:
            yield part
            part, octets = " ", 1
        part, octets = part + character, octets + size
    yield part
