"""Who acts, as services are told: plain values instead of a request."""

from dataclasses import dataclass

from accounts.enums import ActorKind
from accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody who changes something: an official, CMS staff with a reason, or the system."""

    kind: ActorKind
    name: str
    user: User | None = None
    reason: str = ""

    @property
    def id(self) -> str:
        """The person's key as text; empty for the system."""
        return str(self.user.pk) if self.user else ""

    @property
    def shown_user(self) -> User | None:
        """The same as a person: whom pages for people outside CMS may name."""
        return None if self.kind == ActorKind.STAFF else self.user

    @property
    def shown_name(self) -> str:
        """Who it was, as people outside CMS read it: its staff stays unnamed."""
        return self.kind.label if self.kind == ActorKind.STAFF else self.name


def official(user: User) -> Actor:
    """The person at the site, acting for an organization."""
    return Actor(kind=ActorKind.OFFICIAL, name=user.full_name, user=user)


def staff(user: User, reason: str = "") -> Actor:
    """CMS staff at the staff site."""
    return Actor(kind=ActorKind.STAFF, name=user.full_name, user=user, reason=reason)


def operations(reason: str = "") -> Actor:
    """Somebody at the command line of the server."""
    return Actor(kind=ActorKind.SYSTEM, name="Operations", reason=reason)


def cms(reason: str = "") -> Actor:
    """CMS, as officials read it on their pages: what the system does by itself in CMS's name."""
    return Actor(kind=ActorKind.SYSTEM, name="CMS", reason=reason)
