"""*Recover ID or reset password*: both go by mail to the account's address (2023 guide, III.2).

Whoever asks gets the same answer for a known, an unknown and a disabled account. At most five mails
an hour go to one.
"""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction, LinkPurpose
from accounts.guards import mail_requests
from accounts.guards.same_time import undone
from accounts.messages import links
from accounts.models import MailRequest, User
from accounts.policy import account, signing_in
from accounts.signing_in import sign_in
from accounts.words import account_mail
from accounts.words.letter import Letter
from qpp_registration.addresses import whole_address
from qpp_registration.clock import show_day_and_time


def recover_user_id(*, email: str, received_at: datetime) -> None:
    """Mail the user ID to the address, if it is somebody's. Raises mail_requests.TooMany."""
    with transaction.atomic():
        user = User.objects.with_email(email).first()
        request = _counted(user, f"email {email}", "user ID", received_at)
        if request and user:
            letter = account_mail.your_user_id(
                name=user.full_name, user_id=user.user_id, recover=whole_address("recover")
            )
            _mail(user, letter, request)
        elif request:
            undone(lambda: links.mail_nobody(at=received_at))


def recover_password(*, user_id: str, received_at: datetime) -> None:
    """Mail a link to set a new password to the person with that user ID, if there is one.

    Without regard to case. An account that wasn't used for 60 days gets it too: that is how it is
    made to work again. Raises mail_requests.TooMany.
    """
    key = signing_in.lockout_key(user_id)
    with transaction.atomic():
        user = User.objects.with_user_id(key).first()
        request = _counted(user, f"user ID {key}", "password", received_at)
        if request and user and user.is_active:
            _mail_link(user, received_at)
        elif request and user:
            _mail(user, account_mail.disabled(name=user.full_name), request)
            undone(lambda: links.make_for_nobody(received_at=received_at))
        elif request:
            undone(lambda: links.make_for_nobody(received_at=received_at))
            undone(lambda: links.mail_nobody(at=received_at))


def _mail_link(user: User, received_at: datetime) -> None:
    link, address = links.make(
        purpose=LinkPurpose.PASSWORD, user=user, email=user.email, received_at=received_at
    )
    idle = account.is_idle(last_used_at=user.last_used_at, received_at=received_at)
    letter = account_mail.new_password(
        name=user.full_name,
        link=address,
        until=show_day_and_time(link.expires_at),
        idle_days=account.IDLE_AFTER.days if idle else 0,
    )
    links.mail(letter, to=user.email, at=received_at, key=f"link:{link.pk}", until=link.expires_at)


def _counted(user: User | None, typed: str, what: str, received_at: datetime) -> MailRequest | None:
    """Count the request and tell the audit. None: no mail may go out.

    What was typed is not kept: it may be a password in the wrong field.
    """
    request = mail_requests.count(user=user, typed=typed, received_at=received_at)
    audit.record(
        AuditAction.RECOVERY_ASKED,
        actor=official(user) if user else sign_in.NOBODY,
        what=what,
        known=user is not None,
        mailed=request is not None,
    )
    return request


def _mail(user: User, letter: Letter, request: MailRequest) -> None:
    if not user.is_active:
        letter = account_mail.disabled(name=user.full_name)
    links.mail(letter, to=user.email, at=request.at, key=f"recovery:{request.pk}")
