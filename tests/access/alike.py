"""Answers in a form in which two of them can be compared."""

import re

from django.http import HttpResponse


def without_what_differs(answer: HttpResponse) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers, without the tokens that every answer has of its own."""
    body = re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", answer.content.decode())
    headers = {
        name: re.sub(r"nonce-[^']*", "nonce", value)
        for name, value in answer.headers.items()
        if name not in {"X-Request-ID", "Set-Cookie"}
    }
    return answer.status_code, body, headers
