"""What every template can use without loading it."""

from collections.abc import Hashable
from functools import lru_cache
from itertools import pairwise

from django import template
from django.core.paginator import Page
from django.utils.safestring import SafeString

from qpp_registration import drawn
from qpp_registration.drawn import DrawnOnce

register = template.Library()
register.simple_tag(drawn.icon, name="icon")
register.simple_tag(drawn.line, name="line")
register.simple_tag(drawn.errors, name="errors")


@register.filter
def numbers_shown(page: Page) -> list[int | None]:
    """The pages that a list leads to: the first, the last and those around this one; None for
    those between."""
    last = page.paginator.num_pages
    around = {page.number - 1, page.number, page.number + 1} - {0, last + 1}
    shown = sorted({1, last} | around)
    numbers: list[int | None] = [1]
    for before, number in pairwise(shown):
        numbers += [number] if number == before + 1 else [None, number]
    return numbers


@register.filter
def counted(number: int) -> str:
    """How many there are of something: `1,234`. Years and IDs aren't counted."""
    return f"{number:,}"


class Text(str):
    """What is filled in where a piece has its blank of that name."""


@register.filter
def text(value: object) -> Text:
    """Mark a value of a piece as one that is only shown, and isn't decided by."""
    return Text(value)


@register.simple_tag
def piece(template_name: str, **values: Hashable) -> SafeString:
    """What `{% include … only %}` gives, drawn once for each set of values but those that are
    `|text`: these are filled in.

    For what depends on nothing but its values. Of those there have to be few; names of people,
    tokens and numbers are texts.
    """
    texts = {name: value for name, value in values.items() if isinstance(value, Text)}
    others = {name: value for name, value in values.items() if name not in texts}
    return _drawing(template_name, tuple(texts), **others).fill(**texts)


# `typed`: a text that is safe as it stands equals one that has to be escaped.
@lru_cache(maxsize=500, typed=True)
def _drawing(template_name: str, texts: tuple[str, ...], /, **values: Hashable) -> DrawnOnce:
    return DrawnOnce(template_name, lambda blank: values | {name: blank(name) for name in texts})
