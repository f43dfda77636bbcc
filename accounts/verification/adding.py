"""Adding a device while signed in, between choosing its kind and its first code or signature."""

import uuid
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Self

from django.contrib.sessions.backends.base import SessionBase

from accounts.policy import signing_in

_KEY = "adding_device"


@dataclass(frozen=True, kw_only=True)
class Adding:
    """What the session keeps of it. Codes are bound to `key`; `until` is in seconds since 1970.

    It is begun by somebody who gave password and code just now, and lasts 15 minutes: a code may
    take ten.
    """

    key: str
    until: float
    device: str = ""

    @classmethod
    def begin(cls, session: SessionBase, *, received_at: datetime) -> Self:
        """Put a new one into the session."""
        adding = cls(
            key=str(uuid.uuid4()), until=(received_at + signing_in.ADDING_LIFE).timestamp()
        )
        session[_KEY] = asdict(adding)
        return adding

    @classmethod
    def load(cls, session: SessionBase, *, received_at: datetime) -> Self | None:
        """The one that goes on; None when none was begun, or too long ago."""
        stored = session.get(_KEY)
        adding = cls(**stored) if stored else None
        return adding if adding and received_at.timestamp() < adding.until else None

    @property
    def id(self) -> uuid.UUID:
        """What codes and challenges are bound to."""
        return uuid.UUID(self.key)

    def choose(self, session: SessionBase, device_id: str) -> None:
        """Keep which device is being added."""
        session[_KEY] = asdict(replace(self, device=device_id))

    @staticmethod
    def end(session: SessionBase) -> None:
        """Forget it: the device is added."""
        session.pop(_KEY, None)
