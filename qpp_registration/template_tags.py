"""What every template can use without loading it."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from qpp_registration import drawn

register = template.Library()
register.simple_tag(drawn.icon, name="icon")
register.simple_tag(drawn.line, name="line")
register.simple_tag(drawn.errors, name="errors")


@register.simple_tag
def piece(template_name: str, **values: Hashable) -> SafeString:
    """What `{% include … only %}` gives, drawn once for each set of values.

    For what depends on nothing but its values, of which there are few: no names of people, and no
    token of a form. While developing it is drawn anew, so that a changed template shows.
    """
    draw = _drawn.__wrapped__ if settings.DEBUG else _drawn
    return draw(template_name, **values)


# `typed`: a text that is safe as it stands equals one that has to be escaped.
@lru_cache(maxsize=500, typed=True)
def _drawn(template_name: str, **values: Hashable) -> SafeString:
    return render_to_string(template_name, values)
