"""Registration IDs: one for an organization, for ever (2022 guide, IV.8)."""

import random

from organizations.models import Organization
from registrations.models import RegistrationNumber

_random = random.SystemRandom()
_TRIES = 8


def number_of(organization: Organization) -> int:
    """The organization's registration ID, given now if it has none.

    Call it with the organization locked, so that two requests can't both give one. Six digits;
    when eight drawn ones are all taken the range is nearly full and seven digits begin.
    """
    existing = (
        RegistrationNumber.objects.filter(organization=organization)
        .values_list("number", flat=True)
        .first()
    )
    if existing:
        return existing
    number = _free_number(100_000, 999_999) or _free_number(1_000_000, 9_999_999)
    if number is None:
        raise RuntimeError("No registration ID is free.")
    RegistrationNumber.objects.create(organization=organization, number=number)
    return number


def _free_number(lowest: int, highest: int) -> int | None:
    drawn = [_random.randint(lowest, highest) for _ in range(_TRIES)]
    taken = set(
        RegistrationNumber.objects.filter(number__in=drawn).values_list("number", flat=True)
    )
    return next((number for number in drawn if number not in taken), None)
