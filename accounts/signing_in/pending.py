"""A sign-in, or a proof of who is signed in, between its password and its code.

A sign-in is kept in an anonymous session, a proof in the session of the person.
"""

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User
from accounts.policy import signing_in
from accounts.sessions import kept

_KEY = "pending_sign_in"


@dataclass(frozen=True, kw_only=True)
class PendingSignIn:
    """Who gave a right password, when, and which device they chose.

    `password_hash` is Django's session hash: a password changed meanwhile ends the sign-in.
    `expires_at` is in seconds since 1970. `next` is a path on this site or empty.
    """

    user: str
    sign_in: str
    password_hash: str
    expires_at: float
    next: str
    device: str = ""

    @classmethod
    def begin(
        cls, session: SessionBase, *, user: User, next_path: str, received_at: datetime
    ) -> Self:
        """Put a new one into a new session; all that the old one held is gone but typed text."""
        kept.flush_but_keep(session)
        return cls.begin_proof(session, user=user, next_path=next_path, received_at=received_at)

    @classmethod
    def begin_proof(
        cls, session: SessionBase, *, user: User, next_path: str, received_at: datetime
    ) -> Self:
        """Put a new one into the session, which stays the one it is."""
        pending = cls(
            user=str(user.pk),
            sign_in=str(uuid.uuid4()),
            password_hash=user.get_session_auth_hash(),
            expires_at=(received_at + signing_in.PENDING_LIFE).timestamp(),
            next=next_path,
        )
        pending._store(session)
        return pending

    @classmethod
    def load(cls, session: SessionBase, *, received_at: datetime) -> tuple[Self, User] | None:
        """The pending sign-in and its person; None when there is none that may go on.

        One that may not is forgotten, with all else that an anonymous session held.
        """
        stored: dict[str, Any] | None = session.get(_KEY)
        if not stored:
            return None
        pending = cls(**stored)
        user = User.objects.filter(pk=pending.user, is_active=True).first()
        if (
            user is None
            or received_at.timestamp() >= pending.expires_at
            or user.get_session_auth_hash() != pending.password_hash
            or session.get(SESSION_KEY, pending.user) != pending.user
        ):
            if SESSION_KEY in session:
                cls.end(session)
            else:
                session.flush()
            return None
        return pending, user

    @property
    def id(self) -> uuid.UUID:
        """The sign-in that codes are bound to."""
        return uuid.UUID(self.sign_in)

    def choose(self, session: SessionBase, device_id: str) -> None:
        """Keep which device the person chose."""
        replace(self, device=device_id)._store(session)

    @staticmethod
    def end(session: SessionBase) -> None:
        """Forget it: the person is in, or gave it up."""
        session.pop(_KEY, None)

    def _store(self, session: SessionBase) -> None:
        session[_KEY] = asdict(self)
