"""Counting wrong passwords, so that nobody guesses and nobody is locked out by those who try.

Failures count by user ID, known or not, wherever they come from. A *known browser*, in which the
person passed the second factor before, is counted by itself: what others try never locks it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac

from accounts.models import FailedPassword, KnownBrowser, User
from accounts.policy import lock_out, signing_in


@dataclass(frozen=True, kw_only=True)
class Counter:
    """What counts for a try with one user ID from one browser. `browser` is empty if not known."""

    user_key: str
    browser: str
    source_address: str
    failures: list[datetime]  # newest first
    of_address: list[datetime]

    def is_locked(self, *, received_at: datetime) -> bool:
        """Whether the password isn't looked at."""
        return lock_out.is_locked(
            self.failures, of_address=self.of_address, received_at=received_at
        )


def counter(
    *, user_id: str, browser_id: str, source_address: str, received_at: datetime
) -> Counter:
    """The failures so far. Call it in a transaction, after `turns.one_at_a_time`."""
    user_key = _user_key(user_id)
    browser = _known(user_id, browser_id, received_at)
    kept = list(
        FailedPassword.objects.filter(user_key=user_key)
        .order_by("-at", "-pk")
        .values_list("at", "browser", "source_address")
    )
    return Counter(
        user_key=user_key,
        browser=browser,
        source_address=source_address,
        failures=[at for at, of_browser, _ in kept if of_browser == browser],
        of_address=[at for at, _, address in kept if address == source_address],
    )


def lock_of(*, user: User, received_at: datetime) -> lock_out.Lock | None:
    """The lock of the person's password that ends last, from whichever browser or address."""
    kept = list(
        FailedPassword.objects.filter(user_key=_user_key(user.user_id))
        .order_by("-at", "-pk")
        .values_list("at", "browser", "source_address")
    )
    locks = [
        lock_out.lock_of(
            [at for at, of_browser, _ in kept if of_browser == browser],
            of_address=[at for at, _, of_address in kept if of_address == address],
            received_at=received_at,
        )
        for browser, address in {(browser, address) for _, browser, address in kept}
    ]
    found = [lock for lock in locks if lock]
    for_good = next((lock for lock in found if lock.until is None), None)
    return for_good or max(found, key=lambda lock: lock.until or received_at, default=None)


def add_failure(counter: Counter, *, received_at: datetime) -> bool:
    """Keep one more wrong password. Whether it locks."""
    FailedPassword.objects.create(
        user_key=counter.user_key,
        browser=counter.browser,
        source_address=counter.source_address,
        at=received_at,
    )
    counter.failures.insert(0, received_at)
    counter.of_address.append(received_at)
    return counter.is_locked(received_at=received_at)


def forget_own(*, user: User, browser_id: str, received_at: datetime) -> None:
    """The person passed both factors: forget the failures of their known browser.

    Those of all others stay, also when the browser wasn't known until now, so that nobody gets more
    tries from the person's signing in.
    """
    browser = _known(user.user_id, browser_id, received_at)
    if browser:
        FailedPassword.objects.filter(user_key=_user_key(user.user_id), browser=browser).delete()


def know(*, user: User, browser_id: str, received_at: datetime) -> None:
    """Know the browser of the person from now on, for 400 days after each sign-in."""
    KnownBrowser.objects.update_or_create(
        user=user, browser=_digest(browser_id), defaults={"signed_in_at": received_at}
    )


def forget_all(*, user: User) -> None:
    """The person has a new password, or new devices: no failure counts, no browser is known."""
    FailedPassword.objects.filter(user_key=_user_key(user.user_id)).delete()
    KnownBrowser.objects.filter(user=user).delete()


def _known(user_id: str, browser_id: str, received_at: datetime) -> str:
    """The digest of the browser if the person is known to use it; else an empty text."""
    browser = _digest(browser_id)
    is_known = KnownBrowser.objects.filter(
        user__in=User.objects.with_user_id(signing_in.lockout_key(user_id)),
        browser=browser,
        signed_in_at__gt=received_at - lock_out.BROWSER_IS_KNOWN,
    ).exists()
    return browser if is_known else ""


def _digest(browser_id: str) -> str:
    return hashlib.sha256(browser_id.encode()).hexdigest()


def _user_key(user_id: str) -> str:
    key = signing_in.lockout_key(user_id)
    return salted_hmac("failed passwords", key, algorithm="sha256").hexdigest()
