"""Addresses of many rows: the URL configuration is asked once, not for each of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse

_ANY = UUID(int=0)


def addresses_of(view: str, key: str, **others: Any) -> Callable[[UUID], str]:
    """A function that gives the view's address for a value of `key`; `others` stay the same."""
    before, after = reverse(view, kwargs={key: _ANY, **others}).split(str(_ANY))
    return lambda value: f"{before}{value}{after}"
