"""A message in the outbox."""

from typing import Any

from accounts.messages.outbox import queue_email
from accounts.models import Message
from qpp_registration import clock

TO = "jane.doe@example.org"


def queue(number: int = 1, **more: Any) -> Message:
    """An e-mail to Jane that waits in the outbox."""
    values: dict[str, Any] = {
        "to": TO,
        "subject": "Your registration",
        "body": "The practice is registered – until June.",
        "due_at": clock.now(),
        "dedupe_key": f"message-{number}",
    }
    queue_email(**(values | more))
    return Message.objects.get(dedupe_key=f"message-{number}")
