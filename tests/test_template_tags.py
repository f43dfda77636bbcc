"""What all templates can use: pieces of pages that are drawn once, and which pages are shown."""

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.utils.safestring import mark_safe

from qpp_registration.template_tags import numbers_shown

STATUS = '{% piece "components/status.html" status=status label=label %}'
INCLUDED = '{% include "components/status.html" with status=status label=label only %}'


def draw(source: str, **values: object) -> str:
    return Template(source).render(Context(values))


@pytest.mark.parametrize("status", ["complete", "incomplete", "not_started", "cancelled"])
def test_piece_is_the_same_as_an_include(status: str) -> None:
    for _ in range(2):
        values = {"status": status, "label": "In <order> & well"}
        assert draw(STATUS, **values) == draw(INCLUDED, **values)


def test_text_that_is_safe_doesnt_make_its_equal_safe() -> None:
    label = "<b>Bold</b>"
    assert "<b>Bold</b>" in draw(STATUS, status="complete", label=mark_safe(label))
    assert "<b>" not in draw(STATUS, status="complete", label=label)
    assert "<b>Bold</b>" in draw(STATUS, status="complete", label=mark_safe(label))


def test_piece_sees_nothing_but_its_values() -> None:
    drawn = draw('{% piece "components/footer.html" %}', idle_span="30 minutes")
    assert "signed out" not in drawn


SHEET_TOOLS = (
    '{% piece "registrations/lists/sheet_tools.html" year=2023 product="cahps" kind="group"'
    " is_filtered=True query=query|text has_rows=True csrf_token=token|text %}"
)


def test_texts_are_filled_in_and_escaped_each_time() -> None:
    for query, escaped in (("q=a&status=b", "q=a&amp;status=b"), ('"><b>', "&quot;&gt;&lt;b&gt;")):
        html = draw(SHEET_TOOLS, query=query, token="secret<")
        assert f'?{escaped}"' in html
        assert 'name="csrfmiddlewaretoken" value="secret&lt;"' in html
        assert "secret" not in draw(SHEET_TOOLS, query="q=a", token="other")


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [
        (1, 1, "1"),
        (1, 2, "1 2"),
        (1, 9, "1 2 … 9"),
        (3, 9, "1 2 3 4 … 9"),
        (4, 9, "1 … 3 4 5 … 9"),
        (7, 9, "1 … 6 7 8 9"),
        (9, 9, "1 … 8 9"),
        (200, 400, "1 … 199 200 201 … 400"),
    ],
)
def test_pages_around_this_one_are_shown(number: int, last: int, shown: str) -> None:
    page = Paginator(range(last), 1).get_page(number)
    assert [str(found or "…") for found in numbers_shown(page)] == shown.split()
