"""Addresses of pages: of many rows at once, and whole ones for mails."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse

_ANY = UUID(int=0)


def addresses_of(view: str, key: str, **others: Any) -> Callable[[UUID], str]:
    """A function that gives the view's address for a value of `key`; `others` stay the same.

    The URL configuration is asked once, not for each row.
    """
    before, after = reverse(view, kwargs={key: _ANY, **others}).split(str(_ANY))
    return lambda value: f"{before}{value}{after}"


def whole_address(view: str, *keys: object) -> str:
    """The page's address with the host of the setting SITE_URL, whatever host a request named."""
    return f"{settings.SITE_URL}{reverse(view, args=keys)}"
