"""Reading what a mail server reports of a mail it couldn't deliver (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from uuid import UUID

_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_MESSAGE_ID = re.compile(r"<([0-9a-f-]{36})@[^<>@\s]+>")


class NoReport(ValueError):
    """The text is no report on a mail of ours; the text of the error says what it lacks."""


@dataclass(frozen=True, kw_only=True)
class BounceReport:
    """What a report says of one mail.

    `message_id`: the key of the message. `failed`: it will never arrive; a mail that is only late,
    or was relayed or delivered, hasn't failed. `code`: why, like 5.1.1 (RFC 3463), empty where the
    report has none.
    """

    message_id: UUID
    failed: bool
    code: str


def read_bounce_report(text: bytes) -> BounceReport:
    """Read a delivery status report as it came by mail. Raises NoReport when it is none."""
    mail = message_from_bytes(text, policy=policy.compat32)
    if mail.get_content_type() != "multipart/report":
        raise NoReport("This is no delivery status report: it isn't multipart/report.")
    parts = {part.get_content_type(): part for part in reversed(_parts_of(mail))}
    if "message/delivery-status" not in parts:
        raise NoReport("This report has no delivery status in it.")
    failed = [
        fields
        for fields in _parts_of(parts["message/delivery-status"])
        if _field(fields, "Action").lower() == "failed"
    ]
    codes = [found[0] for fields in failed if (found := _CODE.match(_field(fields, "Status")))]
    return BounceReport(
        message_id=_returned_message_id(parts),
        failed=bool(failed),
        code=codes[0] if codes else "",
    )


def _returned_message_id(parts: dict[str, Message]) -> UUID:
    """The key in the Message-ID of the returned mail, or of its headers."""
    for headers in _returned_headers(parts):
        found = _MESSAGE_ID.search(_field(headers, "Message-ID").lower())
        if found:
            try:
                return UUID(found[1])
            except ValueError:
                break
    raise NoReport("The report returns no headers with a Message-ID of this site.")


def _returned_headers(parts: dict[str, Message]) -> Iterator[Message]:
    if "message/rfc822" in parts:
        yield from _parts_of(parts["message/rfc822"])
    if "text/rfc822-headers" in parts:
        text = parts["text/rfc822-headers"].get_payload(decode=True)
        if isinstance(text, bytes):
            yield message_from_bytes(text, policy=policy.compat32)


def _parts_of(mail: Message) -> list[Message]:
    parts = mail.get_payload()
    return [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


def _field(headers: Message, name: str) -> str:
    return str(headers.get(name, "")).strip()
