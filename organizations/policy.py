"""Decisions about the directory as functions of plain values."""

import re

from organizations.enums import OrganizationKind, OrganizationSize

TIN = re.compile(r"[0-9]{2}-?[0-9]{7}")
OTHER_IDENTIFIER = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}")


def parse_kind(text: str) -> OrganizationKind:
    """The kind written as files and commands write it. Raises ValueError naming the kinds."""
    try:
        return OrganizationKind(text.strip().lower())
    except ValueError:
        kinds = ", ".join(OrganizationKind.values)
        raise ValueError(f"The kind is one of {kinds}.") from None


def normalize_identifier(kind: OrganizationKind, text: str) -> str:
    """The identifier as it is stored: a TIN as nine digits, others in capitals.

    Raises ValueError with text fit for the user. A TIN may start with 00 and keeps its zeros.
    """
    text = text.strip()
    if kind == OrganizationKind.GROUP:
        if not TIN.fullmatch(text):
            raise ValueError("A TIN has nine digits, with or without a dash: 00-0765630.")
        return text.replace("-", "")
    # Some letters become ASCII only in capitals: they are refused, not taken for those.
    if not text.isascii() or not OTHER_IDENTIFIER.fullmatch(text.upper()):
        raise ValueError(
            f"A {kind.identifier_label} has up to 20 letters, digits, dashes or underscores."
        )
    return text.upper()


def show_identifier(kind: str, identifier: str) -> str:
    """The identifier as the guides show it: a TIN with its dash, others as they are."""
    if kind == OrganizationKind.GROUP:
        return f"{identifier[:2]}-{identifier[2:]}"
    return identifier


def parse_size(text: str) -> OrganizationSize | None:
    """The size band written as its value or its label; None for nothing.

    Raises ValueError naming the three bands for anything else.
    """
    text = text.strip().lower()
    if not text:
        return None
    for size in OrganizationSize:
        if text in {size.value, size.label.lower()}:
            return size
    raise ValueError("Give the size as 2-24, 25-99 or 100 or greater.")
