"""Relative links in the README and in docs/ lead to files, and to headings that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)")


def anchors(text: Path) -> set[str]:
    """The headings of a text, as links name them."""
    headings = re.findall(r"^#+ (.+)$", text.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text.relative_to(ROOT)))
def test_relative_links_lead_somewhere(text: Path) -> None:
    for link in LINK.findall(text.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = text.parent / path if path else text
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_decisions_are_all_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = LINK.findall((folder / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(one.name for one in folder.glob("[0-9]*.md"))
