"""Counting who asks for mails without being signed in, known or not."""

from datetime import datetime

from django.utils.crypto import salted_hmac

from accounts.guards.turns import one_at_a_time
from accounts.models import MailRequest, User
from accounts.policy.account import REQUESTS_COUNTED, address_may_ask, may_be_mailed
from qpp_registration import tracing


class TooMany(Exception):
    """This address of the network asked too often; it is told, whatever it asked for."""


def count(*, user: User | None, typed: str, received_at: datetime) -> MailRequest | None:
    """Keep that a mail was asked for. None: it may not go out. Call it inside a transaction.

    `typed`: what was asked for where no account is known. Asking while no more go out isn't
    counted, so that nobody can keep somebody else from their mails for longer than an hour.
    Raises TooMany.
    """
    asked = salted_hmac("mail request", str(user.pk) if user else typed.lower()).hexdigest()
    address = tracing.source_address.get()
    one_at_a_time(asked)
    recent = MailRequest.objects.filter(at__gt=received_at - REQUESTS_COUNTED)
    if not address_may_ask(recent.filter(source_address=address).count()):
        raise TooMany
    if not may_be_mailed(recent.filter(asked=asked).count()):
        return None
    return MailRequest.objects.create(asked=asked, source_address=address, at=received_at)
