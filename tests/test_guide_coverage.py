"""The coverage documents name, for each sentence of a guide, a test that is there and counts."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("guide-coverage.md", "guide-coverage-2022.md")
SECTIONS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
REASON = re.compile(r"Not ours( yet)?: \S.{15,}\.$")
SWITCHED_OFF = {"skip", "skipif", "xfail"}


def rows(document: str) -> Iterator[tuple[str, str, str]]:
    """Section, what the guide asks, and what stands beside it."""
    section = ""
    for line in (ROOT / "docs" / document).read_text().splitlines():
        if heading := re.match(r"## ([IVX]+)\. ", line):
            section = heading[1]
        elif line.startswith("|") and not line.startswith(("|---", "| The guide ")):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == 2, f"not two cells: {line}"
            yield section, cells[0], cells[1]


@cache
def stored_tests(path: str) -> dict[str, bool]:
    """The tests of a file; whether each is sure to run and to count."""
    file = ROOT / path
    if not file.exists():
        return {}
    return {
        node.name: not SWITCHED_OFF & {part for mark in node.decorator_list for part in words(mark)}
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef)
    }


def words(mark: ast.expr) -> set[str]:
    return {node.attr for node in ast.walk(mark) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_section_of_the_guide_is_there(document: str) -> None:
    assert tuple(dict.fromkeys(section for section, _, _ in rows(document))) == SECTIONS


@pytest.mark.parametrize(
    ("document", "section", "asked", "shown"),
    [(document, *row) for document in DOCUMENTS for row in rows(document)],
)
def test_each_sentence_has_a_test_or_a_reason(
    document: str, section: str, asked: str, shown: str
) -> None:
    if REASON.match(shown):
        return
    named = NAMED.findall(shown)
    assert named, f"no test and no reason beside {asked!r}"
    assert NAMED.sub("", shown).strip(" ,") == "", f"something else beside {asked!r}: {shown}"
    for path, name in named:
        assert name in stored_tests(path), f"{path}::{name} doesn't exist"
        assert stored_tests(path)[name], f"{path}::{name} is skipped or expected to fail"
