"""A mail as those who compose it give it to those who send it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Subject and text of a mail."""

    subject: str
    body: str
