"""Pieces of pages that are drawn once look as if they were included, each with its own values."""

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

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
