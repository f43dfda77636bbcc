"""What a mail of CMS staff to the contacts of a list says."""

from collections.abc import Sequence
from typing import NamedTuple

from registrations.words.letters import QUESTIONS

LISTED = 20  # registrations that a mail names
WHY = "You get this mail because you are a contact of {}:"


class Listed(NamedTuple):
    """A registration that the person is a contact of. The TIN stays out of mail."""

    organization: str
    number: int | None
    year: int

    def __str__(self) -> str:
        known = f"registration ID {self.number}, " if self.number else ""
        return f"{self.organization}, {known}{self.year}"


def body_of(text: str, registrations: Sequence[Listed], total: int) -> str:
    """The text of the mail to somebody who is a contact of so many registrations in all."""
    lines = [f"- {listed}" for listed in registrations[:LISTED]]
    if total > len(lines):
        lines.append(f"- and {total - len(lines):,} more")
    why = WHY.format("this registration" if total == 1 else "these registrations")
    return "\n\n".join([text, "\n".join([why, *lines]), QUESTIONS]) + "\n"
