"""The session engine (setting SESSION_ENGINE): Django's, with rows that know whose they are."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError
from django.db.models import CharField, DateTimeField

from accounts.models import Session, SessionView
from accounts.sessions import times
from accounts.sessions.ending import delete_sessions
from qpp_registration import clock
from qpp_registration.prepared import Prepared

_LIVE = Prepared(
    lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at).select_related(
        "view"
    ),
    key=CharField(),
    at=DateTimeField(),
)


class SessionStore(DatabaseStore):
    """Django's sessions in the database, kept in `accounts.models.Session`."""

    _view: SessionView | None = None

    @property
    def view(self) -> SessionView | None:
        """The view as somebody else that the session was in when it was read."""
        self.items()  # which reads it, if nothing did
        return self._view

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The model of the rows."""
        return Session

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and its key is forgotten, once its row is gone."""
        row = _LIVE.first(key=self.session_key, at=clock.now())
        if row is None:
            self._session_key = None
            return {}
        self._view = getattr(row, "view", None)
        data: dict[str, Any] = self.decode(row.session_data)
        return data

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 (as Django calls it)
        """Store it. A database that doesn't answer is told as such, not as a session that ended."""
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError):
                raise error.__context__ from None
            raise

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row of the session, or of another one; its view ends with an event."""
        if key := session_key or self.session_key:
            delete_sessions(Session.objects.filter(session_key=key))
            self._view = None

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of the session as `data` has it, with its person if somebody is signed in."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        if user_id := data.get(SESSION_KEY):
            row.user_id = user_id
            row.started_at = _moment(data.get(times.SIGNED_IN_AT))
            row.last_seen_at = _moment(data.get(times.LAST_SEEN))
            row.source_address = data.get(times.SOURCE_ADDRESS, "")
            row.browser = data.get(times.BROWSER, "")
        return row


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
