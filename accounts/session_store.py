"""The session engine (setting SESSION_ENGINE): Django's, with rows that know whose they are."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts import sessions
from accounts.models import Session


class SessionStore(DatabaseStore):
    """Django's sessions in the database, kept in `accounts.models.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The model of the rows."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of the session as `data` has it, with its person if somebody is signed in."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        if user_id := data.get(SESSION_KEY):
            row.user_id = user_id
            row.started_at = _moment(data.get(sessions.SIGNED_IN_AT))
            row.last_seen_at = _moment(data.get(sessions.LAST_SEEN))
            row.source_address = data.get(sessions.SOURCE_ADDRESS, "")
            row.browser = data.get(sessions.BROWSER, "")
        return row


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
