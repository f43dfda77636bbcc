"""The site with two of its guards taken out: reading first, and writing a moment later."""

import time
from typing import Any

from qpp_registration.wsgi import application  # sets Django up

# isort: split
from django.contrib.auth import authenticate

from accounts.guards import lock_out
from accounts.models import OneTimeCode, User
from accounts.signing_in import sign_in
from accounts.verification import codes

A_MOMENT = 0.5  # seconds; long enough for all that come at once

__all__ = ["application"]


def check_code(*, sign_in: Any, device: Any, code: str, received_at: Any, **_: Any) -> Any:
    """As many would write it: look whether the code was used, then mark it."""
    kept = OneTimeCode.objects.filter(sign_in=sign_in).latest("sent_at")
    time.sleep(A_MOMENT)
    if kept.used_at or kept.digest != codes._digest(sign_in, device, code):
        return codes.Outcome(verdict=codes.Verdict.DEAD)
    OneTimeCode.objects.filter(pk=kept.pk).update(used_at=received_at)
    return codes.Outcome(verdict=codes.Verdict.RIGHT)


def check_password(*, user_id: str, password: str, browser_id: str, received_at: Any) -> Any:
    """The same: count, look at the password, then keep the failure."""
    counted = lock_out.counter(
        user_id=user_id, browser_id=browser_id, source_address="", received_at=received_at
    )
    time.sleep(A_MOMENT)
    if counted.is_locked(received_at=received_at):
        return None
    user = authenticate(user_id=user_id, password=password)
    if not isinstance(user, User):
        lock_out.add_failure(counted, received_at=received_at)
    return user


codes.check_code = check_code
sign_in.check_password = check_password
