"""Messages of the demonstration: nobody is written to, everything can be read here."""

import json
import os
import sys

from django.conf import settings

from qpp_registration import clock


class DemonstrationChannel:
    """Prints each message to the terminal and appends it to VAR_DIR/messages.jsonl.

    A line of that file is a JSON object with at (ISO 8601, UTC), channel, to, subject, body
    and html (empty where there is none). The file is readable by its owner only, since it holds
    one-time codes and links.
    """

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, *, to: str, subject: str, body: str, message_id: str, html: str = "") -> None:
        """Print and append. Raises OSError when the file can't be written."""
        line = {
            "at": clock.now().isoformat(timespec="seconds"),
            "channel": self.channel,
            "to": to,
            "subject": subject,
            "body": body,
            "html": html,
        }
        self._append(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.write(f"\n--- {self.channel} to {to}: {subject}\n{body}\n---\n")
        sys.stdout.flush()

    @staticmethod
    def _append(line: str) -> None:
        # One write to a descriptor opened for appending, so that lines of several processes
        # never mix.
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        path = settings.VAR_DIR / "messages.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
