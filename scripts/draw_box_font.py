"""Draw static/fonts/MissingCharacterBox.ttf: one box that stands for every character there is.

The fonts of the PDF files have Latin, Greek, Cyrillic, Arabic and Hebrew letters. A name in other
letters is drawn as boxes, as a browser without a font does, while the file still holds its text.
The font is in the repository; this is how it was made:

    pip install fonttools && python scripts/draw_box_font.py
"""

from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

FONT = Path(__file__).parent.parent / "static" / "fonts" / "MissingCharacterBox.ttf"
FAMILY = "Missing Character Box"
EM, ASCENT, DESCENT = 1000, 800, -200
WIDTH, HEIGHT, EDGE, PEN = 600, 700, 60, 50
MANY_TO_ONE = 13  # the format of a character map that gives whole ranges one glyph
CHARACTERS = [*range(0x21, 0xD800), *range(0xE000, 0x110000)]


def box() -> Any:
    """An upright rectangle, drawn as an outer and an inner outline."""
    pen = TTGlyphPen(None)
    left, right = EDGE, WIDTH - EDGE
    outer = [(left, 0), (left, HEIGHT), (right, HEIGHT), (right, 0)]
    left, right, top = left + PEN, right - PEN, HEIGHT - PEN
    inner = [(left, PEN), (right, PEN), (right, top), (left, top)]
    for first, *others in (outer, inner):
        pen.moveTo(first)
        for point in others:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def every_character() -> Any:
    """The map that leads from each character to the box."""
    table = CmapSubtable.newSubtable(MANY_TO_ONE)
    table.platformID, table.platEncID = 3, 10  # Windows, all of Unicode
    table.format, table.reserved, table.length, table.language = MANY_TO_ONE, 0, 0, 0
    table.cmap = dict.fromkeys(CHARACTERS, "box")
    return table


def main() -> None:
    """Write the font."""
    font = FontBuilder(EM, isTTF=True)
    font.setupGlyphOrder([".notdef", "box"])
    font.setupGlyf({".notdef": box(), "box": box()})
    font.setupHorizontalMetrics({".notdef": (WIDTH, EDGE), "box": (WIDTH, EDGE)})
    font.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    font.setupNameTable(
        {
            "familyName": FAMILY,
            "styleName": "Regular",
            "uniqueFontIdentifier": FAMILY,
            "fullName": FAMILY,
            "psName": "MissingCharacterBox-Regular",
            "version": "Version 1.0",
        }
    )
    font.setupCharacterMap({0x21: "box"})
    font.setupOS2(
        sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT
    )
    font.setupPost()
    font.font["cmap"].tables.append(every_character())
    font.font["head"].created = font.font["head"].modified = 0
    font.font.recalcTimestamp = False
    font.save(FONT)


if __name__ == "__main__":
    main()
