"""Registration IDs: one for an organization, for ever (2022 guide, IV.8)."""

import random

from django.db import IntegrityError, transaction

from organizations.models import Organization
from registrations.models import RegistrationNumber

_random = random.SystemRandom()
_TRIES = 8
_RANGES = ((100_000, 999_999), (1_000_000, 9_999_999))


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
    for lowest, highest in _RANGES:
        for number in _free_numbers(lowest, highest):
            try:
                with transaction.atomic():
                    RegistrationNumber.objects.create(organization=organization, number=number)
            except IntegrityError:
                continue  # somebody else was given it at this very moment
            return number
    raise RuntimeError("No registration ID is free.")


def _free_numbers(lowest: int, highest: int) -> list[int]:
    drawn = [_random.randint(lowest, highest) for _ in range(_TRIES)]
    taken = set(
        RegistrationNumber.objects.filter(number__in=drawn).values_list("number", flat=True)
    )
    return [number for number in drawn if number not in taken]
