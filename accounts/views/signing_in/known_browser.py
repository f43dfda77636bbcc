"""The cookie of a known browser: a random ID, so that others' wrong passwords don't lock it out.

It is no factor: password and code are asked for all the same. It says nothing about the person.
"""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.policy.lock_out import BROWSER_IS_KNOWN

SALT = "known browser"
LIFE = int(BROWSER_IS_KNOWN.total_seconds())


def browser_id(request: HttpRequest) -> str:
    """The ID that this site gave the browser; empty without one, or with one that isn't ours."""
    found = request.get_signed_cookie(
        settings.BROWSER_COOKIE_NAME, default="", salt=SALT, max_age=LIFE
    )
    return found or ""


def new_id() -> str:
    """An ID for a browser that has none."""
    return secrets.token_urlsafe(16)


def keep(response: HttpResponse, browser_id: str) -> None:
    """Give it to the browser, for as long as browsers keep a cookie."""
    response.set_signed_cookie(
        settings.BROWSER_COOKIE_NAME,
        browser_id,
        salt=SALT,
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
