"""Mailed links: one mechanism for setting a password, registering and a new e-mail.

A link holds 256 random bits; only their digest is stored. It works once, until it expires, and
only the newest of a person and purpose works.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Q, Value
from django.db.models.functions import Lower

from accounts.enums import LinkPurpose
from accounts.messages.outbox import Email, queue_emails
from accounts.models import AccountLink, User
from accounts.policy.account import LINK_LIFE, link_is_alive
from accounts.words import account_mail
from accounts.words.letter import Letter
from qpp_registration.addresses import whole_address

KEY_BYTES = 32
NOBODY = "nobody@localhost"


class LinkEnded(Exception):
    """The link was used, has expired, or a newer one was mailed."""


def make(
    *,
    purpose: LinkPurpose,
    email: str,
    received_at: datetime,
    user: User | None = None,
    life: timedelta = LINK_LIFE,
    first_name: str = "",
    last_name: str = "",
    phone: str = "",
) -> tuple[AccountLink, str]:
    """A new link and its address on this site; earlier ones of the purpose stop working.

    `user`: whose it is; None to register `email`. The host is the setting SITE_URL, whatever host
    a request named. Call it inside the transaction that queues the mail.
    """
    token = secrets.token_urlsafe(KEY_BYTES)
    whose = Q(user=user) if user else Q(folded=Lower(Value(email)))
    earlier = AccountLink.objects.alias(folded=Lower("email"))
    earlier.filter(whose, purpose=purpose).delete()
    link = AccountLink.objects.create(
        purpose=purpose,
        user=user,
        email=email,
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        digest=_digest(token),
        created_at=received_at,
        expires_at=received_at + life,
    )
    return link, whole_address("open_link", token)


def found(*, token: str, received_at: datetime) -> AccountLink | None:
    """The link with that token, if it still works."""
    return _alive(AccountLink.objects.filter(digest=_digest(token)).first(), received_at)


def opened(*, key: str, purpose: LinkPurpose, received_at: datetime) -> AccountLink | None:
    """The link with that key (as kept in the session of who opened it), if it still works."""
    if not key:
        return None
    return _alive(AccountLink.objects.filter(pk=UUID(key), purpose=purpose).first(), received_at)


def use(*, link_id: UUID, received_at: datetime) -> AccountLink:
    """Use the link up. Call it inside the transaction of what it allows, with the person locked.

    Raises LinkEnded, also for the second of two at once.
    """
    used = AccountLink.objects.filter(pk=link_id, used_at=None, expires_at__gt=received_at)
    if used.update(used_at=received_at) != 1:
        raise LinkEnded
    link = AccountLink.objects.get(pk=link_id)
    if link.user_id and not User.objects.filter(pk=link.user_id, is_active=True).exists():
        raise LinkEnded
    return link


def void(*, user: User) -> None:
    """End all links of the person: what they rested on has changed."""
    AccountLink.objects.filter(user=user, used_at=None).delete()


def mail(letter: Letter, *, to: str, at: datetime, key: str, until: datetime | None = None) -> None:
    """Queue the letter. `key`: of what it tells of; `until`: when its link ends.

    The outbox forgets a letter with a link as soon as that is out, or too late.
    """
    email = Email(
        to=to,
        subject=letter.subject,
        body=letter.body,
        due_at=at,
        dedupe_key=key,
        expires_at=until,
        secret=until is not None,
    )
    queue_emails([email])


def make_for_nobody(*, received_at: datetime) -> None:
    """What `make` does, to be undone (see `same_time`)."""
    make(purpose=LinkPurpose.REGISTER, email=NOBODY, received_at=received_at)


def mail_nobody(*, at: datetime) -> None:
    """What `mail` does, to be undone (see `same_time`)."""
    mail(account_mail.disabled(name=""), to=NOBODY, at=at, key=f"nobody:{uuid4()}")


def _alive(link: AccountLink | None, received_at: datetime) -> AccountLink | None:
    if link is None or not link_is_alive(
        expires_at=link.expires_at,
        used_at=link.used_at,
        failures=link.failures,
        received_at=received_at,
    ):
        return None
    if link.user and not link.user.is_active:
        return None
    return link


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
