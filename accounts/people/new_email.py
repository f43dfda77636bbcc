"""Changing one's own e-mail: a link to the new address, a notice to both when it is done."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, LinkPurpose
from accounts.guards import mail_requests
from accounts.messages import links
from accounts.messages.links import LinkEnded
from accounts.models import AccountLink, User
from accounts.words import account_mail
from qpp_registration.clock import show_day_and_time


def ask_for_new_email(*, user: User, email: str, received_at: datetime) -> None:
    """Mail a link to the new address; until it is used the old one stays.

    The answer is the same where another account has the address; then that mailbox is told
    instead. At most five mails an hour. Raises mail_requests.TooMany.
    """
    email = User.objects.normalize_email(email)
    with transaction.atomic():
        locked = _lock(user)
        if not mail_requests.count(
            user=None, typed=f"new email of {user.pk}", received_at=received_at
        ):
            raise mail_requests.TooMany
        audit.record(
            AuditAction.EMAIL_ASKED,
            actor=official(locked),
            object_id=locked.pk,
            email=audit.masked("email", email),
        )
        link, address = links.make(
            purpose=LinkPurpose.EMAIL, user=locked, email=email, received_at=received_at
        )
        other = User.objects.with_email(email).exclude(pk=user.pk).first()
        if other:
            letter = account_mail.email_taken(name=other.full_name)
        else:
            letter = account_mail.confirm_email(
                link=address, until=show_day_and_time(link.expires_at)
            )
        links.mail(letter, to=email, at=received_at, key=f"link:{link.pk}", until=link.expires_at)


def waiting(*, user: User, received_at: datetime) -> AccountLink | None:
    """The link that is on its way to a new address, if there is one."""
    return AccountLink.objects.filter(
        user=user, purpose=LinkPurpose.EMAIL, used_at=None, expires_at__gt=received_at
    ).first()


def confirm(*, link: AccountLink, received_at: datetime) -> User:
    """Make the address of the link the person's e-mail. Other links of the person end.

    Raises LinkEnded, also when another account took the address meanwhile.
    """
    assert link.user  # noqa: S101 - only a link to register has none
    try:
        with transaction.atomic():
            user = _lock(link.user)
            links.use(link_id=link.pk, received_at=received_at)
            old = user.email
            user.email = link.email
            user.save(update_fields=["email"])
            links.void(user=user)
            audit.record(
                AuditAction.EMAIL_CHANGED,
                actor=official(user),
                object_id=user.pk,
                before=audit.masked("email", old),
                after=audit.masked("email", user.email),
            )
            _notify(user, old, link, received_at)
    except IntegrityError:
        raise LinkEnded from None
    return user


def _notify(user: User, old: str, link: AccountLink, received_at: datetime) -> None:
    """Tell both; the old address reads the new one masked, as it may be somebody else's by now."""
    for place, to in (("old", old), ("new", user.email)):
        letter = account_mail.email_changed(
            name=user.full_name,
            when=show_day_and_time(received_at),
            new=user.email if place == "new" else audit.masked("email", user.email),
        )
        links.mail(letter, to=to, at=received_at, key=f"email.changed:{link.pk}:{place}")


def _lock(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
