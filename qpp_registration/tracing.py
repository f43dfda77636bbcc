"""What a log line or an audit event says of where a change came from.

The values follow the request (or command) that is being handled, so that services need no request.
"""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
source_address: ContextVar[str] = ContextVar("source_address", default="")
browser: ContextVar[str] = ContextVar("browser", default="")  # the header User-Agent
# Short keyed hashes, from which neither the session's key nor the person's can be found.
session: ContextVar[str] = ContextVar("session", default="")
person: ContextVar[str] = ContextVar("person", default="")


def begin(*, request: str, address: str, user_agent: str) -> None:
    """A request begins: nothing of the one before it, on the same thread, may stay."""
    request_id.set(request)
    source_address.set(address)
    browser.set(user_agent)
    session.set("")
    person.set("")
