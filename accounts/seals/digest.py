"""What a seal keeps of audit events: keyed digests that come out the same on every database."""

import hmac
import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

# Of an event, in this order.
FIELDS = (
    "id",
    "at",
    "action",
    "actor_kind",
    "actor_id",
    "actor_name",
    "reason",
    "organization_id",
    "object_id",
    "about",
    "details",
    "request_id",
    "source_address",
    "session",
)
_ROW = struct.Struct(">q16s")


def canonical(values: Mapping[str, Any]) -> bytes:
    """An event as JSON with one way to write it, whatever the database makes of times and numbers.

    Empty values are left out, so that a column that is added later changes no digest made before.
    """
    shown = {name: _plain(value) for name, value in values.items() if value not in ("", {})}
    return json.dumps(shown, sort_keys=True, separators=(",", ":")).encode()


def digest_of_event(values: Mapping[str, Any], *, key: str) -> bytes:
    """16 bytes that another event, or the same one changed, won't have."""
    return hmac.digest(key.encode(), b"event:" + canonical(values), "sha256")[:16]


def digest_of_seal(
    *, number: int, sealed_at: datetime, last_event: int, events: int, previous: str, rows: bytes,
    key: str,
) -> str:  # fmt: skip
    """The digest of a seal, as 64 hexadecimal digits: the head of the chain up to it."""
    head = f"seal:{number}:{_plain(sealed_at)}:{last_event}:{events}:{previous}:"
    return hmac.digest(key.encode(), head.encode() + rows, "sha256").hex()


def packed(digests: Iterable[tuple[int, bytes]]) -> bytes:
    """Keys of events and their digests, in one block."""
    return b"".join(_ROW.pack(*pair) for pair in digests)


def unpacked(rows: bytes) -> Iterator[tuple[int, bytes]]:
    """What `packed` put together. Nothing of a block that it can't have made."""
    if len(rows) % _ROW.size == 0:
        yield from _ROW.iter_unpack(rows)


def _plain(value: Any) -> Any:
    """A value as JSON has it: times in UTC to the microsecond, whole numbers without a point."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value
