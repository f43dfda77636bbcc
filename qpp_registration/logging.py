"""Log lines as JSON, one event a line: line breaks in a message can't forge another line."""

import json
import logging
from datetime import UTC, datetime

from qpp_registration import tracing


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object with time (UTC), level, logger, request ID, message."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the record as one line of JSON, with its traceback when there is one."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": tracing.request_id.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)
