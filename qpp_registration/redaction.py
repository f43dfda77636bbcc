"""The last defence of the logs: what looks like personal data or a secret is taken out of a text.

Nothing should log such a thing in the first place. What a library writes, or what an exception
quotes, isn't ours to choose.
"""

import re

_KEPT = "uuid"
_PATTERN = re.compile(
    r"""
    (?P<uuid>(?<![\w-])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-]))
    # PostgreSQL quotes rows and keys in this line of an error, which may be shown as one line.
    | (?P<row>DETAIL:.*$)
    | (?P<query>\?[^\s"'<>=?]*=[^\s"'<>]*)
    | (?P<email>[^\s@<>()\[\]{}"'=:;,/\\]{1,100}(?:@|%40)[^\s@<>()\[\]{}"'=:;,/\\]+\.[A-Za-z]{2,})
    # 00-1234567 and (202) 555-0123, however they are written
    | (?P<number>(?<![\w-])\d{2}[-–.\ ]?\d{7}(?![\w-]))
    | (?P<phone>(?<![\w-])(?:\+?1[-.\ ]?)?\(?\d{3}\)?[-.\ ]?\d{3}[-.\ ]?\d{4}(?![\w-]))
    # Session keys, links, signatures: long, of letters and digits
    | (?P<token>(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}(?![\w-]))
    """,
    re.VERBOSE | re.MULTILINE,
)


def redacted(text: str) -> str:
    """The text with e-mails, phones, TINs, query strings, tokens and quoted rows named instead."""
    return _PATTERN.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    kind = str(found.lastgroup)
    return found[0] if kind == _KEPT else f"[{kind}]"
