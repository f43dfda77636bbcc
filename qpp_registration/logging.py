"""Log lines as JSON, one event a line: line breaks in a message can't forge another line."""

import json
import logging
from datetime import UTC, datetime

from qpp_registration import tracing
from qpp_registration.redaction import redacted

UNAVAILABLE = 503


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object with time (UTC), level, logger, request ID, message.

    Messages and tracebacks lose what looks like personal data or a secret, whoever wrote them.
    `extra={"facts": {…}}` adds fields as they are: for values of ours that hold neither.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Give the record as one line of JSON, with its traceback when there is one."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": tracing.request_id.get(),
            "message": redacted(record.getMessage()),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and getattr(record, "status_code", None) == UNAVAILABLE:
            # All requests while the database is away: its own words tell as much.
            line["reason"] = redacted(str(record.exc_info[1]).strip())
        elif record.exc_info:
            line["traceback"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line)
