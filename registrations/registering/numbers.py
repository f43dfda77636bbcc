"""Registration IDs: one for an organization, for ever (2022 guide, IV.8)."""

import random
from collections.abc import Sequence
from uuid import UUID

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


def numbers_of(organizations: Sequence[Organization]) -> dict[UUID, int]:
    """The same for many organizations, by their keys, in a few queries."""
    existing = RegistrationNumber.objects.filter(organization__in=organizations)
    numbers = dict(existing.values_list("organization", "number"))
    without = [organization for organization in organizations if organization.pk not in numbers]
    return numbers | (_give_at_once(without) or {one.pk: number_of(one) for one in without})


def _give_at_once(organizations: Sequence[Organization]) -> dict[UUID, int]:
    """A six-digit number for each; nothing when too few are free, or one was just taken."""
    lowest, highest = _RANGES[0]
    drawn = _random.sample(range(lowest, highest + 1), 2 * len(organizations))
    free = _not_taken(drawn)
    if len(free) < len(organizations):
        return {}
    rows = [
        RegistrationNumber(organization=organization, number=number)
        for organization, number in zip(organizations, free, strict=False)
    ]
    try:
        with transaction.atomic():
            RegistrationNumber.objects.bulk_create(rows)
    except IntegrityError:
        return {}
    return {row.organization_id: row.number for row in rows}


def _free_numbers(lowest: int, highest: int) -> list[int]:
    return _not_taken([_random.randint(lowest, highest) for _ in range(_TRIES)])


def _not_taken(drawn: Sequence[int]) -> list[int]:
    taken = set(
        RegistrationNumber.objects.filter(number__in=drawn).values_list("number", flat=True)
    )
    return [number for number in drawn if number not in taken]
