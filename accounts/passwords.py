"""Setting a password through a link, the only way it is ever set."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts import audit, sign_in
from accounts.actors import official
from accounts.enums import AuditAction
from accounts.models import User


class LinkUsed(Exception):
    """The link was used, has expired, or belongs to an older password."""


def set_password_link(user: User) -> str:
    """The address where the person sets a password: once, within PASSWORD_RESET_TIMEOUT seconds.

    Its host is the setting SITE_URL, whatever host a request named.
    """
    path = reverse(
        "set_password",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )
    return f"{settings.SITE_URL}{path}"


def set_password(*, user: User, token: str, password: str) -> None:
    """Set the password for a valid link. Ends all sessions of the person; signs nobody in.

    Raises LinkUsed, also for the second of two that arrive at once.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        if not locked.is_active or not default_token_generator.check_token(locked, token):
            raise LinkUsed
        locked.set_password(password)
        locked.save(update_fields=["password"])
        sign_in.forget_failures(user=locked)
        audit.record(AuditAction.PASSWORD_SET, actor=official(locked))
