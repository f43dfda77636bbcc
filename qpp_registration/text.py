"""One line of text as people type it: what every form, file and command accepts."""

import unicodedata


def clean_line(text: str) -> str:
    """Normalise (NFC), strip, and refuse what is no plain line of text.

    Raises ValueError with text fit for the user when it holds control characters (line breaks
    and NUL among them) or invisible direction marks.
    """
    if text.isascii() and text.isprintable():  # nearly all there is, and nothing to refuse in it
        return text.strip()
    line = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in line):
        raise ValueError("Remove the line break or invisible character.")
    return line
