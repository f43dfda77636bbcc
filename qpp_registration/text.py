"""Text as people type it: what every form, file and command accepts."""

import re
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


def clean_paragraphs(text: str) -> str:
    """The same for several lines: line breaks stay, as `\\n`, with at most one empty line between.

    Raises ValueError with text fit for the user.
    """
    lines = [clean_line(line.replace("\t", " ")) for line in re.split(r"\r\n|\r|\n", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
