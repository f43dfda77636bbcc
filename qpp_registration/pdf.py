"""Tagged PDF files (PDF/UA-1) from a Typst template and data.

The data goes in as JSON and is set as text; nothing in it is read as markup. No file but template
and fonts is read and no other site is asked.
"""

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst
from django.conf import settings

FONT_FOLDERS = ("static/vendor/uswds/fonts", "static/fonts")
# Controls, halves of characters, line and paragraph separators, and what is no character at all.
NOT_TEXT = {"Cc", "Cn", "Cs", "Zl", "Zp"}

# A compiler serves one thread at a time. So a process makes one file at a time, and the others wait
# for some milliseconds; more at once would not be faster, since the site shares its processors.
_one_at_a_time = Lock()


def make_pdf(template: str, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The PDF that the template makes of the data; the same bytes for the same arguments.

    `template`: a path below `templates/`. `made_at`: the creation date that the file tells; the
    clock is not asked.
    """
    inputs = {"data": json.dumps(_as_text(data), ensure_ascii=False)}
    with _one_at_a_time:
        made = _compiler(template).compile(
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=["ua-1"],
            timestamp=int(made_at.timestamp()),
        )
    if not isinstance(made, bytes):
        raise TypeError("A PDF is one file.")
    return made


@cache
def _compiler(template: str) -> typst.Compiler:
    """A compiler with the project's fonts, made once a process: the fonts are then read once.

    The machine's own fonts are left alone, so that a file looks the same wherever it is made.
    """
    path: Path = settings.BASE_DIR / "templates" / template
    return typst.Compiler(
        str(path),
        root=str(path.parent),
        font_paths=[str(settings.BASE_DIR / folder) for folder in FONT_FOLDERS],
        ignore_system_fonts=True,
    )


def _as_text(value: Any) -> Any:
    """The data with `\N{REPLACEMENT CHARACTER}` for whatever no font and no reader could show."""
    match value:
        case str():
            return "".join(
                "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in NOT_TEXT else letter
                for letter in value
            )
        case Mapping():
            return {key: _as_text(item) for key, item in value.items()}
        case list() | tuple():
            return [_as_text(item) for item in value]
        case _:
            return value
