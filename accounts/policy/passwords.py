"""Which passwords are refused, and why, as functions of plain text.

15 to 128 characters, no rules of composition, spaces kept (NIST SP 800-63B-4, 3.1.1.2). Instead of
a list of long passwords a rule: patterns are taken out, and enough has to be left. What is
left is counted:

* a word of the list of common passwords counts 2, whatever its length;
* what somebody knows who knows the person or the site counts nothing, nor does what stands in the
  password before (aaaa, abcabc, a doubled word), a row of keys, numbers or letters, or a year;
* every other character counts 1; the second of the same space or mark counts nothing.

Of all ways to read a password the one that leaves least counts.
"""

import re
import string
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

SHORTEST = 15  # characters
LONGEST = 128
ENOUGH = 8  # four words of the list, or eight characters that follow no pattern
WORD_COUNTS = 2
SHORTEST_WORD = 4  # of the list
LONGEST_WORD = 40
SHORTEST_KNOWN = 3  # of what is known of site and person
SHORTEST_PATTERN = 3  # repeats and sequences
SHORTEST_WALK = 4  # keys in a line; three are in too many words

SITE_WORDS = frozenset(
    {
        *("qpp", "mips", "cahps", "cms", "apm", "harp", "medicare", "medicaid"),
        *("quality", "payment", "program", "registration", "register", "survey"),
    }
)

COMMON = "a common password"
KNOWN = "a word that others can guess"
REPEAT = "a repeat"
SEQUENCE = "a sequence"
WALK = "a row of keys"
YEAR = "a year"

_MARKS = frozenset(string.whitespace + string.punctuation)
_LOOK_ALIKES = str.maketrans("@401!3$57", "aaoiiesst")
_KEYS = ("1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")  # an American keyboard
_PLACES = {key: (row, place) for row, keys in enumerate(_KEYS) for place, key in enumerate(keys)}
_STEPS = frozenset({(0, -1), (0, 1), (-1, 0), (-1, 1), (1, -1), (1, 0)})  # to the keys that touch


@dataclass(frozen=True)
class Piece:
    """A part of a password: where it ends, what it counts, and what it is (empty: a character)."""

    end: int
    counts: int
    what: str = ""


def normalized(password: str) -> str:
    """The one form (NFC) in which passwords are hashed and compared."""
    return unicodedata.normalize("NFC", password)


def problem(password: str, *, known: Iterable[str], common: Collection[str]) -> str:
    """Why the password is refused, as text for the person; empty when it is good.

    `known`: names, user ID, e-mail and organizations of the person, as they are written. `common`:
    common passwords in small letters.
    """
    password = normalized(password)
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Four words with spaces are enough."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    words = SITE_WORDS | words_of(known)
    # Character by character, so that no text grows: İ has two small ones.
    text = "".join(character.lower()[0] for character in password)
    bare = "".join(character for character in text if character not in _MARKS)
    left, patterns = read(text, known=words, common=common)
    bare_left, bare_patterns = read(bare, known=words, common=common)
    # The marks between p-a-s-s-w-o-r-d hide nothing, but each kind of them counts.
    bare_left += len(set(text) & _MARKS)
    if bare_left < left:
        left, patterns = bare_left, bare_patterns
    if left >= ENOUGH:
        return ""
    return (
        f"Too easy to guess: it is made of {_listed(patterns)}. "
        "Use four or more words that have nothing to do with each other, with you or this site."
    )


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The words in names and addresses that count nothing, in small letters."""
    found = set()
    for text in texts:
        parts = re.findall(r"[^\W_]+", normalized(text).lower())
        found.update(parts)
        found.add("".join(parts))
    return frozenset(word for word in found if len(word) >= SHORTEST_KNOWN)


def read(
    text: str, *, known: Collection[str], common: Collection[str]
) -> tuple[int, dict[str, str]]:
    """What the text is worth, and the patterns in it: what it says by what it is.

    Each place is looked at once, with the longest pattern of each kind that begins there.
    """
    pieces = _pieces(text, known=known, common=common)
    least = [0] * (len(text) + 1)
    chosen: list[Piece] = []
    for start in range(len(text) - 1, -1, -1):
        best = min(pieces[start], key=lambda piece: (piece.counts + least[piece.end], -piece.end))
        least[start] = best.counts + least[best.end]
        chosen.append(best)
    chosen.reverse()
    patterns: dict[str, str] = {}
    place = 0
    while place < len(text):
        piece = chosen[place]
        if piece.what:
            patterns.setdefault(piece.what, text[place : piece.end].strip())
        place = piece.end
    return least[0], patterns


def _pieces(text: str, *, known: Collection[str], common: Collection[str]) -> list[list[Piece]]:
    """For each place of the text what may begin there."""
    alike = text.translate(_LOOK_ALIKES)
    repeats = _repeats(text)
    found = []
    for start, character in enumerate(text):
        counts = character not in _MARKS or character not in text[:start]
        here = [Piece(start + 1, int(counts))]
        for end in _ends(text, alike, start, known, SHORTEST_KNOWN):
            here.append(Piece(end, 0, KNOWN))
        for end in _ends(text, alike, start, common, SHORTEST_WORD):
            here.append(Piece(end, WORD_COUNTS, COMMON))
        if repeats[start] >= SHORTEST_PATTERN:
            here += [
                Piece(end, 0, REPEAT)
                for end in range(start + SHORTEST_PATTERN, start + repeats[start] + 1)
            ]
        if (length := _sequence(text, start)) >= SHORTEST_PATTERN:
            here.append(Piece(start + length, 0, SEQUENCE))
        if (length := _walk(text, start)) >= SHORTEST_WALK:
            here.append(Piece(start + length, 0, WALK))
        if re.match(r"(19|20)\d\d", text[start : start + 4]):
            here.append(Piece(start + 4, 0, YEAR))
        found.append(here)
    return found


def _ends(
    text: str, alike: str, start: int, words: Collection[str], shortest: int
) -> Iterator[int]:
    """Where words of the collection end that begin there, also spelled like p@ssw0rd."""
    for end in range(start + shortest, min(len(text), start + LONGEST_WORD) + 1):
        if text[start:end] in words or alike[start:end] in words:
            yield end


def _repeats(text: str) -> list[int]:
    """For each place the length of the longest text from there on that begins earlier as well."""
    longest = [0] * len(text)
    below = [0] * (len(text) + 1)
    for first in range(len(text) - 1, -1, -1):
        row = [0] * (len(text) + 1)
        for second in range(len(text) - 1, first, -1):
            if text[first] == text[second]:
                row[second] = below[second + 1] + 1
                longest[second] = max(longest[second], row[second])
        below = row
    return longest


def _sequence(text: str, start: int) -> int:
    """The length of a run like 1234, dcba or aaaa from that place on; digits go on after 9."""
    if len(text) - start < SHORTEST_PATTERN:
        return 0
    step = _step(text[start], text[start + 1])
    end = start + 1
    while step is not None and end < len(text) and _step(text[end - 1], text[end]) == step:
        end += 1
    return end - start


def _step(one: str, other: str) -> int | None:
    if one.isdecimal() and other.isdecimal():
        step = (ord(other) - ord(one)) % 10
        return {0: 0, 1: 1, 9: -1}.get(step)
    step = ord(other) - ord(one)
    return step if step in {-1, 0, 1} and one.isalnum() and other.isalnum() else None


def _walk(text: str, start: int) -> int:
    """The length of a straight way over neighbouring keys from that place on, like qwer or 1qaz."""
    end, way = start + 1, None
    while end < len(text):
        here, there = _PLACES.get(text[end - 1]), _PLACES.get(text[end])
        if here is None or there is None:
            break
        step = (there[0] - here[0], there[1] - here[1])
        if step not in _STEPS or way not in {None, step}:
            break
        way = step
        end += 1
    return end - start


def _listed(patterns: dict[str, str]) -> str:
    shown = [f"{what} (“{said}”)" for what, said in patterns.items() if what != REPEAT and said]
    if REPEAT in patterns or not shown:
        shown.append("repeats")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
