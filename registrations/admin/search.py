"""What the staff's lists are searched by: beginnings of names and registration IDs.

Never by identifier or e-mail: what is searched for stands in the address.
"""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.admin.lists import any_of
from registrations.models import Contact

LAST = "\U0010ffff"  # sorts behind every letter
MAX_DIGITS = 7


def is_registration_id(text: str) -> bool:
    """Whether it can be one: six or seven digits."""
    return text.isascii() and text.isdecimal() and MAX_DIGITS - 1 <= len(text) <= MAX_DIGITS


def of_organization(rows: QuerySet[Any], text: str, path: str) -> QuerySet[Any]:
    """Rows whose organization's name begins so, or which has that registration ID.

    `path`: the way from the rows to the organization, ending in `__`; empty for organizations.
    """
    text = _one_line(text)
    if is_registration_id(text):
        return rows.filter(**{f"{path}registration_number__number": int(text)})
    return rows.filter(_begins(text, path))


def of_registration(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Enrollments by registration ID, or by the beginning of a name: the organization's in the
    directory or in the registration, or a contact's (first, last, or first and last)."""
    text = _one_line(text)
    if is_registration_id(text):
        return of_organization(rows, text, "registration__organization__")
    first, _, last = text.partition(" ")
    names = Q(last_name__istartswith=text)
    names |= Q(first_name__istartswith=first, last_name__istartswith=last)
    contacts = Contact.objects.filter(names).values("registration")
    own = Q(registration__name__istartswith=text)
    directory = _begins(text, "registration__organization__")
    # What finds most, and by the shortest way, comes first: the others aren't looked at then.
    found = [
        rows.filter(own),
        rows.filter(~own, directory),
        rows.filter(~own, ~directory, registration__in=contacts),
    ]
    return any_of(found, rows)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _begins(text: str, path: str) -> Q:
    """As a range, which an index serves on both databases."""
    folded = text.casefold()
    name = f"{path}search_name"
    return Q(**{f"{name}__gte": folded, f"{name}__lt": folded + LAST})
