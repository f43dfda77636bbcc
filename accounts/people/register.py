"""Registering: profile, a link to the e-mail, then user ID and password (2023 guide, II).

There is no account before the link is used. Whoever asks gets the same answer whether or not an
account with the e-mail exists; only the mailbox learns it. No social security number and no
challenge questions are asked for: nothing here needs to prove a legal identity, and answers to such
questions can be found out.
"""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, LinkPurpose
from accounts.guards import mail_requests
from accounts.guards.same_time import undone
from accounts.messages import links
from accounts.models import AccountLink, MailRequest, User
from accounts.people import passwords, profiles
from accounts.signing_in import sign_in
from accounts.words import account_mail
from qpp_registration.addresses import whole_address
from qpp_registration.clock import show_day_and_time
from qpp_registration.errors import Refused


class UserIdTaken(Refused):
    """Somebody has the user ID."""


def ask_to_register(
    *, first_name: str, last_name: str, email: str, phone: str, received_at: datetime
) -> None:
    """Mail a link to go on, or, where an account with the e-mail exists, that it does.

    At most five mails an hour for an address. Raises mail_requests.TooMany.
    """
    with transaction.atomic():
        known = User.objects.with_email(email).first()
        request = mail_requests.count(user=known, typed=f"email {email}", received_at=received_at)
        audit.record(
            AuditAction.REGISTER_ASKED,
            actor=official(known) if known else sign_in.NOBODY,
            email=audit.masked("email", email),
            known=known is not None,
            mailed=request is not None,
        )
        if request and known:
            _tell_known(known, request)
            undone(lambda: links.make_for_nobody(received_at=received_at))
        elif request:
            _mail_link(first_name, last_name, email, phone, received_at)


def finish(*, link: AccountLink, user_id: str, password: str, received_at: datetime) -> User:
    """Make the account. Signs nobody in: the first sign-in sets up the second factor.

    Raises UserIdTaken (counted: after twenty the link ends), Refused for any other reason that the
    person can mend, and links.LinkEnded, also for the second of two at once.
    """
    user = unsaved(link, user_id=user_id)
    user.created_at = user.password_set_at = received_at
    if User.objects.with_user_id(user.user_id).exists():
        _count_taken(link.pk)
        raise UserIdTaken("This user ID is taken. Choose another one.")
    user.password = make_password(password)
    profiles.validate(user)
    try:
        with transaction.atomic():
            links.use(link_id=link.pk, received_at=received_at)
            user.save(force_insert=True)
            passwords.keep(user, received_at=received_at)
            audit.record(
                AuditAction.USER_CREATED,
                actor=official(user),
                object_id=user.pk,
                user_id=user.user_id,
                email=audit.masked("email", user.email),
                staff_group=None,
            )
            letter = account_mail.registered(
                name=user.full_name, user_id=user.user_id, sign_in=whole_address("sign_in")
            )
            links.mail(letter, to=user.email, at=received_at, key=f"user.registered:{user.pk}")
    except IntegrityError:
        raise Refused("An account with this user ID or e-mail was made just now.") from None
    return user


def unsaved(link: AccountLink, *, user_id: str = "") -> User:
    """The person as the link and the form say, not stored."""
    return User(
        user_id=user_id.strip(),
        email=User.objects.normalize_email(link.email),
        first_name=link.first_name,
        last_name=link.last_name,
        phone=link.phone,
    )


def _count_taken(link_id: UUID) -> None:
    AccountLink.objects.filter(pk=link_id).update(failures=F("failures") + 1)


def _tell_known(known: User, request: MailRequest) -> None:
    letter = account_mail.already_registered(
        name=known.full_name,
        user_id=known.user_id,
        recover=whole_address("recover"),
        active=known.is_active,
    )
    links.mail(letter, to=known.email, at=request.at, key=f"account.known:{request.pk}")


def _mail_link(
    first_name: str, last_name: str, email: str, phone: str, received_at: datetime
) -> None:
    link, address = links.make(
        purpose=LinkPurpose.REGISTER,
        email=email,
        first_name=first_name,
        last_name=last_name,
        phone=phone,
        received_at=received_at,
    )
    letter = account_mail.register(
        link=address,
        until=show_day_and_time(link.expires_at),
    )
    links.mail(letter, to=email, at=received_at, key=f"link:{link.pk}", until=link.expires_at)
