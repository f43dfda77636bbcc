"""Ten recovery codes for somebody who lost a device: shown once, kept hashed, each works once."""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.actors import official
from accounts.enums import AuditAction
from accounts.models import RecoveryCode, RecoveryCodes, User
from accounts.policy import signing_in
from accounts.verification import notices


def make_codes(*, user: User, received_at: datetime) -> list[str]:
    """Make ten new codes, which replace the ones before, and tell by mail.

    Gives them as people read them; nobody can see them again.
    """
    made = [_draw() for _ in range(signing_in.RECOVERY_CODES)]
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        codes, _ = RecoveryCodes.objects.update_or_create(
            user=user, defaults={"made_at": received_at, "name": "Recovery codes"}
        )
        codes.all.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(codes=codes, digest=_digest(codes, code)) for code in made
        )
        audit.record(AuditAction.RECOVERY_CODES_MADE, actor=official(user))
        notices.tell_codes_made(codes)
    return [signing_in.show_recovery_code(code) for code in made]


def use_code(*, codes: RecoveryCodes, code: str, received_at: datetime) -> bool:
    """Use up a code of the set and tell by mail. False when it is none of them, or used.

    Call it in a transaction. Of many uses at once one succeeds.
    """
    found = RecoveryCode.objects.filter(codes=codes, digest=_digest(codes, code)).first()
    if not found:
        return False
    if not RecoveryCode.objects.filter(pk=found.pk, used_at=None).update(used_at=received_at):
        return False
    audit.record(AuditAction.RECOVERY_CODE_USED, actor=official(codes.user))
    notices.tell_code_used(codes.user, found, unused(codes), received_at)
    return True


def set_of(user: User) -> RecoveryCodes | None:
    """The person's set, also when every code of it is used."""
    return RecoveryCodes.objects.filter(user=user).first()


def unused(codes: RecoveryCodes) -> int:
    """How many codes of the set still work."""
    return codes.all.filter(used_at=None).count()


def _draw() -> str:
    alphabet = signing_in.RECOVERY_ALPHABET
    return "".join(secrets.choice(alphabet) for _ in range(signing_in.RECOVERY_CODE_LENGTH))


def _digest(codes: RecoveryCodes, code: str) -> str:
    text = f"recovery:{codes.pk}:{code}"
    return hmac.new(settings.CODE_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
