"""What a log line or an audit event says of where a change came from.

The values follow the request (or command) that is being handled, so that services need no request.
"""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
source_address: ContextVar[str] = ContextVar("source_address", default="")
browser: ContextVar[str] = ContextVar("browser", default="")  # the header User-Agent
