"""Sessions of browsers, with whose they are where somebody is signed in."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac

from accounts.models.people import User


class Session(AbstractBaseSession):
    """A browser's session. `user` and what follows are set while somebody is signed in.

    They repeat what the session's own data say, so that a person's sessions can be listed and
    ended: deleting the row signs that browser out with its next request.
    """

    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="sessions"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)
    source_address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.handle

    @property
    def handle(self) -> str:
        """What stands for the session in pages and in the audit."""
        return handle_of(self.session_key)

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The store that reads and writes these rows."""
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store


class SessionView(models.Model):
    """A view as somebody else that a session of CMS staff is in (*View as*).

    Of a person, or (`is_organization`) of an organization; `key` is of the one that is looked at.
    A row of its own and not a part of the session's data: these are stored as a whole, so that a
    request that ends late would bring back a view that was left, or lose one that has begun.
    """

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="view")
    is_organization = models.BooleanField()
    key = models.UUIDField()
    name = models.CharField(max_length=255)
    reason = models.CharField(max_length=300)
    began_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class EndedSession(models.Model):
    """A session that somebody ended, so that its browser can be told why when it comes back.

    `key` is a digest of the session's key.
    """

    key = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20)
    ended_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.why


def handle_of(session_key: str | None) -> str:
    """A short name of a session from which its key can't be found; empty without a key."""
    return salted_hmac("session handle", session_key).hexdigest()[:16] if session_key else ""
